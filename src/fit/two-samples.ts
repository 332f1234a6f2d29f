import { ParameterError } from '../error.ts';
import { chiSquareSurvival, twoSidedP } from '../numeric/log-probability.ts';
import { type CutoffOptions, chooseTail } from './fit-power-law.ts';
import { jackknife } from './jackknife.ts';
import { type OrderedSample, orderSample } from './ordered-sample.ts';
import { permutedDistance } from './permuted-distance.ts';
import { estimatePowerLaw, exponentOf, type PowerLawEstimate } from './power-law.ts';
import { cutTail, type Tail } from './tail.ts';

/** Two samples to be compared, and how. */
export interface TwoSampleOptions extends CutoffOptions {
  /** Whether values are integers; default false. */
  readonly discrete?: boolean;
  /** What is independent, a name for each value of either sample; default: every value. Names of the two samples have nothing to do with each other. */
  readonly blocks?: readonly [ArrayLike<unknown>, ArrayLike<unknown>];
  /** Permutations of the Kolmogorov–Smirnov test; default 1000. */
  readonly permutations?: number;
  /** Of the permutations; default 1. */
  readonly seed?: number;
}

/** One of the two samples, fitted between the common cutoffs. */
export interface ComparedSample {
  readonly exponent: number;
  /** From the Fisher information; of blocks by the jackknife over them. */
  readonly standard_error: number;
  readonly n: number;
  readonly n_tail: number;
  /** Blocks that have values between the cutoffs; null where every value is independent. */
  readonly blocks: number | null;
}

/** What two samples come to: the keys of `crackle fit --against --json`. */
export interface TwoSampleReport {
  readonly discrete: boolean;
  readonly xmin: number;
  readonly xmax: number | null;
  readonly samples: readonly [ComparedSample, ComparedSample];
  /** Exponent of the second less that of the first. */
  readonly difference: number;
  readonly difference_error: number;
  readonly z: number;
  /** Of the difference: two-sided, by the normal law. */
  readonly p_value: number;
  /** Of both samples together. */
  readonly common_exponent: number;
  readonly common_error: number;
  /** 2 (ln L of two exponents − ln L of a common one). */
  readonly likelihood_ratio: number;
  /** By χ² of one degree of freedom; null where values of a block may go together. */
  readonly likelihood_ratio_p: number | null;
  /** Kolmogorov–Smirnov distance of the two samples between the cutoffs. */
  readonly ks: number;
  /** By permutations of what is independent. */
  readonly ks_p_value: number;
  readonly permutations: number;
}

/** Fewest blocks of a sample: of 4 and 4 there are 70 ways to choose the first four, and p can be 0.03. */
const leastBlocks = 4;

/**
 * Whether the power laws of two samples differ, and whether the samples are of one law between common cutoffs, whatever that is: the difference of exponents
 * with its error, the likelihood of one exponent against two, and a two-sample Kolmogorov–Smirnov test by permutations. Cutoffs that aren't given are found for each sample by
 * itself; common are the larger of the lower and the smaller of the upper ones.
 * @throws ParameterError where a sample allows no fit there, or has too few blocks
 */
