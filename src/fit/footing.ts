import type { FitReport } from './fit-power-law.ts';

/** Fewest values, and fewest decades between cutoffs, that an exponent can stand on without a mark. */
export const leastFitted = 100;
export const leastDecades = 1;
/** Fewest durations whose shapes a collapse can stand on without a mark: two always fall on one curve. */
export const leastProfiles = 4;

/**
 * What is thin about the footing of an exponent: `few values` (fewer than 100 fitted), `short range` (less than a decade between its
 * cutoffs, or between the smallest and the largest value where there is no upper one), both, or nothing.
 * @param largest the largest value of the sample
 */
export function thinFooting(
  { n_tail, xmin, xmax }: Pick<FitReport, 'n_tail' | 'xmin' | 'xmax'>,
  largest: number,
): string {
  const decades = Math.log10(Math.min(xmax ?? Infinity, largest) / xmin);
  return [n_tail < leastFitted ? 'few values' : '', decades < leastDecades - 1e-9 ? 'short range' : '']
    .filter((word) => word !== '')
    .join(', ');
}

/** Alternatives that fit significantly better than the power law on the same tail (p < 0.05). */
export function betterAlternatives({ alternatives }: Pick<FitReport, 'alternatives'>): string[] {
  return alternatives
    .filter(({ ratio, p_value, degenerate }) => !degenerate && ratio < 0 && p_value < 0.05)
    .map(({ name }) => name);
}

/** p below which another law is clearly better: the power law's exponent then says nothing. */
const clear = 0.001;

/**
 * Kolmogorov–Smirnov distance up to which a power law does, whatever fits better still: with enough values any law of nature is beaten, by trifles. Over a
 * decade power laws whose exponents are 0.05 apart, the systematic error, are at a distance of 0.014.
 */
const trifling = 0.01;

/**
 * Alternatives that fit clearly better on the same tail (p < 0.001), where the power law is off by more than a trifle. A power law with an exponential
 * cutoff counts only where that lies well within the window, before half of its upper end: further out it is a power law for the window's purpose.
 */
export function clearlyBetter({ alternatives, ks, xmax }: Pick<FitReport, 'alternatives' | 'ks' | 'xmax'>): string[] {
  if (ks <= trifling) return [];
  return alternatives
    .filter(({ degenerate, ratio, p_value }) => !degenerate && ratio < 0 && p_value < clear)
    .filter(({ nested, parameters }) => !nested || (xmax !== null && (parameters.lambda ?? 0) * xmax > 2))
    .map(({ name }) => name);
}

/** What is thin about the footing of a collapse: `few durations` (fewer than 4), or nothing. */
export const thinCollapse = ({ profiles }: { readonly profiles: { readonly duration: ArrayLike<number> } }): string =>
  profiles.duration.length < leastProfiles ? 'few durations' : '';
