import { ParameterError } from '../error.ts';
import { type WeightedLine, weightedLine } from '../numeric/weighted-line.ts';

/** Sizes by duration, ascending: what the `scaling` reducer returns. All arrays have the same length. */
export interface SizesByDuration {
  readonly duration: Float64Array;
  readonly count: Float64Array;
  readonly meanSize: Float64Array;
  readonly meanLogSize: Float64Array;
  /** Unbiased variance of ln S. */
  readonly varLogSize: Float64Array;
  /** ⟨ln D⟩ where an entry covers several durations; ln D otherwise. */
  readonly logDuration?: Float64Array;
}

export interface ScalingRange {
  /** Durations least ≤ D ≤ most take part; default all. */
  readonly least?: number;
  readonly most?: number;
}

export interface ScalingFit {
  /** γ of ⟨S⟩(D) ~ D^γ. */
  readonly gamma: number;
  /** From the weights: right where the scaling law is. */
  readonly standardError: number;
  /** The error above times √(χ²/ν) where that exceeds 1: allows for the law being only approximate. */
  readonly scaledError: number;
  readonly line: WeightedLine;
  /** Durations that took part. */
  readonly points: number;
}

/**
 * Weighted least squares of ⟨ln S⟩ against ln D, weights n_D/var(ln S | D); durations with at least 2 avalanches only.
 * @throws ParameterError where fewer than 2 durations remain
 */
export function fitScaling(sizes: SizesByDuration, range: ScalingRange = {}): ScalingFit {
  return fitLine(sizes, range, sizes.meanLogSize, (n, variance) => n / variance);
}

/**
 * The same of ln⟨S⟩. Its variance is taken as (e^v − 1)/n_D with v = var(ln S | D), which holds for lognormal sizes and,
 * to first order in v, for any.
 */
export function fitMeanScaling(sizes: SizesByDuration, range: ScalingRange = {}): ScalingFit {
  return fitLine(sizes, range, sizes.meanSize.map(Math.log), (n, variance) => n / Math.expm1(variance));
}

function fitLine(
  sizes: SizesByDuration,
  { least = 1, most = Infinity }: ScalingRange,
  y: Float64Array,
  weigh: (n: number, variance: number) => number,
): ScalingFit {
  const { duration, count, varLogSize } = sizes;
  const logDuration = sizes.logDuration ?? duration.map(Math.log);
  const weight = duration.map((d, i) => {
    const usable = d >= least && d <= most && count[i]! >= 2 && varLogSize[i]! > 0 && Number.isFinite(y[i]!);
    return usable ? weigh(count[i]!, varLogSize[i]!) : 0;
  });
  const line = weightedLine(logDuration, y, weight);
  const points = line.degreesOfFreedom + 2;
  if (points < 2) {
    throw new ParameterError(
      `a scaling fit needs at least 2 durations from ${least} to ${most} with 2 avalanches each, got ${points}`,
    );
  }
  const excess = points > 2 ? Math.sqrt(Math.max(1, line.chiSquare / line.degreesOfFreedom)) : 1;
  return { gamma: line.slope, standardError: line.slopeError, scaledError: line.slopeError * excess, line, points };
}
