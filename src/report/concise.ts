const minus = '\u2212';

/** A number with a true minus sign, for text that people read. */
export function signed(text: string): string {
  return text.replace(/^-/, minus);
}

/**
 * A value and its standard error in concise notation: `1.337(4)`, `12.3(1.5)`, `1230(40)`. The error is given to one digit,
 * to two where its leading digit is 1 (as the Particle Data Group rounds, coarser), and the value to the same place.
 * Digits in the brackets count from the last place of the value; an error ≥ 1 beside decimals is written with its point.
 * Without a finite, positive error the value stands alone, to four significant digits; a value that isn't finite is `–`.
 */
export function withError(value: number, error: number): string {
  if (!Number.isFinite(value)) return '–';
  if (!(error > 0) || !Number.isFinite(error)) return signed(String(Number(value.toPrecision(4))));
  const scale = Math.max(Math.abs(value), error);
  if (scale >= 1e6 || scale < 1e-4) {
    const power = Math.floor(Math.log10(scale));
    return `${fixedWithError(value / 10 ** power, error / 10 ** power)}e${signed(String(power))}`;
  }
  return fixedWithError(value, error);
}

function fixedWithError(value: number, error: number): string {
  const leadsWithOne = (x: number): boolean => x.toExponential(1).startsWith('1');
  const rounded = Number(error.toPrecision(leadsWithOne(error) ? 2 : 1));
  const one = leadsWithOne(rounded) ? 1 : 0;
  const place = Math.floor(Math.log10(rounded) + 1e-9) - one;
  if (place >= 0) {
    const unit = 10 ** place;
    return `${signed(String(Math.round(value / unit) * unit))}(${Math.round(rounded)})`;
  }
  const decimals = Math.min(-place, 15);
  const bracket = rounded >= 1 ? rounded.toFixed(decimals) : String(Math.round(rounded * 10 ** decimals));
  return `${signed(value.toFixed(decimals))}(${bracket})`;
}
