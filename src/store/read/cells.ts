/** How numbers are written. */
export interface NumberStyle {
  readonly decimal: '.' | ',';
  /** Mark between groups of three digits; none where undefined. */
  readonly thousands?: ',' | '.' | "'" | ' ' | '_' | undefined;
}

/** What people write for a value that is missing. */
const missing = new Set(
  `- -- . ? na n/a nan null none nil missing <na> nat #n/a #n/a! #na #nan #null! #div/0! #value! #ref! #num! #name?`.split(
    ' ',
  ),
);
const infinite: Record<string, number> = {
  inf: Infinity,
  '+inf': Infinity,
  '-inf': -Infinity,
  infinity: Infinity,
  '-infinity': -Infinity,
};
/** Exponents as Fortran writes them: 1.5D+03, or 1.5+103 where three digits leave no room for the letter. */
const fortran = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[dD]([+-]?\d+)|([+-]\d{3}))$/;
const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Whether a cell begins like a missing value of a spreadsheet, which begins like a comment. */
export const looksMissing = (text: string): boolean =>
  /^#(?:n\/a|na|nan|null!|div\/0!|value!|ref!|num!|name\?)/i.test(text);

function written(word: string): number | undefined {
  if (plain.test(word)) return Number(word);
  const match = fortran.exec(word);
  return match === null ? undefined : Number(`${match[1]}e${match[2] ?? match[3]}`);
}

/**
 * Makes a reader of cells: a number, NaN for a missing value, undefined for anything else. Groups of thousands count only where they
 * are complete: 12,34 is no number in any style with thousands.
 */
export function numberReader({ decimal, thousands }: NumberStyle): (cell: string) => number | undefined {
  const special = decimal === ',' || thousands !== undefined;
  // Blanks that no line breaks at are written for blanks.
  const mark =
    thousands === undefined ? '' : thousands === ' ' ? '[ \\u00a0\\u2009\\u202f]' : thousands.replace(/[.]/g, '\\$&');
  const marks = new RegExp(mark, 'g');
  const point = decimal === ',' ? ',' : '\\.';
  const grouped = new RegExp(`^[+-]?\\d{1,3}(?:${mark}\\d{3})+(?:${point}\\d*)?$`);
  const rest = (cell: string): number | undefined => {
    const word = cell.trim();
    if (word === '') return Number.NaN;
    let plainly = word;
    if (thousands !== undefined && grouped.test(word)) plainly = word.replace(marks, '');
    else if (decimal === ',' && word.includes('.')) return undefined;
    const value = written(decimal === ',' ? plainly.replace(',', '.') : plainly);
    if (value !== undefined) return value;
    const lower = word.toLowerCase();
    return missing.has(lower) ? Number.NaN : infinite[lower];
  };
  if (special) return rest;
  return (cell) => {
    // Number() takes blanks for 0, and reads 0x10 and 0b1, which no table means: their second character is a letter.
    const value = Number(cell);
    if (value - value !== 0 || (value === 0 && cell.trim() === '')) return rest(cell);
    return cell.charCodeAt(1) > 57 && !plain.test(cell.trim()) ? rest(cell) : value;
  };
}
