import erfc from '@stdlib/math-base-special-erfc';
import gammainc from '@stdlib/math-base-special-gammainc';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { createStream, RandomStream } from '../../src/numeric/random.ts';
import { correlation, KOLMOGOROV_1E4, kolmogorov, NORMAL_1E4, uniformCounts } from './random-statistics.ts';

// Seeds are fixed, so nothing flakes. Under a fresh seed each statistical check has a false-alarm rate of 1e-4 (two-sided).
const draws = (n: number, draw: () => number): Float64Array => Float64Array.from({ length: n }, draw);
const N = 200_000;

describe('RandomStream', () => {
  it('is xoshiro128++: the state 1, 2, 3, 4 gives the published sequence', () => {
    const stream = new RandomStream(Int32Array.of(1, 2, 3, 4));
    const words = Array.from({ length: 6 }, () => stream.nextUint32());
    expect(words).toEqual([641, 1573767, 3222811527, 3517856514, 836907274, 4247214768]);
  });

  it('leaves the all-zero state, where xoshiro would stay', () => {
    const stream = new RandomStream(new Int32Array(4));
    expect(new Set(draws(64, () => stream.nextUint32())).size).toBeGreaterThan(50);
  });

  it('draws uniforms inside (0, 1) with the uniform law and no serial correlation', () => {
    const stream = createStream(11, 1);
    const u = draws(N, () => stream.uniform());
    expect(Math.min(...u.subarray(0, 50_000))).toBeGreaterThan(0);
    expect(Math.max(...u.subarray(0, 50_000))).toBeLessThan(1);
    expect(kolmogorov(u, (x) => x)).toBeLessThan(KOLMOGOROV_1E4);
    for (const lag of [1, 2, 3, 4, 7, 16]) {
      expect(Math.abs(correlation(u.subarray(0, N - lag), u.subarray(lag)))).toBeLessThan(NORMAL_1E4);
    }
    const cells = new Uint32Array(64 * 64);
    for (let i = 0; i + 1 < N; i += 2) cells[Math.floor(u[i]! * 64) * 64 + Math.floor(u[i + 1]! * 64)]!++;
    expect(Math.abs(uniformCounts(cells))).toBeLessThan(NORMAL_1E4);
  });

  it('balances every one of the 32 bits', () => {
    const stream = createStream(12);
    const ones = new Float64Array(32);
    for (let i = 0; i < N; i++) {
      const word = stream.nextUint32();
      for (let bit = 0; bit < 32; bit++) ones[bit]! += (word >>> bit) & 1;
    }
    // 32 checks at 1e-4 / 32 each: |z| < 4.7.
    for (const count of ones) expect(Math.abs(count - N / 2) / Math.sqrt(N / 4)).toBeLessThan(4.7);
  });

  it('draws normals with the right law, moments and tails', () => {
    const stream = createStream(13, 2);
    const x = draws(N, () => stream.normal());
    expect(kolmogorov(x, (v) => erfc(-v / Math.SQRT2) / 2)).toBeLessThan(KOLMOGOROV_1E4);
    const moment = (k: number): number => x.reduce((sum, v) => sum + v ** k, 0) / N;
    // Means and variances of x, x², x³, x⁴ under the standard normal.
    const laws = [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
    ] as const;
    for (const [k, mean, variance] of laws) {
      expect(Math.abs(moment(k) - mean) / Math.sqrt(variance / N)).toBeLessThan(NORMAL_1E4);
    }
    expect(Math.abs(correlation(x.subarray(1), x.subarray(0, N - 1)))).toBeLessThan(NORMAL_1E4);
    const n = 3_000_000;
    const edges = [1, 3.6541528853610088, 4.3];
    const beyond = edges.map(() => 0);
    for (let i = 0; i < n; i++) {
      const size = Math.abs(stream.normal());
      for (let k = 0; k < edges.length; k++) if (size > edges[k]!) beyond[k]!++;
    }
    edges.forEach((edge, k) => {
      const expected = n * erfc(edge / Math.SQRT2);
      expect(Math.abs(beyond[k]! - expected) / Math.sqrt(expected)).toBeLessThan(NORMAL_1E4);
    });
  });

  it.each([0.02, 0.3, 0.5, 1, 1.5, 8, 512.25])('draws gammas of shape %d exactly', (shape) => {
    const stream = createStream(14, Math.round(shape * 100));
    const x = draws(N / 4, () => stream.gamma(shape));
    expect(kolmogorov(x, (v) => gammainc(v, shape))).toBeLessThan(KOLMOGOROV_1E4);
    const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
    expect(Math.abs(mean - shape) / Math.sqrt(shape / x.length)).toBeLessThan(NORMAL_1E4);
  });

  it.each([1, 2, 3, 17, 1000])('draws χ² with %d degrees of freedom exactly', (n) => {
    const stream = createStream(15, n);
    const x = draws(N / 4, () => stream.chiSquared(n));
    expect(kolmogorov(x, (v) => gammainc(v / 2, n / 2))).toBeLessThan(KOLMOGOROV_1E4);
  });

  it('draws integers without bias, also where n is no power of two and beyond 32 bits', () => {
    const stream = createStream(16);
    for (const n of [1, 2, 7, 1000]) {
      const counts = new Uint32Array(n);
      for (let i = 0; i < N; i++) counts[stream.integer(n)]!++;
      if (n > 1) expect(Math.abs(uniformCounts(counts))).toBeLessThan(NORMAL_1E4);
    }
    for (const n of [3 * 2 ** 30, 3 * 2 ** 51]) {
      const thirds = new Uint32Array(3);
      for (let i = 0; i < N; i++) thirds[Math.floor((stream.integer(n) / n) * 3)]!++;
      expect(Math.abs(uniformCounts(thirds))).toBeLessThan(NORMAL_1E4);
    }
  });
});

