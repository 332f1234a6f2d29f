import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackendError } from '../error.ts';
import { webAssembly } from '../numeric/webassembly.ts';
import { packageRoot } from '../schema/package-root.ts';
import { type KernelVariant, kernelVariant } from './variant.ts';

/** WebAssembly memory of 32-bit addresses, less a page. */
export const largestMemory = 2 ** 32 - 2 ** 16;

/** Memory of a kernel. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/**
 * Makes room for so many bytes in all.
 * @param what they are, for the message
 * @throws RangeError where the machine can't give that much memory (4 GiB at most)
 */
export function growTo(memory: KernelMemory, bytes: number, what: string): ArrayBuffer {
  if (bytes > largestMemory) throw new RangeError(`${what} of ${bytes} bytes are more than WebAssembly's 4 GiB`);
  const pages = Math.ceil((bytes - memory.buffer.byteLength) / 2 ** 16);
  if (pages > 0) memory.grow(pages);
  return memory.buffer;
}

const modules = new Map<string, object>();

function compiled(name: string, variant: KernelVariant): object {
  const file = variant === 'relaxed-simd' ? `${name}.relaxed.wasm` : `${name}.wasm`;
  let module = modules.get(file);
  if (module === undefined) {
    const path = join(packageRoot, 'dist/kernel', file);
    if (!existsSync(path)) throw new BackendError(`kernel ${path} is missing; build it with \`npm run build\``);
    module = new webAssembly.Module(readFileSync(path));
    modules.set(file, module);
  }
  return module;
}

/**
 * A fresh instance, with a memory of its own, of a kernel of `assembly/`; the module is compiled once a thread.
 * @throws BackendError where the kernel hasn't been built
 */
export function instantiate(
  name: string,
  imports: Record<string, unknown> = {},
  variant: KernelVariant = kernelVariant(),
): object {
  return new webAssembly.Instance(compiled(name, variant), imports).exports;
}
