import { join } from 'node:path';
import { createStream } from '../../src/numeric/random.ts';

/** A small input of a situation that people report; the right value stands in the test. */
export const caseFile = (name: string): string => join(import.meta.dirname, '../fixtures/cases', name);

/** Draws from the zeta law of exponent 2.4 (Devroye 1986, X.6.1): the integers of the cases on units. */
export function zetaValues(n: number, exponent: number, seed: number): Float64Array {
  const stream = createStream(seed, 1);
  const b = 2 ** (exponent - 1);
  const draw = (): number => {
    for (;;) {
      const [u, v] = [1 - stream.uniform(), stream.uniform()];
      const x = Math.floor(u ** (-1 / (exponent - 1)));
      const t = (1 + 1 / x) ** (exponent - 1);
      if (x < 1e6 && (v * x * (t - 1)) / (b - 1) <= t / b) return x;
    }
  };
  return Float64Array.from({ length: n }, draw);
}

/** Draws from a continuous power law above 1. */
export function paretoValues(n: number, exponent: number, seed: number): Float64Array {
  const stream = createStream(seed, 2);
  return Float64Array.from({ length: n }, () => (1 - stream.uniform()) ** (-1 / (exponent - 1)));
}

/** Each distinct value once, and how often it is there. */
export function counted(values: Float64Array): { value: Float64Array; count: Float64Array } {
  const counts = new Map<number, number>();
  for (const x of values) counts.set(x, (counts.get(x) ?? 0) + 1);
  return { value: Float64Array.from(counts.keys()), count: Float64Array.from(counts.values()) };
}
