import type { FitReport } from '../fit/fit-power-law.ts';
import { thinFooting } from '../fit/footing.ts';
import type { GoodnessOfFit } from '../fit/goodness-of-fit.ts';
import { footingOfTail, sentence, sentencesOf } from '../fit/verdict.ts';
import type { ColumnFit } from '../recording/column.ts';
import { withError } from '../report/concise.ts';
import { thinMark } from '../report/footing-summary.ts';
import { fullNumber, plainNumber } from '../report/quantity.ts';
import { draw, type TerminalOptions, wrappedLines } from '../report/terminal.ts';
import { terminal } from './terminal.ts';

const NAMES: Readonly<Record<string, string>> = {
  exponential: 'exponential',
  lognormal: 'lognormal',
  stretched_exponential: 'stretched exponential',
  truncated_power_law: 'truncated power law',
};

const SYMBOLS: Readonly<Record<string, string>> = {
  lambda: 'λ',
  mu: 'μ',
  sigma: 'σ',
  beta: 'β',
  log_lambda: 'ln λ',
  alpha: 'α',
};

/** How tables and lines are set: within a terminal's width; whole in files and pipes, where programs look for them. */
export const layout = (): TerminalOptions => {
  const { color, columns } = terminal();
  return process.stdout.isTTY === true ? { color, columns } : { color };
};

/** A p-value to two digits. */
export function pText(p: number): string {
  if (Number.isNaN(p)) return '–';
  if (p === 0) return '< 1e-300';
  return p < 1e-3 ? p.toExponential(0) : p.toPrecision(2);
}

