import type { EnsembleResult } from '../pipeline.ts';
import type { ScalingResult } from '../reduce/scaling.ts';
import type { FiniteSizeValues } from './finite-size-parameters.ts';
import type { CracklingValues } from './parameters.ts';
import type { BlockedStatistics } from './reducer.ts';

type Cutoffs = Pick<CracklingValues, 'durationMin' | 'durationMax' | 'sizeMin' | 'sizeMax'>;

/** Mean size ⟨S⟩ at the duration nearest to D; undefined where there are no avalanches. */
export function sizeAt(scaling: ScalingResult, duration: number): number | undefined {
  let nearest = 0;
  scaling.duration.forEach((d, i) => {
    if (Math.abs(d - duration) < Math.abs(scaling.duration[nearest]! - duration)) nearest = i;
  });
  const size = scaling.meanSize[nearest];
  return size !== undefined && size > 0 && size < Infinity ? size : undefined;
}

/**
 * Cutoffs of fits that widths can be compared by. ⟨S⟩(D) is no pure power: its local slope depends on D/N (γ crosses over, arXiv:2512.00168), and so does what
 * a fit finds on a window of its own choice. So durations are taken from `windowMin` to `windowEnd`·N, and sizes between the
 * mean sizes of those durations. Cutoffs that are given stay.
 */
export function scaledWindow(
  { ensemble, result }: EnsembleResult<BlockedStatistics>,
  values: FiniteSizeValues,
): Cutoffs {
  const { durationMin, durationMax, sizeMin, sizeMax } = values;
  if (values.window === 'found') return { durationMin, durationMax, sizeMin, sizeMax };
  const least = durationMin ?? values.windowMin;
  const most =
    durationMax ?? Math.max(least + 1, Math.min(Math.round(values.windowEnd * ensemble.width), ensemble.depth - 1));
  const { scaling } = result.all;
  return {
    durationMin: least,
    durationMax: most,
    sizeMin: sizeMin ?? sizeAt(scaling, least) ?? null,
    sizeMax: sizeMax ?? sizeAt(scaling, most) ?? null,
  };
}
