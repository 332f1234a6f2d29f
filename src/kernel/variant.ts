import { BackendError, ParameterError } from '../error.ts';
import { webAssembly } from '../numeric/webassembly.ts';

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

/** A module whose function `f(a, b, c)` is a lane of f32x4.relaxed_madd. */
// biome-ignore format: bytes by section
const laneProbe = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  0x01, 0x08, 0x01, 0x60, 0x03, 0x7d, 0x7d, 0x7d, 0x01, 0x7d,
  0x03, 0x02, 0x01, 0x00,
  0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00,
  0x0a, 0x16, 0x01, 0x14, 0x00, 0x20, 0x00, 0xfd, 0x13, 0x20, 0x01, 0xfd, 0x13, 0x20, 0x02, 0xfd, 0x13, 0xfd, 0x85, 0x02,
  0xfd, 0x1f, 0x00, 0x0b,
);

/** Whether relaxed_madd rounds once: it may round twice, as on a processor without fused multiply-add. */
function isFused(): boolean {
  const { exports } = new webAssembly.Instance(new webAssembly.Module(laneProbe), {});
  const { f } = exports as { f: (a: number, b: number, c: number) => number };
  // (1 + 2⁻¹²)² = 1 + 2⁻¹¹ + 2⁻²⁴, of which float32 keeps no 2⁻²⁴.
  return f(1 + 2 ** -12, 1 + 2 ** -12, -(1 + 2 ** -11)) !== 0;
}

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
    throw new ParameterError(`CRACKLE_KERNEL must be one of ${variants.join(', ')}, got '${wanted}'`);
  if (variant === 'relaxed-simd' && !relaxed) {
    throw new BackendError(
      `Node ${process.version} has no relaxed SIMD; it needs Node 22, or --experimental-wasm-relaxed-simd`,
    );
  }
  return variant;
}

/**
 * The variant of this process, and how it rounds where that is the processor's affair: runs whose names agree here agree to the last bit.
 * Errors as in {@link kernelVariant}.
 */
export function kernelArithmetic(): string {
  const variant = kernelVariant();
  return variant === 'relaxed-simd' && !isFused() ? 'relaxed-simd-unfused' : variant;
}
