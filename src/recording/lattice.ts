import { printedStep } from './printed-step.ts';

/** Fewer distinct values than these lie on a common lattice by chance too often, unless each of them comes again and again. */
const leastDistinct = 7;
const leastRepeats = 10;
const largestInteger = 2 ** 53;

/**
 * The step that all values are multiples of: 1 for integers, 100 for integers that were multiplied by 100, 0.1 for values to one decimal; undefined
 * where there is none that matters. A unit says nothing about a law, so steps are found by a rule without one: Euclid's algorithm on what the
 * arithmetic leaves. A lattice that is only the last digit of real numbers, decimal, or binary of sums of single-precision numbers, is none: it is
 * so fine that it moves Σ ln x by far less than the noise, ⟨1/k⟩ ≪ 1/√n of multiples k.
 * @param n how many values the distinct ones stand for
 */
export function latticeOf(values: ArrayLike<number>, n: number = values.length): number | undefined {
  const distinct = new Set<number>();
  let integers = true;
  let single = true;
  let [least, largest] = [Infinity, 0];
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (!(x > 0 && x < Infinity)) continue;
    if (distinct.size < leastDistinct) distinct.add(x);
    integers &&= Number.isInteger(x) && x <= largestInteger;
    single &&= Math.fround(x) === x;
    least = Math.min(least, x);
    largest = Math.max(largest, x);
  }
  if (largest === 0) return undefined;
  const enough = distinct.size >= leastDistinct || (distinct.size > 1 && n >= leastRepeats * distinct.size);
  if (integers) return enough ? divisorOf(values, least) : 1;
  if (!enough) return undefined;
  const exact = single ? 2 ** -21 : 2 ** -44;
  const step = commonStep(values, least, largest, exact);
  if (step === undefined) return printedStep(values);
  return isFine(values, n, step, least) ? printedStep(values) : step;
}

/** Whether a lattice is too fine to matter to `n` values, and so to those beyond any cutoff, whose multiples are larger still. */
function isFine(values: ArrayLike<number>, n: number, step: number, least: number): boolean {
  let [reciprocals, seen] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (!(x > 0 && x < Infinity)) continue;
    reciprocals += step / x;
    seen++;
  }
  // Of distinct values with counts the least stands for all.
  const mean = seen === n ? reciprocals / seen : step / least;
  return mean * Math.sqrt(n) <= 1 / 3;
}

function divisorOf(values: ArrayLike<number>, least: number): number {
  let step = least;
  for (let i = 0; i < values.length && step > 1; i++) {
    const x = values[i]!;
    if (!(x > 0)) continue;
    for (let rest = x % step; rest > 0; ) [step, rest] = [rest, step % rest];
  }
  return step;
}

/** Euclid's algorithm on numbers that are known to `exact` of themselves; undefined where it finds nothing well above that. */
function commonStep(values: ArrayLike<number>, least: number, largest: number, exact: number): number | undefined {
  const finest = 64 * exact * largest;
  let step = least;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (!(x > 0 && x < Infinity)) continue;
    let [a, b] = [step, remainder(x, step)];
    while (b > 4 * exact * x) {
      if (b < finest) return undefined;
      [a, b] = [b, remainder(a, b)];
    }
    // The largest multiple knows the step best.
    step = x > step ? x / Math.round(x / a) : a;
  }
  const short = Number(step.toPrecision(9));
  for (const candidate of [short, step]) if (liesOn(values, candidate, exact)) return candidate;
  return undefined;
}

const remainder = (x: number, step: number): number => Math.abs(x - Math.round(x / step) * step);

function liesOn(values: ArrayLike<number>, step: number, exact: number): boolean {
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (x > 0 && x < Infinity && remainder(x, step) > 8 * exact * x) return false;
  }
  return true;
}

/** A multiple of a step, without the digits that only rounding made: 3 · 0.1 = 0.3. */
export const multiple = (k: number, step: number): number => (step === 1 ? k : Number((k * step).toPrecision(15)));
