import { chooseBackend } from './choose.ts';
import type { Backend } from './layers.ts';
import { simdBackend } from './simd-layers.ts';
import { tensorBackend } from './tensor-layers.ts';

/** A numerical backend for dense networks; names and errors as {@link chooseBackend} has them. */
export async function openBackend(name: string): Promise<Backend> {
  const { name: chosen, tensors } = await chooseBackend(name);
  return tensors === undefined ? simdBackend : tensorBackend(chosen, tensors);
}