export function compareSamples(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { discrete = false, blocks, permutations = 1000, seed = 1, ...cutoffs }: TwoSampleOptions = {},
): TwoSampleReport {
  if (!(Number.isInteger(permutations) && permutations > 0)) {
    throw new ParameterError(`permutations must be a positive integer, got ${permutations}`);
  }
  const ordered = [a, b].map((values) => orderSample(values, discrete)) as [OrderedSample, OrderedSample];
  const [one, other] = ordered.map((sample) => chooseTail(sample, cutoffs)) as [Tail, Tail];
  const xmin = Math.max(one.xmin, other.xmin);
  const xmax = Math.min(one.xmax, other.xmax);
  if (!(xmax > xmin)) {
    throw new ParameterError(
      `the two samples have no range in common: one is fitted from ${one.xmin} to ${one.xmax}, the other from ${other.xmin} to ${other.xmax}`,
    );
  }
  const inside = [a, b].map((values, s) => blocked(values, blocks?.[s], xmin, xmax)) as [Blocked, Blocked];
  const fits = ordered.map((sample, s) => measured(cutTail(sample, xmin, xmax), blocks && inside[s]!)) as [
    Fitted,
    Fitted,
  ];
  const all = orderSample([...inside[0].values, ...inside[1].values], discrete);
  const common = estimatePowerLaw(cutTail(all, xmin, xmax));
  const difference = fits[1].exponent - fits[0].exponent;
  const error = Math.hypot(fits[0].error, fits[1].error);
  const ratio = Math.max(0, 2 * (fits[0].logLikelihood + fits[1].logLikelihood - common.logLikelihood));
  const { ks, pValue } = permutedDistance(pooled(...inside), permutations, seed);
  const [first, second] = fits.map(({ exponent, error: standard_error, n: n_tail }, s) => ({
    exponent,
    standard_error,
    n: ordered[s]!.countFrom[0]!,
    n_tail,
    blocks: blocks === undefined ? null : inside[s]!.count,
  })) as [ComparedSample, ComparedSample];
  return {
    discrete,
    xmin,
    xmax: xmax === Infinity ? null : xmax,
    samples: [first, second],
    difference,
    difference_error: error,
    z: difference / error,
    p_value: twoSidedP(difference / error),
    common_exponent: common.exponent,
    // Weights by which the exponents of two laws that are one make that of both.
    common_error: blocks === undefined ? common.standardError : 1 / Math.hypot(1 / fits[0].error, 1 / fits[1].error),
    likelihood_ratio: ratio,
    likelihood_ratio_p: blocks === undefined ? chiSquareSurvival(ratio, 1) : null,
    ks,
    ks_p_value: pValue,
    permutations,
  };
}

/** Values between the cutoffs, and the number of the block that each is of. */
interface Blocked {
  readonly values: Float64Array;
  readonly block: Int32Array;
  readonly count: number;
}

function blocked(
  values: ArrayLike<number>,
  names: ArrayLike<unknown> | undefined,
  xmin: number,
  xmax: number,
): Blocked {
  if (names !== undefined && names.length !== values.length) {
    throw new ParameterError(`blocks must be as many as values, got ${names.length} and ${values.length}`);
  }
  const known = new Map<unknown, number>();
  const kept: number[] = [];
  const block: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (!(values[i]! >= xmin && values[i]! <= xmax)) continue;
    const key = names === undefined ? i : names[i];
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    kept.push(values[i]!);
    block.push(number);
  }
  return { values: Float64Array.from(kept), block: Int32Array.from(block), count: known.size };
}

type Fitted = PowerLawEstimate & { readonly error: number };

function measured(tail: Tail, blocks: Blocked | undefined): Fitted {
  const fit = estimatePowerLaw(tail);
  if (blocks === undefined) return { ...fit, error: fit.standardError };
  if (blocks.count < leastBlocks) {
    throw new ParameterError(
      `a comparison by blocks needs ${leastBlocks} of them between the cutoffs in either sample, got ${blocks.count}`,
    );
  }
  const n = new Float64Array(blocks.count);
  const excess = new Float64Array(blocks.count);
  blocks.values.forEach((x, i) => {
    n[blocks.block[i]!]!++;
    excess[blocks.block[i]!]! += Math.log(x / tail.xmin);
  });
  const sum = excess.reduce((total, part) => total + part, 0);
  const without = Array.from(n, (own, k) => ({
    ...tail,
    n: fit.n - own,
    meanExcess: (sum - excess[k]!) / (fit.n - own),
  }));
  const { standardError } = jackknife(tail, without, (part) => ({ exponent: exponentOf(part, fit.exponent) }));
  return { ...fit, error: standardError.exponent };
}

function pooled(a: Blocked, b: Blocked) {
  const values = [...a.values, ...b.values];
  const block = [...a.block, ...Array.from(b.block, (k) => k + a.count)];
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  return {
    value: Float64Array.from(order, (i) => values[i]!),
    block: Int32Array.from(order, (i) => block[i]!),
    blocks: [a.count, b.count] as const,
  };
}
