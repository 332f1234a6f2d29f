import { BackendError, ParameterError } from '../error.ts';
import { webAssembly } from './webassembly.ts';

/** Which build of the kernels is in use; results of different variants agree to rounding. */
export type KernelVariant = 'relaxed-simd' | 'simd' | 'reference';

const variants: readonly KernelVariant[] = ['relaxed-simd', 'simd', 'reference'];

/** A module of one function that calls f32x4.relaxed_madd. */
// biome-ignore format: bytes by section
const probe = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b,
  0x03, 0x02, 0x01, 0x00,
  0x0a, 0x13, 0x01, 0x11, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x85, 0x02, 0x0b,
);
const relaxed = webAssembly.validate(probe);

/**
 * The variant of this process: relaxed SIMD (fused multiply-add) where the engine has it, else plain SIMD. The environment variable
 * CRACKLE_KERNEL chooses by name, `reference` being the plain TypeScript kernels where there are any.
 * @throws ParameterError for an unknown name; BackendError for relaxed SIMD where it isn't to be had
 */
export function kernelVariant(): KernelVariant {
  const wanted = process.env.CRACKLE_KERNEL;
  if (wanted === undefined || wanted === '') return relaxed ? 'relaxed-simd' : 'simd';
  const variant = variants.find((name) => name === wanted);
  if (variant === undefined)
    throw new ParameterError(`CRACKLE_KERNEL must be one of ${variants.join(', ')}, got ${wanted}`);
  if (variant === 'relaxed-simd' && !relaxed) {
    throw new BackendError(
      `Node ${process.version} has no relaxed SIMD; it needs Node 22, or --experimental-wasm-relaxed-simd`,
    );
  }
  return variant;
}
