import { appendFileSync, readFileSync } from 'node:fs';

/** A line of a table: its cells by the heads of their columns. */
export interface Row {
  readonly table: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** Adds a line to the file that CRACKLE_ROWS names, if it names one, for whoever makes tables of what several processes measured. */
export function tellRow(row: Row): void {
  const file = process.env.CRACKLE_ROWS;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** What was told so far. */
export function toldRows(file: string): Row[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Row);
}

/** Tables in Markdown, in the order in which they were begun; a cell that a line lacks is a dash. */
export function tablesOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.map(({ table }) => table))];
  const text = names.map((name) => {
    const lines = rows.filter(({ table }) => table === name);
    const heads = [...new Set(lines.flatMap(({ cells }) => Object.keys(cells)))];
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    const body = lines.map(({ cells }) => line(heads.map((head) => cells[head] ?? '–')));
    return [`**${name}**`, '', line(heads), line(heads.map(() => '---')), ...body].join('\n');
  });
  return text.join('\n\n');
}
