import Table from 'cli-table3';
import { shellWord } from '../store/address.ts';
import { type Summary, sentencesOf, withRows } from './summary.ts';

export interface TerminalOptions {
  /** Box borders and bold heads; plain aligned columns by default, fit for files, pipes and NO_COLOR. */
  readonly color?: boolean;
  /** Characters of a line, default 80: longer sentences are broken, wider tables set in parts below each other. */
  readonly columns?: number;
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

/** A text in lines of at most `columns` characters, those after the first indented. */
export function wrapped(text: string, columns: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  const [, start = '', rest = ''] = /^( *)(.*)$/s.exec(text) ?? [];
  for (const word of rest.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === '' ? `${start}${word}` : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

/** Lines of text, those that are too long broken and indented by two more; rows of tables, whose cells stand apart, are left alone. */
export function wrappedLines(text: string, columns: number): string {
  const isRow = (line: string): boolean => /\S {2,}\S|[│─]/.test(line);
  return text
    .split('\n')
    .map((line) => (isRow(line) ? line : wrapped(line, columns, `${/^ */.exec(line)![0]}  `)))
    .join('\n');
}

/** A name, what stands beside it, and below it what it means, within the line. */
export function definition(name: string, beside: string, meaning: string, columns: number): string {
  const first = wrapped(`  ${name}${beside === '' ? '' : `  ${beside}`}`, columns, '      ');
  return meaning === '' ? first : `${first}\n${wrapped(`      ${meaning}`, columns, '      ')}`;
}

/** The columns that tell rows apart: the first, and of the next ones those that tell apart more. An empty first cell stands for the one above. */
function keysOf(rows: readonly (readonly string[])[]): number[] {
  let names = rows.map(() => '');
  let above = '';
  const keys: number[] = [];
  for (let i = 0; i < (rows[0]?.length ?? 0); i++) {
    const longer = names.map((name, r) => {
      if (i === 0) above = rows[r]![0] || above;
      return `${name}\n${i === 0 ? above : rows[r]![i]}`;
    });
    const told = new Set(names).size;
    if (i > 0 && told === rows.length) break;
    if (i > 0 && new Set(longer).size === told) continue;
    keys.push(i);
    names = longer;
  }
  return keys.length === 0 ? [0] : keys;
}

/** Columns of a table in groups that fit a line, as even as they can be, each after those that name the rows, or the first alone where these take most of it. */
function partsOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
  color: boolean,
): number[][] {
  const widths = head.map((text, i) => Math.max(text.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const cost = (i: number): number => widths[i]! + (color ? 3 : 2);
  const total = (some: readonly number[]): number => some.reduce((sum, i) => sum + cost(i), color ? 1 : -2);
  const every = [...head.keys()];
  if (total(every) <= columns) return [every];
  const telling = keysOf(rows);
  const keys = total(telling) <= 0.6 * columns ? telling : [0];
  const within = (most: number): number[][] => {
    const parts: number[][] = [];
    for (const i of every) {
      if (keys.includes(i)) continue;
      const last = parts.at(-1);
      if (last === undefined || total([...last, i]) > most) parts.push([...keys, i]);
      else last.push(i);
    }
    return parts;
  };
  const parts = within(columns);
  if (parts.length === 0) return [every];
  // No more parts, and none that is nearly empty.
  for (let most = columns - 1; ; most--) {
    const narrower = within(most);
    if (narrower.length > parts.length || narrower.some((part) => total(part) > most)) return within(most + 1);
  }
}

/** A table without columns that never vary, and these in words, where it is wider than a line with them. */
function withoutConstants(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
  color: boolean,
): { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[]; readonly same: string } {
  const constant = [...head.keys()].filter((i) => i > 0 && rows.every((row) => row[i] === rows[0]![i]));
  const fits = partsOf(head, rows, columns, color).length === 1;
  if (fits || rows.length < 2 || constant.length === 0) return { head, rows, same: '' };
  const kept = (row: readonly string[]): string[] => row.filter((_, i) => !constant.includes(i));
  const words = constant.map((i) => (rows[0]![i] === '–' ? `no ${head[i]}` : `${head[i]} ${rows[0]![i]}`));
  return { head: kept(head), rows: rows.map(kept), same: `in all rows: ${words.join('; ')}` };
}

/** A table in aligned columns, the first to the left; one wider than a line is set in parts that repeat the columns which name the rows. */
export function draw(head: readonly string[], rows: readonly (readonly string[])[], options: TerminalOptions): string {
  const parts =
    options.columns === undefined ? [[...head.keys()]] : partsOf(head, rows, options.columns, options.color === true);
  return parts
    .map((part) => {
      const own = (row: readonly string[]): string[] => part.map((i) => row[i] ?? '');
      return drawPart(own(head), rows.map(own), options);
    })
    .join('\n\n');
}

function drawPart(head: readonly string[], rows: readonly (readonly string[])[], options: TerminalOptions): string {
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
  const { columns = 80 } = options;
  const text = lines.map((line) => wrapped(line, columns, line.startsWith('  ') ? '    ' : ''));
  if (cells.length === 0) return text.join('\n');
  const table = withoutConstants(heads, cells, columns, options.color === true);
  const same = table.same === '' ? [] : [wrapped(table.same, columns)];
  return [draw(table.head, table.rows, { ...options, columns }), ...same, ...text].join('\n');
}

/** Findings as a terminal shows them; '' without any. */
export function summaryText(summaries: readonly Summary[], options: TerminalOptions = {}): string {
  return withRows(summaries)
    .map((one) => block(one, options))
    .join('\n\n');
}

/** What was found in sentences, a mark before each. */
function findingsText(summaries: readonly Summary[], columns: number): string {
  return sentencesOf(summaries)
    .map((text) => wrapped(`• ${text}`, columns, '  '))
    .join('\n');
}

const page = 'report.html';

/** Everything that a run prints at its end, on stdout: what it found, in sentences and in tables, where the files are, what to look at next. */
export function summary({ summaries, folder, files = [] }: RunSummary, options: TerminalOptions = {}): string {
  const where = folder === undefined ? '' : files.length === 0 ? folder : `${folder}/\n${fileList(files)}`;
  const { columns = 80 } = options;
  const next = folder !== undefined && files.includes(page) ? `open ${shellWord(`${folder}/${page}`)}` : '';
  return [findingsText(summaries, columns), summaryText(summaries, { ...options, columns }), where, next]
    .filter((part) => part !== '')
    .join('\n\n');
}
