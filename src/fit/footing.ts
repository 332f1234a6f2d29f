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

/** p below which a law that doesn't contain the power law is clearly better: the power law's exponent then says nothing. */
const clear = 0.001;

/** Alternatives not nested with the power law that fit clearly better on the same tail (p < 0.001). */
export function clearlyBetter({ alternatives }: Pick<FitReport, 'alternatives'>): string[] {
  return alternatives
    .filter(({ nested, degenerate, ratio, p_value }) => !nested && !degenerate && ratio < 0 && p_value < clear)
    .map(({ name }) => name);
}

/** What is thin about the footing of a collapse: `few durations` (fewer than 4), or nothing. */
export const thinCollapse = ({ profiles }: { readonly profiles: { readonly duration: ArrayLike<number> } }): string =>
  profiles.duration.length < leastProfiles ? 'few durations' : '';
