import { power } from '../numeric/power.ts';

/** Most digits that numbers are taken for rounded with: doubles written in full have 15 to 17. */
const mostDigits = 13;
/** Distinct values that must lie on the lattice, and the share of all values that they stand for. */
const leastOnIt = 14;
const leastShare = 0.5;
const looked = 4096;

/** How far a printed number may lie from what it was: from the digits that numbers of its column have; undefined where they are written in full. */
function roundingOf(values: readonly number[]): ((x: number) => number) | undefined {
  let decimals = 0;
  let digits = 0;
  for (const x of values.slice(0, looked)) {
    const [mantissa, exponent] = x.toExponential().split('e') as [string, string];
    const own = mantissa.length - (mantissa.includes('.') ? 1 : 0);
    digits = Math.max(digits, own);
    decimals = Math.max(decimals, own - 1 - Number(exponent));
  }
  if (digits > mostDigits) return undefined;
  return (x) => 0.5 * Math.max(power(10, -decimals), power(10, Math.floor(Math.log10(x)) + 1 - digits));
}

/**
 * The step of values that are multiples of one that decimals don't spell, printed with a few digits: 0.333333, 0.666667, 1 … frames of a camera in seconds.
 * Euclid's algorithm on the smaller values, where rounding is far finer than the step. undefined where there is none.
 */
export function printedStep(given: ArrayLike<number>): number | undefined {
  const count = new Map<number, number>();
  let n = 0;
  for (let i = 0; i < given.length; i++) {
    const x = given[i]!;
    if (!(x > 0 && x < Infinity)) continue;
    n++;
    count.set(x, (count.get(x) ?? 0) + 1);
  }
  const values = [...count.keys()].sort((a, b) => a - b);
  // Real numbers hardly ever repeat.
  if (values.length < leastOnIt || values.length > n / 2) return undefined;
  const rounding = roundingOf(values);
  if (rounding === undefined) return undefined;
  let step = values[0]!;
  let on = 0;
  for (; on < values.length; on++) {
    const x = values[on]!;
    const error = 4 * rounding(x);
    if (16 * error > step) break;
    let [a, b] = [step, Math.abs(x - Math.round(x / step) * step)];
    while (b > error) {
      if (b < 16 * error) return undefined;
      [a, b] = [b, Math.abs(a - Math.round(a / b) * b)];
    }
    // The largest multiple knows the step best.
    step = x / Math.round(x / a);
  }
  let held = 0;
  for (const x of values.slice(0, on)) {
    if (Math.abs(x - Math.round(x / step) * step) > 4 * rounding(x)) return undefined;
    held += count.get(x)!;
  }
  return on >= leastOnIt && held >= leastShare * n ? Number(step.toPrecision(9)) : undefined;
}
