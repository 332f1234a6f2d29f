import { thinFooting } from '../fit/footing.ts';
import { footingOfTail, shownLaws } from '../fit/verdict.ts';
import { type ColumnComparison, compareExponents } from '../recording/compare.ts';
import type { CracklingFit } from '../recording/crackling.ts';
import { footingInWords, noPowerLawInWords } from '../recording/sentences.ts';
import { withError } from '../report/concise.ts';
import { thinMark } from '../report/footing-summary.ts';
import { fullNumber, plainNumber } from '../report/quantity.ts';
import { draw } from '../report/terminal.ts';
import { markedExponent, range } from './fit-crackling-text.ts';
import { layout, page, pText } from './fit-text.ts';

/** p below which a difference is said to be one. */
const decided = 0.05;

/** Whether a cutoff was found in the values that are compared. */
export const isFound = ({ asked }: ColumnComparison): boolean => asked.xmin === 'auto' || asked.xmax === 'auto';

/** A comparison of one column of two samples for people. */
export function comparisonText(comparison: ColumnComparison): string {
  const { column, names, counts, step, blockBy, report, tails } = comparison;
  const { samples, xmin, xmax, discrete } = report;
  const found = isFound(comparison);
  const left = counts[0].censored + counts[1].censored;
  const kind = discrete ? `discrete (in steps of ${plainNumber(step)})` : 'continuous';
  const rows = samples.map(({ exponent, standard_error, n, n_tail, blocks }, s) => [
    names[s]!,
    `${fullNumber(n_tail)} of ${fullNumber(n)}`,
    ...(blocks === null ? [] : [fullNumber(blocks)]),
    `${withError(exponent, standard_error)}${thinFooting({ n_tail, xmin, xmax }, tails[s]!.largest) === '' ? '' : thinMark}`,
  ]);
  const all = fullNumber(samples[0].n_tail + samples[1].n_tail);
  rows.push([
    'together',
    all,
    ...(blockBy === undefined ? [] : ['']),
    withError(report.common_exponent, report.common_error),
  ]);
  const z = plainNumber(report.z, 3);
  const ratio = plainNumber(report.likelihood_ratio, 3);
  const of = blockBy === undefined ? 'values' : `blocks by ${blockBy}`;
  return page([
    `${column} of ${names[0]} against ${names[1]}\n${kind}, from ${plainNumber(xmin)}${xmax === null ? ' on' : ` to ${plainNumber(xmax)}`}${
      found ? ' (found: the range that both samples are fitted over)' : ''
    }${left > 0 ? `; ${fullNumber(left)} censored ones left out` : ''}`,
    draw(['sample', 'values fitted', ...(blockBy === undefined ? [] : ['blocks']), 'exponent'], rows, layout()),
    [
      `  difference          ${withError(report.difference, report.difference_error)}  (z = ${z}, p = ${pText(report.p_value)})`,
      ...(report.likelihood_ratio_p === null
        ? []
        : [`  likelihood ratio    ${ratio}  (two exponents against one: p = ${pText(report.likelihood_ratio_p)})`]),
      `  KS distance         ${plainNumber(report.ks, 3)}  (p = ${pText(report.ks_p_value)}, ${fullNumber(report.permutations)} permutations of ${of})`,
    ].join('\n'),
    comparisonSentences(comparison).join('\n'),
  ]);
}

const refutedInWords = (laws: readonly string[]): string[] =>
  laws.length === 0
    ? []
    : [
        `values follow no power law between the cutoffs, and have no exponent: they are fitted clearly better (p < 0.001) by ${laws.map((law) => shownLaws[law] ?? law).join(', ')}`,
      ];

/** What a comparison comes to, in sentences. */
export function comparisonSentences(comparison: ColumnComparison): string[] {
  const { report, names, tails, same } = comparison;
  const { p_value, ks_p_value, samples, xmin, xmax } = report;
  return [
    ...(same === undefined ? [] : [same]),
    ...samples.flatMap((sample, s) =>
      [...refutedInWords(tails[s]!.refuted_by), ...footingOfTail({ ...sample, ...tails[s]!, xmin, xmax })].map(
        (words) => `Of ${names[s]}: ${words}.`,
      ),
    ),
    p_value < decided
      ? `The exponents differ (p = ${pText(p_value)}).`
      : `The exponents don't differ significantly (p = ${pText(p_value)}).`,
    ks_p_value < decided
      ? `Between the cutoffs the samples are not of one law (p = ${pText(ks_p_value)}).`
      : `Between the cutoffs the samples may be of one law (p = ${pText(ks_p_value)}).`,
    ...(isFound(comparison)
      ? [
          'Errors are those at the cutoffs found, without their choice: exponents of one law differ by p < 0.05 in 8 to 9 % of samples then, in 4 to 6 % where cutoffs are given.',
        ]
      : []),
  ];
}

const symbols = { tau: 'τ  size', alpha: 'α  duration', gammaScaling: 'γ  size against duration' } as const;

/** The exponents of avalanches of two samples for people. */
export function exponentComparisonText(
  fits: readonly [CracklingFit, CracklingFit],
  names: readonly [string, string],
  same?: string,
): string {
  const rows = compareExponents(...fits).map(({ exponent, difference, difference_error, z, p_value }) => [
    symbols[exponent],
    ...fits.map(({ analysis }) => {
      const { xmin, xmax } = exponent === 'tau' ? analysis.size : analysis.duration;
      return `${markedExponent(analysis, exponent)}  (${range(xmin, xmax)})`;
    }),
    withError(difference, difference_error),
    Number.isFinite(z) ? plainNumber(z, 3) : '–',
    pText(p_value),
  ]);
  const without = rows.some((row) => row.at(-1) === '–');
  return page([
    `Avalanches of ${names[0]} against ${names[1]}: ${fits.map(({ blocked }) => fullNumber(blocked.all.histogram.n)).join(' and ')}`,
    draw(['exponent', ...names, 'difference', 'z', 'p'], rows, layout()),
    [
      ...(same === undefined ? [] : [same]),
      ...(without
        ? ['Where an exponent has no error nothing is said of a difference: its avalanches are too few.']
        : []),
      ...fits.flatMap(({ analysis }, s) =>
        [...noPowerLawInWords(analysis), ...footingInWords(analysis.footing)].map(
          (words) => `Of ${names[s]}: ${words}`,
        ),
      ),
      'Ranges are those of each sample by itself; where they differ much, so may exponents of one law: --duration-min and --duration-max give both the same.',
    ].join('\n'),
  ]);
}
