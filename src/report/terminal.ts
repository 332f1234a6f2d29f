import Table from 'cli-table3';
import { type Summary, withRows } from './summary.ts';

export interface TerminalOptions {
  /** Box borders and bold heads; plain aligned columns by default, fit for files, pipes and NO_COLOR. */
  readonly color?: boolean;
}

/** What a finished run prints. */
export interface RunSummary {
  readonly summaries: readonly Summary[];
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

function block({ head, rows, brief }: Summary, options: TerminalOptions): string {
  const lines = brief?.lines ?? [];
  const [heads, cells] = brief === undefined ? [head, rows] : [brief.head ?? [], brief.rows ?? []];
  return [...(cells.length === 0 ? [] : [draw(heads, cells, options)]), ...lines].join('\n');
}

/** Findings as a terminal shows them; '' without any. */
export function summaryText(summaries: readonly Summary[], options: TerminalOptions = {}): string {
  return withRows(summaries)
    .map((one) => block(one, options))
    .join('\n\n');
}

/** Everything that a run prints at its end, on stdout: what it found, where the files are. */
export function summary({ summaries, folder, files = [] }: RunSummary, options: TerminalOptions = {}): string {
  const where = folder === undefined ? '' : files.length === 0 ? folder : `${folder}/\n${fileList(files)}`;
  return [summaryText(summaries, options), where].filter((part) => part !== '').join('\n\n');
}
