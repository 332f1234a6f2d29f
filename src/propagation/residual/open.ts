import { chooseBackend } from '../backend/choose.ts';
import type { ResidualBackend } from './network.ts';
import { simdResidual } from './simd.ts';
import { tensorResidual } from './tensor.ts';

/** A numerical backend for residual networks; names and errors as {@link chooseBackend} has them. */
export async function openResidualBackend(name: string): Promise<ResidualBackend> {
  const { name: chosen, tensors } = await chooseBackend(name);
  return tensors === undefined ? simdResidual : tensorResidual(chosen, tensors);
}
