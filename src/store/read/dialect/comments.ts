import { looksMissing } from '../cells.ts';

/** The mark that comment lines begin with, if the sample has such lines. */
export function commentOf(lines: readonly string[]): string | undefined {
  for (const mark of ['#', '%', '//', '!']) {
    if (lines.some((line) => line.startsWith(mark) && !looksMissing(line))) return mark;
  }
  // A semicolon parts fields more often than it begins comments.
  const marked = lines.filter((line) => line.startsWith(';'));
  return marked.length > 0 && lines.every((line) => line.startsWith(';') || !line.includes(';')) ? ';' : undefined;
}

/** Whether a line is left out. */
export function isComment(comment: string | undefined, cell: string): boolean {
  return (
    comment !== undefined && comment !== '' && cell.trimStart().startsWith(comment) && !looksMissing(cell.trimStart())
  );
}
