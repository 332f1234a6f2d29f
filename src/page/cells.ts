/** The number a cell begins with, whatever it is set in: 1.337(4), 1 240 000, −0.3, 10–20; NaN where it is a word. */
export function numberIn(text: string): number {
  const plain = text
    .replace(/[\u202f\u00a0]/g, '')
    .replaceAll('−', '-')
    .replace(/^.*= /, '');
  if (/^∞/.test(plain)) return Number.POSITIVE_INFINITY;
  const found = /^-?[\d.]+(?:\(\d[\d.]*\))?(?:e-?\d+)?/.exec(plain)?.[0].replace(/\([^)]*\)/, '');
  return found === undefined ? Number.NaN : Number(found);
}

/** Order of two cells: numbers by value, before words; words by the alphabet, dashes last. */
export function compareCells(a: string, b: string): number {
  const [x, y] = [numberIn(a), numberIn(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  if ((a === '–') !== (b === '–')) return a === '–' ? 1 : -1;
  return a.localeCompare(b);
}

/** Rows as comma-separated values: true minus signs and narrow spaces in numbers give way to what programs read. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => {
    const plain = text.replace(/[\u202f\u00a0]/g, '').replace(/−(?=[\d.])/g, '-');
    return /[",\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return `${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`;
}
