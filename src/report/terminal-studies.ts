import { classesInWords, incomparableInWords } from './class-verdict.ts';
import { withError } from './concise.ts';
import { planeTables } from './plane-summaries.ts';
import { plainNumber } from './quantity.ts';
import { seriesOf } from './series.ts';
import { groupRows, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { draw, type TerminalOptions } from './terminal.ts';
import { knownExponentsTable } from './terminal-known.ts';
import { surrogateTable } from './terminal-surrogates.ts';

const measured = (row: Row, name: string, error = `${name}_error`): string =>
  Number.isFinite(numberOf(row, name)) ? withError(numberOf(row, name), numberOf(row, error)) : '–';

/** What the scan for straightness found. '' without rows. */
export function correctionTable(tables: Tables, options: TerminalOptions = {}): string {
  const lines = [...groupRows(rowsOf(tables, 'correction'), 'width')].map(([width, rows]) => {
    const by = (observable: string): string => {
      const row = rows.find((one) => textOf(one, 'observable') === observable);
      if (row === undefined) return '–';
      return `${measured(row, 'scaled')}${row.inside === false ? ' (at the end of the scan)' : ''}`;
    };
    const used = numberOf(rows[0]!, 'used');
    return [
      `N = ${width}`,
      by('duration'),
      rows.some((row) => textOf(row, 'observable') === 'signal_size') ? by('signal_size') : by('size'),
      Number.isFinite(used) ? plainNumber(Number(used.toPrecision(3))) : '–',
    ];
  });
  if (lines.length === 0) return '';
  return draw(['straightest at', 'δ·N/c, durations', 'δ·N/c, sizes', 'δ·N/c used'], lines, options);
}

const symbols: Readonly<Record<string, string>> = {
  tau: 'τ',
  alpha: 'α',
  gamma_scaling: 'γ',
  gamma_collapse: 'γ collapse',
  gamma_predicted: 'γ predicted',
  mismatch: 'mismatch',
  branching_ratio: 'branching',
};

const approaches: Readonly<Record<string, string>> = { line: 'y + b/N', root: 'y + a/√N + b/N' };

/** Exponents at infinite width, by each form of approach with its χ². '' without rows. */
export function extrapolationTable(tables: Tables, options: TerminalOptions = {}): string {
  const rows = rowsOf(tables, 'extrapolation');
  if (rows.length === 0) return '';
  const names = [...new Set(rows.map((row) => textOf(row, 'exponent')))];
  const freedomOf = (row: Row): string => {
    const freedom = numberOf(row, 'degrees_of_freedom');
    return freedom > 0 ? plainNumber(Number((numberOf(row, 'chi_square') / freedom).toPrecision(2))) : '–';
  };
  const lines = [...new Set(rows.map((row) => textOf(row, 'approach')))].flatMap((approach) => {
    const each = (cell: (row: Row) => string): string[] =>
      names.map((name) => {
        const row = rows.find((one) => textOf(one, 'exponent') === name && textOf(one, 'approach') === approach);
        return row === undefined ? '–' : cell(row);
      });
    return [
      [approaches[approach] ?? approach, ...each((row) => measured(row, 'intercept'))],
      ['  χ²/ν', ...each(freedomOf)],
    ];
  });
  return draw(['1/N → 0', ...names.map((name) => symbols[name] ?? name)], lines, options);
}

/** Durations against the random-walk theory. '' without rows. */
export function randomWalkTable(tables: Tables, options: TerminalOptions = {}): string {
  const rows = rowsOf(tables, 'random_walk');
  if (rows.length === 0) return '';
  const lines = rows.map((row) => [
    textOf(row, 'activation'),
    `${numberOf(row, 'duration_min')}–${numberOf(row, 'duration_max')}`,
    measured(row, 'alpha'),
    plainNumber(Number(numberOf(row, 'alpha_theory').toFixed(3))),
    Number.isFinite(numberOf(row, 'alpha_deviation')) ? numberOf(row, 'alpha_deviation').toFixed(1) : '–',
    measured(row, 'gamma'),
    measured(row, 'gamma_beyond'),
  ]);
  return draw(['random walk', 'durations', 'α', 'α theory', 'off by σ', 'γ', 'γ beyond N'], lines, options);
}

/** One line an ensemble on the universality classes. '' without rows. */
export function universalityLines(tables: Tables): string {
  const rows = rowsOf(tables, 'universality');
  if (rows.length === 0) return '';
  const labels = new Map(seriesOf(tables, rowsOf(tables, 'exponents')).map(({ ensemble, label }) => [ensemble, label]));
  const lines = [...groupRows(rows, 'ensemble')].map(
    ([ensemble, own]) => `  ${labels.get(ensemble) ?? '1/N → 0'}: ${classesInWords(own)}`,
  );
  const left = incomparableInWords(rows.filter((row) => row.ensemble === rows[0]!.ensemble));
  return [
    'universality classes not excluded at the 5 % level, by statistical and systematic errors (all in table universality):',
    ...lines,
    ...(left === '' ? [] : [`  ${left}`]),
  ].join('\n');
}

/** What runs of studies print beside exponents and counts. */
export function studyBlocks(tables: Tables, options: TerminalOptions = {}): string[] {
  return [
    knownExponentsTable(tables, options),
    correctionTable(tables, options),
    extrapolationTable(tables, options),
    randomWalkTable(tables, options),
    universalityLines(tables),
    surrogateTable(tables, options),
    ...planeTables(tables).map(({ head, rows }) => draw(head, rows, options)),
  ];
}
