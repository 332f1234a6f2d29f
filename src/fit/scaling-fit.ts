import { ParameterError } from '../error.ts';
import { type WeightedLine, weightedLine } from '../numeric/weighted-line.ts';

/** Sizes by duration, ascending: what the `scaling` reducer returns. All arrays have the same length. */
export interface SizesByDuration {
  readonly duration: Float64Array;
  /** Avalanches in ⟨S⟩. */
  readonly count: Float64Array;
  /** Avalanches in ⟨ln S⟩: those with a size > 0. */
  readonly logCount: Float64Array;
  readonly meanSize: Float64Array;
  /** Unbiased variance of S. */
  readonly varSize: Float64Array;
  readonly meanLogSize: Float64Array;
  /** Unbiased variance of ln S. */
  readonly varLogSize: Float64Array;
  /** ⟨ln D⟩ where an entry covers several durations; ln D otherwise. */
  readonly logDuration?: Float64Array;
}

/** Durations that take part in a fit. */
export interface ScalingRange {
  /** Durations least ≤ D ≤ most take part; default all. */
  readonly least?: number;
  readonly most?: number;
}

/** The exponent γ of mean size by duration. */
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

/** What is fitted against ln D: ln⟨S⟩ (`ln-mean`) or ⟨ln S⟩ (`mean-ln`). */
export type ScalingOf = 'ln-mean' | 'mean-ln';
export const scalingKinds: readonly ScalingOf[] = ['ln-mean', 'mean-ln'];

/** Weights of the points: inverse variances of what is fitted (`own`), or n_D/var(ln S | D) whatever is fitted (`log`). */
export type ScalingWeights = 'own' | 'log';
export const scalingWeightKinds: readonly ScalingWeights[] = ['own', 'log'];

/** How γ is fitted to mean sizes by duration. */
export interface ScalingOptions extends ScalingRange {
  /** Default `ln-mean`: a single tiny excess can't rule a mean. */
  readonly of?: ScalingOf;
  /** Default `own`. */
  readonly weights?: ScalingWeights;
  /** Durations with fewer avalanches are left out; default 2, at least 2. */
  readonly leastCount?: number;
}

/**
 * γ of ⟨S⟩(D) ~ D^γ by weighted least squares of ln⟨S⟩, or ⟨ln S⟩, against ln D; durations with at least `leastCount` avalanches only.
 *
 * The variance of ln⟨S⟩ is var(S | D)/(n_D ⟨S⟩²) (delta method), that of ⟨ln S⟩ is var(ln S | D)/n_D: with weights `own` the error of γ and
 * χ² are right. The text of arXiv:2509.22649 weighs by n_D/var(ln S | D), its authors' code does so for ln⟨S⟩ too: weights `log`.
 * @throws ParameterError where fewer than 2 durations remain
 */
export function fitScaling(sizes: SizesByDuration, options: ScalingOptions = {}): ScalingFit {
  const { least = 1, most = Infinity, of = 'ln-mean', weights = 'own', leastCount = 2 } = options;
  const { duration, meanSize, varSize, varLogSize } = sizes;
  const means = of === 'ln-mean';
  const y = means ? meanSize.map(Math.log) : sizes.meanLogSize;
  const count = means ? sizes.count : sizes.logCount;
  // As a ratio first, so that squares of tiny or huge sizes neither vanish nor overflow here.
  const ownVariance = (i: number): number => (means ? varSize[i]! / meanSize[i]! / meanSize[i]! : varLogSize[i]!);
  const variance = weights === 'log' ? (i: number) => varLogSize[i]! : ownVariance;
  const logDuration = sizes.logDuration ?? duration.map(Math.log);
  const weight = duration.map((d, i) => {
    const v = variance(i);
    const usable =
      d >= least &&
      d <= most &&
      count[i]! >= Math.max(2, leastCount) &&
      v > 0 &&
      v < Infinity &&
      Number.isFinite(y[i]!);
    return usable ? count[i]! / v : 0;
  });
  const line = weightedLine(logDuration, y, weight);
  const points = line.degreesOfFreedom + 2;
  if (points < 2) {
    throw new ParameterError(
      `a scaling fit needs at least 2 durations from ${least} to ${most} with ${Math.max(2, leastCount)} avalanches each, got ${points}`,
    );
  }
  const excess = points > 2 ? Math.sqrt(Math.max(1, line.chiSquare / line.degreesOfFreedom)) : 1;
  return { gamma: line.slope, standardError: line.slopeError, scaledError: line.slopeError * excess, line, points };
}
