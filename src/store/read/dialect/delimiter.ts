import { type Delimiter, isBlank, rowsOf } from './rows.ts';

const delimiters = ['\t', ';', '|', ',', 'blanks'] as const;

/** Delimiters in words. */
export const named: Record<Delimiter, string> = {
  '\t': 'tab',
  ';': 'semicolon',
  '|': 'bar',
  ',': 'comma',
  blanks: 'blanks',
};

/** The delimiter that parts most lines alike; of equal ones the first in the list, so that 2;11,3 is parted at the semicolon. */
export function delimiterOf(sample: string, lines: readonly string[]): Delimiter {
  let best: { delimiter: Delimiter; share: number } | undefined;
  for (const delimiter of delimiters) {
    const { rows } = rowsOf({ delimiter, quote: '"' })(sample, false);
    const counted = new Map<number, number>();
    const kept = rows.filter((row) => !isBlank(row));
    for (const row of kept) counted.set(row.length, (counted.get(row.length) ?? 0) + 1);
    const [width, count] = [...counted].reduce((a, b) => (b[1] > a[1] ? b : a), [1, 0]);
    if (width < 2) continue;
    const share = count / kept.length;
    if (share > 0.5 && (best === undefined || share > best.share + 0.2)) best = { delimiter, share };
  }
  // One column of words with blanks between them is one column: only numbers are parted at blanks alone.
  if (best?.delimiter === 'blanks' && !lines.slice(1).some((line) => /\d/.test(line)) && lines.length > 1) return ',';
  return best?.delimiter ?? ',';
}

const whole = /^\s*[+-]?\d+\s*$/;
const last = /^\s*[+-]?\d+(?:[eE][+-]?\d+)?\s*$/;

/** Whether two columns of whole numbers under a header of one, the second with exponents if need be, are a single column of decimal commas. The first column may count rows. */
export function hasDecimalCommas([first, ...data]: readonly (readonly string[])[]): boolean {
  return (
    first!.length === 1 &&
    data.some((row) => row.length === 2) &&
    data.every((row) => row.length <= 2 && row.every((cell, c) => (c + 1 < row.length ? whole : last).test(cell))) &&
    !data.every((row, at) => row[0]!.trim() === String(at + 1) || row[0]!.trim() === String(at))
  );
}
