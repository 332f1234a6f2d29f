import { ParameterError } from '../error.ts';
import { logLinear } from '../numeric/log-linear.ts';
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
  /** What was fitted. */
  readonly of: ScalingOf;
  /** γ of ⟨S⟩(D) ~ D^γ. */
  readonly gamma: number;
  /** For independent avalanches: right where the scaling law is. */
  readonly standardError: number;
  /** The error above times √(χ²/ν) where that exceeds 1: allows for the law being only approximate. */
  readonly scaledError: number;
  /** Of ln⟨S⟩, or ⟨ln S⟩, against ln D; weights `own` are in units of the variance that all durations have in common. */
  readonly line: WeightedLine;
  /** Durations that took part. */
  readonly points: number;
}

/** What is fitted against ln D: ln⟨S⟩ (`ln-mean`) or ⟨ln S⟩ (`mean-ln`). */
export type ScalingOf = 'ln-mean' | 'mean-ln';
export const scalingKinds: readonly ScalingOf[] = ['ln-mean', 'mean-ln'];

/** Weights: each avalanche as much as any other (`own`), or n_D/var(ln S | D) for a duration (`log`). */
export type ScalingWeights = 'own' | 'log';
export const scalingWeightKinds: readonly ScalingWeights[] = ['own', 'log'];

/** How γ is fitted to mean sizes by duration. */
export interface ScalingOptions extends ScalingRange {
  /** Default `ln-mean`: a single tiny excess can't rule a mean. */
  readonly of?: ScalingOf;
  /** Default `own`. */
  readonly weights?: ScalingWeights;
  /** Durations with fewer avalanches are left out; default 1, with weights `log` 2 and at least 2. */
  readonly leastCount?: number;
}

/**
 * γ of ⟨S⟩(D) ~ D^γ.
 *
 * With weights `own` γ is where S/D^γ is no longer correlated with ln D, Σ (S·D^−γ/A − 1) = Σ (S·D^−γ/A − 1)·ln D = 0 over all avalanches of the
 * range: quasi-likelihood where var(S | D)/⟨S⟩² is the same for all durations, as it is where sizes scale. It needs no variance of a few sizes,
 * which goes with their mean (by n⟨S⟩²/var as the weight of ln⟨S⟩ γ comes out low by a standard error and more), and
 * no logarithm of a mean, so that durations of a single avalanche take part as they are. For ⟨ln S⟩ it is least squares over avalanches.
 *
 * The text of arXiv:2509.22649 weighs ln⟨S⟩ or ⟨ln S⟩ of a duration by n_D/var(ln S | D), its authors' code does so for ln⟨S⟩: weights `log`.
 * @throws ParameterError where fewer than 2 durations remain, or sizes are a power of the duration to the last digits
 */
export function fitScaling(sizes: SizesByDuration, options: ScalingOptions = {}): ScalingFit {
  return (options.weights ?? 'own') === 'own' ? overAvalanches(sizes, options) : overDurations(sizes, options);
}

/** Durations that take part: how many avalanches each has, and mean and variance of what is fitted. */
function taken(sizes: SizesByDuration, { least = 1, most = Infinity, of = 'ln-mean' }: ScalingOptions, fewest: number) {
  const { duration, logDuration } = sizes;
  const means = of === 'ln-mean';
  const count = means ? sizes.count : sizes.logCount;
  const mean = means ? sizes.meanSize : sizes.meanLogSize;
  const rows: number[] = [];
  for (let i = 0; i < duration.length; i++) {
    const inside = duration[i]! >= least && duration[i]! <= most && count[i]! >= fewest;
    if (inside && Number.isFinite(mean[i]!) && !(means && mean[i]! < 0)) rows.push(i);
  }
  const column = (values: Float64Array): Float64Array => {
    const out = new Float64Array(rows.length);
    for (let i = 0; i < out.length; i++) out[i] = values[rows[i]!]!;
    return out;
  };
  return {
    means,
    x: logDuration === undefined ? column(duration).map(Math.log) : column(logDuration),
    count: column(count),
    mean: column(mean),
    variance: column(means ? sizes.varSize : sizes.varLogSize),
    rows,
  };
}

const tooFew = ({ least = 1, most = Infinity }: ScalingOptions, fewest: number, got: number): ParameterError =>
  new ParameterError(
    `a scaling fit needs at least 2 durations from ${least} to ${most} with ${fewest} avalanches each, got ${got}`,
  );

/** Relative variances from here on aren't those of rounding. */
const roundings = 1e-24;

function overAvalanches(sizes: SizesByDuration, options: ScalingOptions): ScalingFit {
  const fewest = Math.max(1, options.leastCount ?? 1);
  const { means, x, count, mean, variance } = taken(sizes, options, fewest);
  const { slope, intercept } = means ? logLinear(x, mean, count) : weightedLine(x, mean, count);
  if (Number.isNaN(slope)) throw tooFew(options, fewest, x.length);
  let avalanches = 0;
  let centre = 0;
  for (let i = 0; i < x.length; i++) {
    avalanches += count[i]!;
    centre += (count[i]! / avalanches) * (x[i]! - centre);
  }
  // In units of the fitted mean for S, as they are for ln S.
  const response = new Float64Array(x.length);
  let about = 0;
  let leverage = 0;
  let sandwiched = 0;
  for (let i = 0; i < x.length; i++) {
    const n = count[i]!;
    const fitted = intercept + slope * x[i]!;
    const unit = means ? Math.exp(-fitted) : 1;
    const left = means ? mean[i]! * unit - 1 : mean[i]! - fitted;
    response[i] = fitted + left;
    const own = n > 1 ? (n - 1) * (Math.sqrt(variance[i]!) * unit) ** 2 : 0;
    const squares = own + n * left * left;
    const off = (x[i]! - centre) ** 2;
    about += squares;
    leverage += n * off;
    sandwiched += off * squares;
  }
  if (!(about > roundings * avalanches)) {
    throw new ParameterError('a scaling fit needs sizes that vary about a power of the duration');
  }
  const free = avalanches - 2;
  const line = weightedLine(
    x,
    response,
    count.map((n) => (n * free) / about),
  );
  const standardError = Math.sqrt((sandwiched * avalanches) / free) / leverage;
  return {
    of: options.of ?? 'ln-mean',
    gamma: slope,
    standardError,
    scaledError: standardError * excess(line),
    line,
    points: x.length,
  };
}

function overDurations(sizes: SizesByDuration, options: ScalingOptions): ScalingFit {
  const fewest = Math.max(2, options.leastCount ?? 2);
  const { means, x, count, mean, rows } = taken(sizes, options, fewest);
  const y = means ? mean.map(Math.log) : mean;
  const weight = count.map((n, i) => {
    const v = sizes.varLogSize[rows[i]!]!;
    return v > 0 && v < Infinity && Number.isFinite(y[i]!) ? n / v : 0;
  });
  const line = weightedLine(x, y, weight);
  const points = line.degreesOfFreedom + 2;
  if (points < 2) throw tooFew(options, fewest, points);
  const { slope, slopeError } = line;
  return {
    of: options.of ?? 'ln-mean',
    gamma: slope,
    standardError: slopeError,
    scaledError: slopeError * excess(line),
    line,
    points,
  };
}

const excess = ({ chiSquare, degreesOfFreedom }: WeightedLine): number =>
  degreesOfFreedom > 0 ? Math.sqrt(Math.max(1, chiSquare / degreesOfFreedom)) : 1;
