import { weightedLine } from '../../numeric/weighted-line.ts';

/** Mean sizes by duration, ascending. */
export interface MeanSizes {
  readonly duration: Float64Array;
  readonly count: Float64Array;
  readonly meanSize: Float64Array;
}

/** Durations within this factor tell the mean size at one. */
const reach = 1.5;

/**
 * ⟨S⟩(D), smoothed: the line of ln⟨S⟩ against ln D through durations from D/1.5 to 1.5·D, each as heavy as its avalanches are many. A single
 * duration has too few of them for a cutoff that other samples share. The mean size of the nearest duration where there is no line; NaN
 * without durations.
 */
export function meanSizeAt({ duration, count, meanSize }: MeanSizes, d: number): number {
  const x: number[] = [];
  const y: number[] = [];
  const weight: number[] = [];
  let nearest = 0;
  for (let i = 0; i < duration.length; i++) {
    if (Math.abs(duration[i]! - d) < Math.abs(duration[nearest]! - d)) nearest = i;
    if (duration[i]! * reach < d || duration[i]! > d * reach || !(meanSize[i]! > 0)) continue;
    x.push(Math.log(duration[i]! / d));
    y.push(Math.log(meanSize[i]!));
    weight.push(count[i]!);
  }
  const { intercept } = weightedLine(x, y, weight);
  return Number.isNaN(intercept) ? (meanSize[nearest] ?? Number.NaN) : Math.exp(intercept);
}