describe('createStream', () => {
  it('gives the same stream for the same key and another for any other', () => {
    const first = (seed: number, ...key: number[]): string => {
      const stream = createStream(seed, ...key);
      return [stream.nextUint32(), stream.nextUint32(), stream.nextUint32()].join();
    };
    expect(first(7, 1, 2, 3)).toBe(first(7, 1, 2, 3));
    const keys: [number, ...number[]][] = [
      [7, 1, 2, 3],
      [7, 1, 3, 2],
      [8, 1, 2, 3],
      [7, 1, 2],
      [7, 1, 2, 3, 0],
      [7, 2 ** 32 + 1, 2, 3],
      [7 + 2 ** 52, 1, 2, 3],
      [2 ** 53 - 1, 1, 2, 3],
    ];
    expect(new Set(keys.map(([seed, ...key]) => first(seed, ...key))).size).toBe(keys.length);
  });

  it('gives independent streams for neighbouring seeds, ensembles, perturbations and lanes', () => {
    const n = 50_000;
    const keyed: ((i: number) => RandomStream)[] = [
      (i) => createStream(i, 0, 0),
      (i) => createStream(5, i, 0),
      (i) => createStream(5, 0, i),
      (i) => createStream(5, 0, 9, i),
      (i) => createStream(5, 0, 2 ** 40 + i * 2 ** 32),
    ];
    for (const make of keyed) {
      const first = new Float64Array(n);
      const later = new Float64Array(n);
      const pairs = new Set<string>();
      for (let i = 0; i < n; i++) {
        const stream = make(i);
        first[i] = stream.uniform();
        for (let k = 0; k < 10; k++) later[i] = stream.uniform();
        pairs.add(`${first[i]},${later[i]}`);
      }
      expect(pairs.size).toBe(n);
      for (const column of [first, later]) {
        expect(kolmogorov(column, (x) => x)).toBeLessThan(KOLMOGOROV_1E4);
        for (const lag of [1, 2, 4, 256]) {
          expect(Math.abs(correlation(column.subarray(lag), column.subarray(0, n - lag)))).toBeLessThan(NORMAL_1E4);
        }
      }
      expect(Math.abs(correlation(first, later))).toBeLessThan(NORMAL_1E4);
    }
  });

  it('turns over half of the first word when one bit of the key changes', () => {
    for (let bit = 0; bit < 53; bit++) {
      let turned = 0;
      const keys = 400;
      for (let k = 0; k < keys; k++) {
        const key = k * 7919;
        const flipped = Number(BigInt(key) ^ (1n << BigInt(bit)));
        let difference = createStream(3, key).nextUint32() ^ createStream(3, flipped).nextUint32();
        for (; difference !== 0; difference &= difference - 1) turned++;
      }
      // 53 checks at 1e-4 / 53 each: |z| < 4.8.
      expect(Math.abs(turned - 16 * keys) / Math.sqrt(8 * keys)).toBeLessThan(4.8);
    }
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses the seed or key %d', (value) => {
    expect(() => createStream(value)).toThrow(ParameterError);
    expect(() => createStream(1, value)).toThrow(`must be an integer from 0 to 2^53 - 1, got ${value}`);
  });
});
