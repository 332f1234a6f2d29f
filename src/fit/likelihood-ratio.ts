import { twoSidedP } from '../numeric/log-probability.ts';
import { erfc } from '../numeric/special.ts';
import { fitExponential } from './alternative/exponential.ts';
import type { AlternativeFit, AlternativeName } from './alternative/law.ts';
import { fitLognormal } from './alternative/lognormal.ts';
import { fitStretchedExponential } from './alternative/stretched-exponential.ts';
import { fitTruncatedPowerLaw } from './alternative/truncated-power-law.ts';
import { type CensoredTerm, censoredTerm } from './censored/share-beyond.ts';
import type { CensoredTail } from './censored/tail.ts';
import { logSurvivalOf, normalise, type PowerLaw } from './power-law.ts';
import type { Tail } from './tail.ts';
import { pointsOf, type TailPoints } from './tail-points.ts';

/** A power law held against another law on the same tail (Vuong 1989, as in Clauset et al. 2009, appendix C). */
export interface Comparison {
  readonly name: AlternativeName;
  readonly parameters: Readonly<Record<string, number>>;
  readonly standardErrors: Readonly<Record<string, number>>;
  readonly logLikelihood: number;
  /** ln L(power law) − ln L(alternative): positive favours the power law. */
  readonly ratio: number;
  /** ratio / (√n · standard deviation of the pointwise log-ratios); 0 where the two laws coincide. */
  readonly normalizedRatio: number;
  /**
   * Probability of a ratio at least so far from 0 if both laws were equally good; nested pairs by χ² with one degree of
   * freedom, which is up to twice too large because the rate λ can't be negative. NaN below {@link leastForRatio}.
   */
  readonly pValue: number;
  readonly nested: boolean;
  readonly degenerate: boolean;
}

const FITS: Record<AlternativeName, (points: TailPoints, law: PowerLaw) => AlternativeFit> = {
  exponential: fitExponential,
  lognormal: fitLognormal,
  stretched_exponential: fitStretchedExponential,
  truncated_power_law: fitTruncatedPowerLaw,
};

export const ALTERNATIVES = Object.keys(FITS) as AlternativeName[];

/**
 * Fewest values of a tail, and distinct ones, from which a likelihood ratio has a p-value. It comes from a normal law of the ratio's mean, or χ²; of a
 * dozen values, or of values in three lumps, that law gives p-values of 1e-200 where samples give a few percent.
 */
export const leastForRatio: { readonly values: number; readonly distinct: number } = { values: 50, distinct: 6 };

/**
 * Fits the alternatives to the tail, with its cutoffs, and compares each with the power law.
 * @returns none where the tail holds one distinct value: laws of two parameters close in on it without end
 */
export function compareAlternatives(
  tail: Tail | CensoredTail,
  law: PowerLaw,
  names: readonly AlternativeName[] = ALTERNATIVES,
): Comparison[] {
  const points = pointsOf(tail);
  if (tail.last - tail.first < 2 && points.censored === undefined) return [];
  const few = tail.n < leastForRatio.values || tail.last - tail.first < leastForRatio.distinct;
  return names.map((name) => {
    const comparison = compare(points, law, FITS[name](points, law));
    return few ? { ...comparison, pValue: Number.NaN } : comparison;
  });
}

function compare(points: TailPoints, law: PowerLaw, fit: AlternativeFit): Comparison {
  const { value, weight, xmin } = points;
  const { logNormaliser } = normalise(law);
  const hidden = hiddenGaps(points, law, fit);
  let logLikelihood = hidden.logLikelihood;
  let ratio = hidden.ratio;
  const difference = value.map((x, i) => {
    const alternative = fit.logDensity(x);
    const gap = -law.exponent * Math.log(x / xmin) - logNormaliser - alternative + hidden.inside;
    logLikelihood += weight[i]! * alternative;
    ratio += weight[i]! * gap;
    return gap;
  });
  const n = points.n + hidden.n;
  const mean = ratio / n;
  let squares = 0;
  for (let i = 0; i < value.length; i++) squares += weight[i]! * (difference[i]! - mean) ** 2;
  for (const { gap, count } of hidden.gaps) squares += count * (gap - mean) ** 2;
  // Below rounding the two laws are the same one.
  const deviation = Math.sqrt(squares / n);
  const normalizedRatio = deviation > 1e-12 ? ratio / (Math.sqrt(n) * deviation) : 0;
  return {
    name: fit.name,
    parameters: fit.parameters,
    standardErrors: fit.standardErrors,
    logLikelihood,
    ratio,
    normalizedRatio,
    pValue: fit.nested ? erfc(Math.sqrt(Math.max(-ratio, 0))) : twoSidedP(normalizedRatio),
    nested: fit.nested,
    degenerate: fit.degenerate,
  };
}

/** Log-ratios of values that are known by a bound, or to lie beyond the upper cutoff, each with how many have it. */
interface HiddenGaps {
  readonly n: number;
  readonly ratio: number;
  readonly logLikelihood: number;
  /** What the shares beyond the upper cutoff add to each value between the cutoffs. */
  readonly inside: number;
  readonly gaps: readonly { readonly gap: number; readonly count: number }[];
}

function hiddenGaps({ n, xmax, censored }: TailPoints, law: PowerLaw, fit: AlternativeFit): HiddenGaps {
  if (censored === undefined) return { n: 0, ratio: 0, logLikelihood: 0, inside: 0, gaps: [] };
  const [own, other] = [logSurvivalOf(law), fit.logSurvival].map((log) => censoredTerm(n, xmax, censored, log)) as [
    CensoredTerm,
    CensoredTerm,
  ];
  const gaps = Array.from(own.logBound, (log, j) => ({ gap: log - other.logBound[j]!, count: censored.weight[j]! }));
  if (censored.beyond > 0) gaps.push({ gap: own.logBeyond - other.logBeyond, count: censored.beyond });
  return {
    n: gaps.reduce((sum, { count }) => sum + count, 0),
    ratio: gaps.reduce((sum, { gap, count }) => sum + count * gap, 0),
    logLikelihood: other.logLikelihood,
    inside: own.logInside - other.logInside,
    gaps,
  };
}
