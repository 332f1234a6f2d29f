import Table from 'cli-table3';
import { withError } from './concise.ts';
import { fullNumber } from './quantity.ts';
import { seriesOf } from './series.ts';
import { sizeWords } from './size-words.ts';
import { estimateOf, numberOf, type Row, rowsOf, type Tables } from './table-row.ts';
import { studyBlocks } from './terminal-studies.ts';

export interface TerminalOptions {
  /** Box borders and bold heads; plain aligned columns by default, fit for files, pipes and NO_COLOR. */
  readonly color?: boolean;
}

/** What a finished run prints. */
export interface RunSummary {
  readonly tables: Tables;
  /** Where the run went; no files are listed without it. */
  readonly folder?: string | undefined;
  /** Files of the run, relative to its folder. */
  readonly files?: readonly string[] | undefined;
}

const none = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
const plain = {
  ...none,
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  right: '',
  middle: '  ',
};

/** A table in aligned columns, the first to the left. */
export function draw(head: readonly string[], rows: readonly (readonly string[])[], options: TerminalOptions): string {
  const color = options.color === true;
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    chars: color ? none : plain,
    style: {
      head: color ? ['bold'] : [],
      border: color ? ['gray'] : [],
      'padding-left': color ? 1 : 0,
      'padding-right': color ? 1 : 0,
    },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function estimate(row: Row, name: string): string {
  const found = estimateOf(row, name);
  return found === undefined ? '–' : withError(found.value, found.error);
}

function mismatch(row: Row): string {
  const sigmas = numberOf(row, 'mismatch_sigmas');
  const away = Number.isFinite(sigmas) ? `  ${Math.abs(sigmas).toFixed(1)} σ` : '';
  return `${estimate(row, 'mismatch')}${away}`;
}

/**
 * Exponents with errors, the crackling prediction and how far it is off, and the branching ratio where it was measured: one line an ensemble.
 * '' without rows.
 */
export function exponentsTable(tables: Tables, options: TerminalOptions = {}): string {
  const rows = rowsOf(tables, 'exponents');
  const branching = rows.some((row) => estimateOf(row, 'branching_ratio') !== undefined);
  const lines = seriesOf(tables, rows).flatMap(({ ensemble, label }) =>
    rows
      .filter((row) => numberOf(row, 'ensemble') === ensemble)
      .map((row) => [
        label,
        ...['tau', 'alpha', 'gamma_scaling', 'gamma_collapse', 'gamma_predicted'].map((name) => estimate(row, name)),
        mismatch(row),
        ...(branching ? [estimate(row, 'branching_ratio')] : []),
      ]),
  );
  if (lines.length === 0) return '';
  const head = ['ensemble', 'τ', 'α', 'γ', 'γ collapse', 'γ predicted', 'mismatch'];
  const table = draw([...head, ...(branching ? ['branching'] : [])], lines, options);
  return `${table}\n\nSizes are ${sizeWords(tables).meaning}.`;
}

/** What the perturbations of each ensemble came to. '' without rows. */
export function countsTable(tables: Tables, options: TerminalOptions = {}): string {
  const rows = rowsOf(tables, 'ensemble');
  const columns = ['perturbations', 'valid', 'dead', 'censored'];
  if (rows.some((row) => numberOf(row, 'non_finite') > 0)) columns.push('non_finite');
  const lines = seriesOf(tables, rows).flatMap(({ ensemble, label }) =>
    rows
      .filter((row) => numberOf(row, 'ensemble') === ensemble)
      .map((row) => [label, ...columns.map((name) => fullNumber(numberOf(row, name)))]),
  );
  if (lines.length === 0) return '';
  return draw(['ensemble', ...columns.map((name) => name.replace('_', '-'))], lines, options);
}

/** Files one a line, the numbered parts of a table and the two forms of a figure on one line each. */
export function fileList(files: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const key = file.replace(/part-\d+(\.\w+)$/, 'part-*$1').replace(/\.(svg|png)$/, '.{svg,png}');
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const lines = [...groups].map(([key, group]) => {
    if (group.length === 1) return `  ${group[0]}`;
    return key.includes('part-*') ? `  ${key}  (${group.length} parts)` : `  ${key}`;
  });
  return lines.join('\n');
}

/** Everything that a run prints at its end, on stdout: exponents, counts, where the files are. */
export function summary(run: RunSummary, options: TerminalOptions = {}): string {
  const blocks = [
    exponentsTable(run.tables, options),
    ...studyBlocks(run.tables, options),
    countsTable(run.tables, options),
  ];
  if (run.folder !== undefined) {
    const files = run.files ?? [];
    blocks.push(files.length === 0 ? run.folder : `${run.folder}/\n${fileList(files)}`);
  }
  return blocks.filter((block) => block !== '').join('\n\n');
}
