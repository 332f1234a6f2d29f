import type { Ensemble } from '../../../src/network/ensemble.ts';
import { effective } from '../../../src/propagation/effective.ts';
import { readIds } from '../../../src/schema/int64.ts';

/** Strengths of perturbations 0, 1, …: up to the first below the threshold, or through all layers. */
export interface Recorded {
  readonly threshold: number;
  /** Where a perturbation's strengths begin, and behind the last one's. */
  readonly from: Int32Array;
  readonly strengths: Float32Array;
  /** Perturbations that made avalanches which ended. */
  readonly valid: number;
}

/** Strengths as a processor's engine draws them. */
export function recorded(ensemble: Ensemble, perturbations: number): Recorded {
  const ids = Float64Array.from({ length: perturbations }, (_, id) => id);
  const floor = ensemble.inputStrength;
  const threshold = Math.fround(floor);
  const rows: number[][] = Array.from(ids, () => []);
  const windows = effective.propagate(ids, {
    ensemble,
    seed: 1,
    observable: 'pre-activation',
    floor,
    windowRows: 65_536,
  });
  for (const { perturbation, strength } of windows as Iterable<{
    perturbation: BigInt64Array;
    strength: Float32Array;
  }>) {
    readIds(perturbation).forEach((id, row) => {
      rows[id]!.push(strength[row]!);
    });
  }
  const from = new Int32Array(perturbations + 1);
  rows.forEach((some, id) => {
    from[id + 1] = from[id]! + some.length;
  });
  const valid = rows.filter((some) => some.length > 1 && some.at(-1)! < threshold).length;
  return { threshold, from, strengths: Float32Array.from(rows.flat()), valid };
}
