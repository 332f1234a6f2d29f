import type { RecordBatch } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { createStream } from '../../src/numeric/random.ts';
import { type PairOptions, propagatePairs } from '../../src/propagation/correlation.ts';
import { column } from '../../src/schema/batch.ts';
import { KOLMOGOROV_1E4, kolmogorovTwo } from '../numeric/random-statistics.ts';

const base: Ensemble = {
  index: 4,
  activation: 'tanh',
  width: 16,
  depth: 5,
  weightVariance: 1.5,
  biasVariance: 0.1,
  inputStrength: 0.8,
  reuse: 1,
};

interface Row {
  network: number;
  layer: number;
  a: number;
  b: number;
  c: number;
}

function rowsOf(options: Partial<PairOptions> = {}): Row[] {
  const all = { ensemble: base, seed: 1, correlation: 0.3, first: 0, count: 10, ...options };
  return [...propagatePairs(all)].flatMap((batch: RecordBatch) =>
    Array.from({ length: batch.numRows }, (_, i) => ({
      network: Number(column<BigInt64Array>(batch, 'network')[i]),
      layer: column<Int32Array>(batch, 'layer')[i]!,
      a: column<Float64Array>(batch, 'energy_a')[i]!,
      b: column<Float64Array>(batch, 'energy_b')[i]!,
      c: column<Float64Array>(batch, 'correlation')[i]!,
    })),
  );
}

/** Two orthogonalised inputs through weights held in memory; energies and correlation of the last layer. */
function naivePair(ensemble: Ensemble, c: number, seed: number, phi: (x: number) => number) {
  const { width, depth, weightVariance, biasVariance, inputStrength } = ensemble;
  const stream = createStream(seed);
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, v, i) => sum + v * y[i]!, 0) / width;
  const z = [0, 1].map(() => new Float64Array(width).map(() => stream.normal()));
  const e = z[0]!.map((v) => v / Math.sqrt(dot(z[0]!, z[0]!)));
  const along = dot(e, z[1]!);
  const rest = z[1]!.map((v, i) => v - along * e[i]!);
  const norm = Math.sqrt(dot(rest, rest));
  let h = [
    e.map((v) => v * inputStrength),
    e.map((v, i) => inputStrength * (c * v + (Math.sqrt(1 - c * c) / norm) * rest[i]!)),
  ] as const;
  for (let l = 1; l <= depth; l++) {
    const x = h.map((row) => row.map(phi));
    const next = [new Float64Array(width), new Float64Array(width)] as const;
    for (let i = 0; i < width; i++) {
      const w = new Float64Array(width).map(() => stream.normal() * Math.sqrt(weightVariance * width));
      const bias = stream.normal() * Math.sqrt(biasVariance);
      for (const r of [0, 1] as const) next[r][i] = bias + dot(w, x[r]!);
    }
    h = next;
  }
  const [a, b] = [dot(h[0], h[0]), dot(h[1], h[1])];
  return { a, b, c: dot(h[0], h[1]) / Math.sqrt(a * b) };
}

describe('propagatePairs', () => {
  test('energies and correlations have the law of the textbook simulation', () => {
    const ensemble = { ...base, activation: 'sin' };
    const n = 3000;
    const fast = rowsOf({ ensemble, count: n }).filter((row) => row.layer === base.depth);
    const slow = Array.from({ length: n }, (_, i) => naivePair(ensemble, 0.3, 1000 + i, Math.sin));
    expect(fast).toHaveLength(n);
    for (const key of ['a', 'b', 'c'] as const) {
      const of = (rows: readonly { a: number; b: number; c: number }[]) => Float64Array.from(rows, (row) => row[key]);
      expect(kolmogorovTwo(of(fast), of(slow)), key).toBeLessThan(KOLMOGOROV_1E4);
    }
  });

  test('in wide networks c_l follows the correlation map', () => {
    const [wv, bv, width, count] = [1.5, 0.1, 2000, 60];
    const ensemble = { ...base, weightVariance: wv, biasVariance: bv, width, depth: 6 };
    const rows = rowsOf({ ensemble, count, correlation: 0.3 });
    // Mean-field recursion by the trapezoidal rule on ±8 standard deviations: exact to 1e-9 for smooth φ.
    const grid = Array.from({ length: 161 }, (_, i) => -8 + i / 10);
    const weight = grid.map((z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / 10);
    const mean = (f: (x: number, y: number) => number) =>
      grid.reduce((sum, x, i) => sum + weight[i]! * grid.reduce((s, y, j) => s + weight[j]! * f(x, y), 0), 0);
    let [q, ab] = [base.inputStrength ** 2, 0.3 * base.inputStrength ** 2];
    for (let l = 1; l <= ensemble.depth; l++) {
      const [s, c] = [Math.sqrt(q), ab / q];
      // At layer 1 the inputs are spread over the sphere rather than Gaussian: the same to 1/N.
      ab = wv * mean((x, y) => Math.tanh(s * x) * Math.tanh(s * (c * x + Math.sqrt(1 - c * c) * y))) + bv;
      q = wv * mean((x) => Math.tanh(s * x) ** 2) + bv;
      const found = rows.filter((row) => row.layer === l).map((row) => row.c);
      const average = found.reduce((x, y) => x + y) / count;
      const error = Math.sqrt(found.reduce((x, y) => x + (y - average) ** 2, 0) / (count - 1) / count);
      expect(Math.abs(average - ab / q)).toBeLessThan(4 * error + 5 / width);
    }
  });

  test('inputs of correlation 1 stay together, of −1 opposite, for odd φ without bias', () => {
    for (const correlation of [1, -1]) {
      const rows = rowsOf({ ensemble: { ...base, biasVariance: 0, depth: 50 }, correlation });
      for (const row of rows) {
        expect(row.c).toBe(correlation);
        expect(row.b).toBe(row.a);
      }
    }
  });

  test('1 − c_l falls by one rate over ten decades in the ordered phase', () => {
    const ensemble = { ...base, weightVariance: 0.9, width: 3000, depth: 80 };
    const rows = rowsOf({ ensemble, count: 4, correlation: 0.9 });
    const layers = (from: number, to: number) => {
      const at = (level: number) => rows.findIndex((row) => row.network === 1 && 1 - row.c < level);
      return at(to) - at(from);
    };
    const [upper, lower] = [layers(1e-2, 1e-7), layers(1e-7, 1e-12)];
    expect(upper).toBeGreaterThan(10);
    expect(Math.abs(lower / upper - 1)).toBeLessThan(0.12);
  });

  test('rows depend on options and network only, not on windows and batches', () => {
    const whole = rowsOf({ count: 20 });
    expect(whole.map((row) => row.network * 5 + row.layer)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect([...rowsOf({ count: 7, windowRows: 3 }), ...rowsOf({ first: 7, count: 13, windowRows: 11 })]).toEqual(whole);
    expect(rowsOf({ count: 20, seed: 2 })).not.toEqual(whole);
  });

  test('refuses a correlation outside [−1, 1]', () => {
    expect(() => rowsOf({ correlation: 1.5 })).toThrow(ParameterError);
    expect(() => rowsOf({ correlation: Number.NaN })).toThrow('correlation must be a number from -1 to 1, got NaN');
  });
});
