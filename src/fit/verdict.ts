import type { AlternativeReport, FitReport } from './fit-power-law.ts';
import { leastFitted, thinFooting } from './footing.ts';
import { leastForRatio } from './likelihood-ratio.ts';

/** Laws as sentences name them. */
export const shownLaws: Readonly<Record<string, string>> = {
  exponential: 'an exponential',
  lognormal: 'a lognormal',
  stretched_exponential: 'a stretched exponential',
  truncated_power_law: 'an exponentially truncated power law',
};

/** Exponents beyond this, and tails that reach less far than this factor, are those of no power law. */
const absurd = { exponent: 10, reach: 2 };

/** Fewest values of a tail whose exponent means much: the least that Clauset et al. (2009), section 3.3, have xmin found from. */
const leastTail = 50;

const pInWords = (p: number): string =>
  p === 0 ? '0 to double precision' : p < 1e-4 ? p.toExponential(0) : p.toPrecision(2);

const needed = `a p-value needs ${leastForRatio.values} values in the tail, ${leastForRatio.distinct} of them distinct`;

/** A number to 4 digits, all digits of an integer. */
const shown = (value: number): string => String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));

/** What a likelihood ratio means, in plain words; differences with p ≥ 0.05 count as none. */
export function alternativeInWords(comparison: Omit<AlternativeReport, 'meaning'>): string {
  const { name, ratio, p_value, nested, degenerate } = comparison;
  const law = shownLaws[name] ?? name;
  if (nested && degenerate) {
    return `the data ask for no exponential cutoff: the best ${law.replace(/^an /, '')} is the power law itself`;
  }
  const limit = `${law} fits best in the limit where it is a power law`;
  if (Number.isNaN(p_value)) {
    if (degenerate) return `${limit}; whether the two differ isn't said: ${needed}`;
    return nested
      ? `whether an exponential cutoff improves the fit isn't said: ${needed}`
      : `whether the power law or ${law} fits better isn't said: ${needed}`;
  }
  const p = `p = ${pInWords(p_value)}`;
  const decided = p_value < 0.05;
  if (nested) {
    return decided
      ? `an exponential cutoff improves the fit significantly (${p})`
      : `an exponential cutoff doesn't improve the fit significantly (${p})`;
  }
  if (degenerate) {
    if (!decided) return `${limit}, so the two can't be told apart (${p})`;
    // Of integers: the limit is a continuous power law rounded to them, which the zeta law isn't.
    return ratio > 0
      ? `${limit} rounded to integers, and the power law of integers fits better than that (${p})`
      : `${limit} rounded to integers, which fits better than the power law of integers (${p})`;
  }
  if (!decided) return `the data don't decide between the power law and ${law} (${p})`;
  return ratio > 0 ? `the power law fits better than ${law} (${p})` : `${law} fits better than the power law (${p})`;
}

type Tail = Pick<FitReport, 'exponent' | 'xmin' | 'xmax' | 'n' | 'n_tail' | 'n_distinct' | 'largest'>;

/** What speaks against a tail, whatever its exponent: too few values, or a range that no power law can be seen over. */
export function tailInWords({ exponent, xmin, xmax, n, n_tail, n_distinct, largest }: Tail): string[] {
  const warnings: string[] = [];
  if (n_tail < leastTail) {
    warnings.push(
      `only ${n_tail} of ${n} values, ${n_distinct} of them distinct, are in the tail: an exponent needs ${leastTail} to mean much`,
    );
  }
  const reach = largest / xmin;
  if (exponent > absurd.exponent || reach < absurd.reach) {
    const both = xmax === null ? ': a law that ends needs an upper cutoff too' : '';
    warnings.push(
      `the exponent ${shown(exponent)} of a tail from ${shown(xmin)} to ${shown(largest)}, a factor of ${shown(reach)}, is that of no power law${both}`,
    );
  }
  return warnings;
}

/** That an exponent is poorly constrained, by the rule that marks it °; nothing where it isn't. */
export function footingOfTail(tail: Pick<Tail, 'n_tail' | 'xmin' | 'xmax' | 'largest'>): string[] {
  const thin = thinFooting(tail, tail.largest);
  if (thin === '') return [];
  const few = thin.includes('few values') ? `${tail.n_tail} values, fewer than ${leastFitted}` : '';
  const short = thin.includes('short range')
    ? `a tail from ${shown(tail.xmin)} to ${shown(Math.min(tail.xmax ?? Infinity, tail.largest))}, less than one decade`
    : '';
  return [`the exponent is poorly constrained (°): from ${[few, short].filter((part) => part !== '').join(', and ')}`];
}

const rangeInWords = (xmin: number, xmax: number | null): string =>
  xmax === null ? `from ${shown(xmin)} on` : `from ${shown(xmin)} to ${shown(xmax)}`;

/** How sure a bootstrap's p-value is. */
export interface GoodnessOfReport {
  readonly standardError: number;
  readonly repetitions: number;
}

/** The p-value of a bootstrap in plain words (Clauset et al. 2009, section 4: a power law is ruled out below 0.1). */
function goodnessInWords(
  { p_value, n, n_tail, xmin, xmax }: Pick<FitReport, 'p_value' | 'n' | 'n_tail' | 'xmin' | 'xmax'>,
  { standardError, repetitions }: GoodnessOfReport,
): string {
  const pValue = p_value ?? Number.NaN;
  const p = pValue < 0.001 ? pValue.toExponential(0) : pValue.toPrecision(2);
  if (Math.abs(pValue - 0.1) < 2 * standardError) {
    return `${repetitions} samples don't decide whether the power law is ruled out (p = ${p}, to be held against 0.1): take more`;
  }
  if (pValue < 0.1) {
    return `the power law is ruled out (p = ${p} < 0.1): samples drawn from it rarely lie as far from their own fit as the data`;
  }
  if (n_tail < leastTail) return `a power law isn't ruled out (p = ${p} ≥ 0.1), which ${n_tail} values hardly could`;
  // Where the search for xmin ended up in a far tail, that tail alone was tested.
  const of = n_tail < n ? ` for ${n_tail} of ${n} values, those ${rangeInWords(xmin, xmax)}` : '';
  return `a power law is plausible${of} (p = ${p} ≥ 0.1): samples drawn from it often lie as far from their own fit as the data`;
}

/** A clause as a sentence. */
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Every sentence on a fit, from the numbers of its report alone: what speaks against its tail, its goodness, its alternatives. */
export function sentencesOf(report: FitReport, goodness?: GoodnessOfReport): string[] {
  const undecided = report.alternatives.filter(({ p_value }) => Number.isNaN(p_value));
  const single = report.n_distinct === 1 && report.censored === undefined;
  return [
    ...tailInWords(report),
    ...(goodness === undefined || report.p_value === null ? [] : [goodnessInWords(report, goodness)]),
    ...(undecided.length > 1 ? [`no likelihood ratio says which law fits better: ${needed}`] : []),
    ...report.alternatives.filter((one) => undecided.length < 2 || !undecided.includes(one)).map(alternativeInWords),
    ...(single
      ? [`the tail holds a single distinct value, ${shown(report.largest)}: no law can be told from another`]
      : []),
  ].map(sentence);
}
