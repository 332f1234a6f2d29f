import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { power } from '../../src/numeric/power.ts';
import { uniform } from '../store/avalanche-columns.ts';

/** A double as an integer times a power of two. */
function parts(x: number): [bigint, number] {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0]!;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  return [(bits & 0xfffffffffffffn) | 0x10000000000000n, exponent - 1075];
}

/** How far a double is from x^n, in units in its last place: exact, in integers. */
function distance(value: number, x: number, n: number): number {
  const [m, e] = parts(x);
  const [found, at] = parts(value);
  // found·2^at against m^n·2^(e·n), both times 2^shift.
  const shift = Math.max(0, -at, -e * n) + 20;
  const difference = (found << BigInt(at + shift)) - ((m ** BigInt(n)) << BigInt(e * n + shift));
  const ulp = 1n << BigInt(at + shift);
  return Math.abs(Number((difference * 1_000_000n) / ulp) / 1e6);
}

describe('power', () => {
  it('is within 0.52 units in the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.integer({ min: 3, max: 40 }), (x, n) => {
        expect(distance(power(x, n), x, n)).toBeLessThan(0.52);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('gives powers of ten as they are written', () => {
    for (let k = -22; k <= 22; k++) expect(power(10, k)).toBe(Number(`1e${k}`));
  });

  it('is what the language says at the edges', () => {
    for (const x of [-Infinity, -2.5, -2, -1, -0, 0, 0.0625, 1, 16, Infinity, Number.NaN])
      for (const y of [-Infinity, -3, -2, -0.5, 0, 0.25, 1, 2, Infinity, Number.NaN])
        expect([x, y, power(x, y)]).toEqual([x, y, x ** y]);
  });

  it('has these very bits, in every engine and on every machine', () => {
    const random = uniform(4);
    const values = Float64Array.from({ length: 100_000 }, () => power(10 * random(), 20 * random() - 10));
    const digest = createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
    expect(digest).toBe('9a78a010bb5cb2ed52bfe74342b9a6bf431e3367a631191c25c76ef4c7c84439');
  });
});
