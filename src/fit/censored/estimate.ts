import { findRoot } from '../../numeric/find-root.ts';
import { truncatedExponential } from '../../numeric/truncated-exponential.ts';
import { powerSum } from '../../numeric/zeta.ts';
import { errorsAt } from '../alternative/errors.ts';
import { exponentOf, logSurvivalOf, normalise, type PowerLawEstimate } from '../power-law.ts';
import { requireSpread } from '../tail.ts';
import { censoredTerm, shareBeyond, shareBeyondOf } from './share-beyond.ts';
import type { CensoredTail } from './tail.ts';

/** A power law of values some of which are known by a lower bound alone. */
export interface CensoredEstimate extends PowerLawEstimate {
  /** Values known by a bound between the cutoffs; `n` are those known whole. */
  readonly censored: number;
  /** Share of the values from xmin on that lie beyond xmax; 0 without an upper cutoff. */
  readonly beyond: number;
}

/** Mean of ln(x/from) of the law between `from` and xmax. */
function meanFrom({ sample, xmax }: CensoredTail, exponent: number, from: number): number {
  if (sample.discrete) return powerSum(exponent, from, xmax).meanExcess;
  return truncatedExponential(exponent - 1, Math.log(xmax / from)).mean;
}

/**
 * The exponent of greatest likelihood: with π the probability that a censored value ends in the window (1 without an upper cutoff), it is where
 * (n + Σ π)·E[ln x] = Σ ln x + Σ π·E[ln x | x ≥ c].
 * @throws ParameterError where the likelihood has no maximum
 */
export function censoredExponent(tail: CensoredTail): number {
  requireSpread(tail);
  const { sample, xmin, xmax, n, meanExcess, bound, weight } = tail;
  const plain = exponentOf(tail);
  if (bound.length === 0) return plain;
  if (!sample.discrete && xmax === Infinity) {
    let sum = n * meanExcess;
    for (let j = 0; j < bound.length; j++) sum += weight[j]! * Math.log(bound[j]! / xmin);
    return 1 + n / sum;
  }
  // What the law expects of ln(x/xmin), less what is known of it.
  const surplus = (exponent: number): number => {
    const survival = xmax === Infinity ? undefined : survivalAt(tail, exponent);
    const q = survival === undefined ? 0 : shareBeyond(n, tail, survival);
    // How many of each bound end in the window.
    const inside = survival?.map((s, j) => (weight[j]! * (1 - q) * s) / ((1 - q) * s + q)) ?? weight;
    const all = inside.reduce((total, count) => total + count, n);
    let sum = all * meanFrom(tail, exponent, xmin) - n * meanExcess;
    for (let j = 0; j < bound.length; j++) {
      const c = bound[j]!;
      sum -= inside[j]! * (meanFrom(tail, exponent, c) + Math.log(c / xmin));
    }
    return sum;
  };
  // Longer values than were seen whole: the law is flatter.
  let low = plain;
  for (let step = 0.125; surplus(low) <= 0 && step < 2 ** 20; step *= 2) {
    low = xmax === Infinity ? 1 + (plain - 1) / (1 + 8 * step) : plain - step;
  }
  return low === plain ? plain : findRoot(surplus, low, plain);
}

function survivalAt({ sample, xmin, xmax, bound }: CensoredTail, exponent: number): Float64Array {
  const log = logSurvivalOf({ discrete: sample.discrete, exponent, xmin, xmax });
  return bound.map((c) => Math.exp(log(c)));
}

/**
 * Maximum likelihood with right-censored values: one that was last seen at c counts as P(X ≥ c). Leaving such values out, or taking c for them, makes a law
 * steeper, as it is the large ones that don't end in time. With an upper cutoff the law is that of the window, and the share of values beyond it is free:
 * one that was last seen at c ≤ xmax may end there. The error is from the observed information.
 * @throws ParameterError where the likelihood has no maximum
 */
export function estimateCensored(tail: CensoredTail): CensoredEstimate {
  const exponent = censoredExponent(tail);
  const { sample, xmin, xmax, n, meanExcess, bound, weight } = tail;
  const { discrete } = sample;
  const lawOf = (a: number) => ({ discrete, exponent: a, xmin, xmax });
  const termAt = (a: number) => censoredTerm(n, xmax, tail, logSurvivalOf(lawOf(a)));
  const logLikelihoodAt = (a: number): number =>
    -n * (a * meanExcess + normalise(lawOf(a)).logNormaliser) + (bound.length > 0 ? termAt(a).logLikelihood : 0);
  const logLikelihood = logLikelihoodAt(exponent);
  return {
    ...lawOf(exponent),
    standardError:
      bound.length === 0
        ? 1 / Math.sqrt(n * normalise(lawOf(exponent)).variance)
        : errorsAt(
            ([a]) => -logLikelihoodAt(a!) / n,
            [exponent],
            n,
            ([a]) => ({ exponent: a! }),
          ).exponent,
    logLikelihood,
    n,
    censored: weight.reduce((sum, count) => sum + count, 0),
    beyond: shareBeyondOf(tail, lawOf(exponent)),
  };
}
