import { ParameterError } from '../error.ts';
import { createStream } from '../numeric/random.ts';
import { drawCounts } from './bootstrap-cells.ts';
import { type CutoffOptions, chooseTail } from './fit-power-law.ts';
import { type OrderedSample, orderSample, type Sample } from './ordered-sample.ts';
import { exponentOf } from './power-law.ts';

/** Data to be drawn from again: plain arrays, so that they cross threads. */
export interface ResamplePlan {
  readonly discrete: boolean;
  readonly options: CutoffOptions;
  readonly position: Float64Array;
  /** Upper edges and mean ln x of groups; null for values. */
  readonly groups: { readonly upper: Float64Array; readonly meanLog: Float64Array } | null;
  readonly count: Float64Array;
}

/** Names the draws of this room among the keys of random streams. */
const purpose = 0x64726177;

export function planResampling(sample: OrderedSample, options: CutoffOptions): ResamplePlan {
  const { discrete, position, upper, countFrom, sumLogFrom } = sample;
  const count = position.map((_, j) => countFrom[j]! - countFrom[j + 1]!);
  const meanLog = position.map((_, j) => (sumLogFrom[j]! - sumLogFrom[j + 1]!) / count[j]!);
  return { discrete, options, position, groups: upper === null ? null : { upper, meanLog }, count };
}

/**
 * Exponent and lower cutoff of as many values drawn from the data with replacement, cutoffs found again where they were found: their spread over
 * repetitions is an error that includes the choice of the cutoffs. Depends on nothing but (plan, seed, i). NaN where no draw allows a fit.
 */
export function resampled(plan: ResamplePlan, seed: number, i: number): { exponent: number; xmin: number } {
  const { discrete, options, position, groups, count } = plan;
  const n = count.reduce((sum, c) => sum + c, 0);
  for (let attempt = 0; attempt < 20; attempt++) {
    const drawn = drawCounts(createStream(seed, purpose, i, attempt), n, count);
    const sample: Sample =
      groups === null
        ? { value: position, count: drawn }
        : {
            discrete,
            lower: position,
            upper: groups.upper,
            count: drawn,
            sumLog: drawn.map((c, j) => c * groups.meanLog[j]!),
          };
    try {
      const tail = chooseTail(orderSample(sample, groups === null ? discrete : undefined), options);
      return { exponent: exponentOf(tail), xmin: tail.xmin };
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
    }
  }
  return { exponent: Number.NaN, xmin: Number.NaN };
}
