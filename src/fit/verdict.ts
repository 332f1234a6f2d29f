import type { Comparison } from './likelihood-ratio.ts';

const SHOWN: Record<Comparison['name'], string> = {
  exponential: 'an exponential',
  lognormal: 'a lognormal',
  stretched_exponential: 'a stretched exponential',
  truncated_power_law: 'an exponentially truncated power law',
};

/** What a likelihood ratio means, in plain words; differences with p ≥ 0.05 count as none. */
export function inWords(comparison: Comparison): string {
  const { name, ratio, pValue, nested, degenerate } = comparison;
  const law = SHOWN[name];
  if (degenerate) {
    return nested
      ? `the data ask for no exponential cutoff: the best ${law.replace(/^an /, '')} is the power law itself`
      : `${law} fits best in the limit where it is a power law, so the two can't be told apart`;
  }
  const p = pValue === 0 ? '0 to double precision' : pValue < 1e-4 ? pValue.toExponential(0) : pValue.toPrecision(2);
  if (nested) {
    return pValue < 0.05
      ? `an exponential cutoff improves the fit significantly (p = ${p})`
      : `an exponential cutoff doesn't improve the fit significantly (p = ${p})`;
  }
  if (pValue >= 0.05) return `the data don't decide between the power law and ${law} (p = ${p})`;
  return ratio > 0
    ? `the power law fits better than ${law} (p = ${p})`
    : `${law} fits better than the power law (p = ${p})`;
}
