import { StoreError } from '../../../error.ts';
import type { NumberStyle } from '../cells.ts';
import type { Delimiter } from './rows.ts';

/** What is said about numbers. */
interface Given {
  readonly decimal?: NumberStyle['decimal'] | undefined;
  readonly thousands?: NumberStyle['thousands'] | 'none' | undefined;
}

/**
 * How the numbers of the sample are written, where that isn't said.
 * @throws StoreError where commas may be of thousands or of decimals
 */
export function styleOf(name: string, cells: readonly string[], delimiter: Delimiter, given: Given): NumberStyle {
  const thousands = given.thousands === 'none' ? undefined : given.thousands;
  if (given.decimal !== undefined) return { decimal: given.decimal, thousands };
  if (given.thousands !== undefined)
    return { decimal: thousands === ',' ? '.' : thousands === '.' ? ',' : '.', thousands };
  const numbers = cells
    .map((cell) => cell.trim().replace(/(?<=[\d.,])[eEdD][+-]?\d+$/, ''))
    .filter((cell) => /^[+-]?[\d.,' _\u00a0\u2009\u202f]*\d[\d.,' _\u00a0\u2009\u202f]*$/.test(cell));
  // 1,234e3 holds no thousands: a number has an exponent so as not to need them.
  if (cells.some((cell) => /^\s*[+-]?\d*,\d+[eEdD][+-]?\d+\s*$/.test(cell))) return { decimal: ',' };
  const some = (pattern: RegExp): boolean => numbers.some((cell) => pattern.test(cell));
  if (some(/^[+-]?\d{1,3}(,\d{3})+\.\d*$/) || some(/^[+-]?\d{1,3}(,\d{3}){2,}$/))
    return { decimal: '.', thousands: ',' };
  if (some(/^[+-]?\d{1,3}(\.\d{3})+,\d*$/) || some(/^[+-]?\d{1,3}(\.\d{3}){2,}$/))
    return { decimal: ',', thousands: '.' };
  if (some(/^[+-]?\d{1,3}'\d{3}/)) return { decimal: '.', thousands: "'" };
  if (some(/^[+-]?\d{1,3}(_\d{3})+(\.\d*)?$/)) return { decimal: '.', thousands: '_' };
  if (some(/^[+-]?\d{1,3}([ \u00a0\u2009\u202f]\d{3})+([.,]\d*)?$/)) {
    return { decimal: some(/,\d*$/) ? ',' : '.', thousands: ' ' };
  }
  const commas = numbers.filter((cell) => cell.includes(','));
  if (commas.length > 0) {
    const dotted = numbers.filter((cell) => cell.includes('.'));
    const dots = dotted.length > 0;
    if (dots && commas.every((cell) => /^[+-]?\d{1,3},\d{3}$/.test(cell))) return { decimal: '.', thousands: ',' };
    if (dots && dotted.every((cell) => /^[+-]?\d{1,3}\.\d{3}$/.test(cell))) return { decimal: ',', thousands: '.' };
    if (dots) return { decimal: '.' };
    if (commas.some((cell) => !/^[+-]?\d{1,3},\d{3}$/.test(cell))) return { decimal: ',' };
    // Where fields are parted at commas a comma inside one must stand for thousands.
    if (delimiter === ',') return { decimal: '.', thousands: ',' };
    throw new StoreError(
      `${name} has numbers like ${commas[0]}, which may be thousands or decimals: say --decimal , or --thousands ,`,
    );
  }
  return { decimal: '.' };
}