/** Names and values in two columns. */
function pairs(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 3;
  return rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`).join('\n');
}

/** Whole numbers in full, others to six significant digits: a cutoff is no more exact than what it was found on. `--json` has all of them. */
const cutoffNumber = (value: number): string =>
  Number.isInteger(value) ? String(value).replace('-', '\u2212') : plainNumber(value);

/** A distance that is rounding is none: the values are the law's to the last digit. */
const distanceText = (ks: number): string => (ks < 1e-12 ? '0' : ks.toPrecision(4).replace('-', '\u2212'));

const origin = (asked: number | 'auto' | null, value: number | null, rule: ColumnFit['rule']): string => {
  if (asked === 'auto') {
    return rule === 'widest'
      ? 'of the widest window that a power law passes'
      : 'found by the smallest Kolmogorov–Smirnov distance';
  }
  if (asked === null || value === null || asked === value) return 'given';
  return `given as ${plainNumber(asked)}, moved to the edge of a group of the histogram`;
};

/** Values that are known by a bound alone. */
function hiddenText({ censored }: FitReport): string {
  if (censored === undefined) return '';
  const { n_tail, share_beyond } = censored;
  const beyond = share_beyond > 0 ? `; beyond xmax ${(100 * share_beyond).toPrecision(3)} % of those from xmin on` : '';
  return ` known whole, ${fullNumber(n_tail)} by a lower bound${beyond}`;
}

/** The estimates of a fit. */
function estimatesText({ report, asked, goodness, rule, rounded }: ColumnFit): string {
  const { exponent, standard_error, xmin, xmax, n, n_tail, ks, log_likelihood } = report;
  const marked = withError(exponent, standard_error) + (thinFooting(report, report.largest) === '' ? '' : thinMark);
  const found = asked.xmin === 'auto' || asked.xmax === 'auto';
  const rows: [string, string][] = [
    ['exponent', `${marked}${found ? '  (error at the cutoffs found, without their choice: see --bootstrap)' : ''}`],
    ['xmin', `${cutoffNumber(xmin)}  (${origin(asked.xmin, xmin, rule)})`],
    ['xmax', xmax === null ? 'none' : `${cutoffNumber(xmax)}  (${origin(asked.xmax, xmax, rule)})`],
    ['values fitted', `${fullNumber(n_tail)} of ${fullNumber(n)}${hiddenText(report)}`],
    ['KS distance', distanceText(ks)],
    ['log-likelihood', plainNumber(log_likelihood)],
  ];
  if (goodness !== undefined) {
    const { exponentError, xminRange } = goodness;
    const ofWhat = rounded?.goodness === undefined ? '' : '  (of values as they are, which are rounded: see below)';
    rows.push(['goodness of fit', `p = ${withError(goodness.pValue, goodness.standardError)}${ofWhat}`]);
    if (found) {
      rows[0] = ['exponent', `${marked}  (at the cutoffs found)`];
      const range = xminRange.map(cutoffNumber).join(' to ');
      rows.splice(1, 0, ['', `${withError(exponent, exponentError)}  (with their choice; xmin from ${range})`]);
    }
  }
  return pairs(rows);
}

/** Likelihood ratios as a table. */
function alternativesText({ alternatives }: FitReport): string {
  if (alternatives.length === 0) return '';
  const rows = alternatives.map(({ name, ratio, normalized_ratio, p_value, nested, parameters, standard_errors }) => [
    `${NAMES[name] ?? name}${nested ? ' (nested)' : ''}`,
    // A ratio that is rounding: the two laws are one.
    Math.abs(ratio) < 1e-9 ? '0' : plainNumber(ratio, 4),
    plainNumber(normalized_ratio, 3),
    pText(p_value),
    Object.entries(parameters)
      .filter(([, value]) => value !== null)
      .map(
        ([parameter, value]) =>
          `${SYMBOLS[parameter] ?? parameter} ${withError(value!, standard_errors[parameter] ?? NaN)}`,
      )
      .join(', '),
  ]);
  return draw(['power law against', 'ln L ratio', 'normalised', 'p', 'parameters'], rows, layout());
}

/** What the fit and its comparisons mean, one sentence a line. */
export function meaningText(report: FitReport, goodness: GoodnessOfFit | undefined): string {
  return sentencesOf(report, goodness).join('\n');
}

/** Blocks of text with a blank line between, sentences broken where they are wider than the terminal. */
export function page(blocks: readonly string[]): string {
  const { columns } = layout();
  const own = blocks.filter((block) => block !== '');
  return `${(columns === undefined ? own : own.map((block) => wrappedLines(block, columns))).join('\n\n')}\n`;
}

function heldText({ held, counts, discreteGiven, countColumn, censoredColumn, report }: ColumnFit): string {
  const kind = held.discrete ? 'discrete' : 'continuous';
  const every = held.step === 1 ? 'every value is an integer' : `every value is a multiple of ${held.step}`;
  const real = held.beyondIntegers
    ? 'some above 2^53, where doubles tell no two neighbouring integers apart'
    : 'not all are integers';
  const why = discreteGiven && held.step === 1 ? 'as said' : held.discrete ? every : real;
  const form = {
    raw: held.beyondIntegers ? 'held as doubles' : 'held as they are',
    counts: `counted by column ${countColumn}`,
    histogram: 'held in a fine histogram (groups of relative width 1/256 or less)',
  }[held.form];
  const left = [
    counts.kept + counts.censored < counts.read ? `${fullNumber(counts.read)} rows in the table` : '',
    censoredColumn === undefined
      ? ''
      : `${fullNumber(report.censored?.n ?? 0)} of them lower bounds (by column ${censoredColumn}), counted as P(X ≥ bound)`,
    counts.censored > 0
      ? `${fullNumber(counts.censored)} censored ones left out (--censored censored counts them as lower bounds)`
      : '',
    held.missing > 0 ? `${fullNumber(held.missing)} missing ones left out` : '',
    held.nonPositive > 0 ? `${fullNumber(held.nonPositive)} not positive, left out` : '',
  ].filter((part) => part !== '');
  return [`${fullNumber(held.n)} values, ${kind} (${why}), ${form}`, ...left].join('; ');
}

/** A fit of one column for people. */
export function columnText(fit: ColumnFit): string {
  const goodness = fit.rounded?.goodness === undefined ? fit.goodness : undefined;
  return page([
    `${fit.column} of ${fit.source}\n${heldText(fit)}`,
    estimatesText(fit),
    alternativesText(fit.report),
    [...footingOfTail(fit.report).map(sentence), meaningText(fit.report, goodness), ...fit.notes]
      .filter((text) => text !== '')
      .join('\n'),
  ]);
}
