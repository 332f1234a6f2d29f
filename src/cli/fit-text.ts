import type { FitReport } from '../fit/fit-power-law.ts';
import type { GoodnessOfFit } from '../fit/goodness-of-fit.ts';
import { withError } from '../report/concise.ts';
import { fullNumber, plainNumber } from '../report/quantity.ts';
import { draw } from '../report/terminal.ts';
import { goodnessInWords } from './fit-bootstrap.ts';

const NAMES: Readonly<Record<string, string>> = {
  exponential: 'exponential',
  lognormal: 'lognormal',
  stretched_exponential: 'stretched exponential',
  truncated_power_law: 'truncated power law',
};

export const color = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR;

/** A p-value to two digits. */
export function pText(p: number): string {
  if (Number.isNaN(p)) return '–';
  if (p === 0) return '< 1e-300';
  return p < 1e-3 ? p.toExponential(0) : p.toPrecision(2);
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Names and values in two columns. */
export function pairs(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 3;
  return rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`).join('\n');
}

/** What a distribution was fitted with, for the text. */
export interface HowFitted {
  readonly xmin: number | 'auto';
  readonly xmax: number | 'auto' | null;
}

const found = (asked: number | 'auto' | null, value: number | null): string => {
  if (asked === 'auto') return 'found by the smallest Kolmogorov–Smirnov distance';
  if (asked === null || value === null || asked === value) return 'given';
  return `given as ${plainNumber(asked)}, moved to the edge of a group of the histogram`;
};

/** The estimates of a fit. */
export function fitText(report: FitReport, how: HowFitted, goodness: GoodnessOfFit | undefined): string {
  const { exponent, standard_error, xmin, xmax, n, n_tail, ks, log_likelihood } = report;
  const rows: [string, string][] = [
    ['exponent', withError(exponent, standard_error)],
    ['xmin', `${plainNumber(xmin)}  (${found(how.xmin, xmin)})`],
    ['xmax', xmax === null ? 'none' : `${plainNumber(xmax)}  (${found(how.xmax, xmax)})`],
    ['values fitted', `${fullNumber(n_tail)} of ${fullNumber(n)}`],
    ['KS distance', ks.toPrecision(4)],
    ['log-likelihood', plainNumber(log_likelihood)],
  ];
  if (goodness !== undefined)
    rows.push(['goodness of fit', `p = ${withError(goodness.pValue, goodness.standardError)}`]);
  return pairs(rows);
}

/** Likelihood ratios as a table. */
export function alternativesText({ alternatives }: FitReport): string {
  if (alternatives.length === 0) return '';
  const rows = alternatives.map(({ name, ratio, normalized_ratio, p_value, nested }) => [
    `${NAMES[name] ?? name}${nested ? ' (nested)' : ''}`,
    // A ratio that is rounding: the two laws are one.
    Math.abs(ratio) < 1e-9 ? '0' : plainNumber(Number(ratio.toPrecision(4))),
    plainNumber(Number(normalized_ratio.toPrecision(3))),
    pText(p_value),
  ]);
  return draw(['power law against', 'ln L ratio', 'normalised', 'p'], rows, { color: color() });
}

/** What the fit and its comparisons mean, one sentence a line. */
export function meaningText(report: FitReport, goodness: GoodnessOfFit | undefined): string {
  const lines = report.alternatives.map(({ meaning }) => sentence(meaning));
  if (goodness !== undefined) lines.unshift(sentence(goodnessInWords(goodness)));
  return lines.join('\n');
}

/** Blocks of text with a blank line between. */
export const page = (blocks: readonly string[]): string => `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
