import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import pipeline from '../../pipelines/correlation-depth.ts';
import { createStream } from '../../src/numeric/random.ts';
import { depthRow, type Pair, type PairResult } from '../../src/phase/correlation-tables.ts';
import { decayLength, decayWeights, decayWindow, productError } from '../../src/phase/decay.ts';
import { compileFigure } from '../../src/report/render.ts';
import { run } from '../../src/run/run.ts';
import type { Manifest } from '../../src/store/manifest.ts';
import { temporaryFolder } from '../run/temporary.ts';

const folder = temporaryFolder();
const toy = {
  width: 400,
  depth: 40,
  weightVariances: [0.5, 1.25, 2.5],
  biasVariances: [0.05],
  correlations: [0, 0.9],
  networks: 96,
};

describe("run('correlation-depth', values)", () => {
  const out = join(folder, 'toy');
  let once: ReturnType<typeof run> | undefined;
  const ran = () => {
    once ??= run(pipeline, toy, { out, record: ['correlation'], seed: 2 });
    return once;
  };

  it('follows the correlation map layer by layer, within its error', async () => {
    const { tables, figures } = await ran();
    const layers = tables.correlation_layer!;
    expect(layers).toHaveLength(6 * 41);
    for (const { layer, correlation, correlation_error, recursion, input_correlation } of layers) {
      if (layer === 0) expect(correlation).toBe(input_correlation);
      // 4.5 standard errors (false alarm 7e-6 a row, 2e-3 for all) and the correction of order 1/N, which the distance from c* = 0.45 back to
      // the start at 0.9 amplifies the most: a coefficient below 8.
      expect(Math.abs(correlation! - recursion!)).toBeLessThan(4.5 * correlation_error! + 8 / toy.width);
    }
    for (const figure of figures) expect(compileFigure(figure).warnings).toEqual([]);
    const { tables: written } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;
    expect(written.correlation!.rows).toBe(6 * 96 * 40);
  });

  it.each([['weightVariances'], ['biasVariances'], ['correlations']] as const)(
    'counts no value of %s twice',
    async (name) => {
      await expect(run(pipeline, { ...toy, [name]: [0.5, 0.5] })).rejects.toThrow(/must differ, got 0\.5 twice$/);
    },
  );

  it('decays over the depth scale ξ_c of the theory', async () => {
    const { tables, summaries } = await ran();
    expect(summaries[0]!.rows.map((row) => row.length)).toEqual(
      Array.from({ length: 6 }, () => summaries[0]!.head.length),
    );
    expect(summaries[0]!.rows[5]![4]).toMatch(/^\d+\.\d+\(\d+\)$/);
    const rows = tables.correlation_depth!;
    expect(rows).toHaveLength(6);
    for (const row of rows) {
      expect(row.decay_length_error! / row.decay_length!).toBeLessThan(0.06);
      // 4 jackknife errors and 6 % for the finite width (of order 10/N in these lengths, twice that from far off c*).
      const distance = Math.abs(row.decay_length! - row.decay_length_recursion!);
      expect(distance).toBeLessThan(4 * row.decay_length_error! + 0.06 * row.xi_c!);
      expect(Math.abs(row.decay_length_recursion! / row.xi_c! - 1)).toBeLessThan(0.1);
      expect(row.networks).toBe(96);
    }
  });

  it('gives the same rows in this thread and in workers', async () => {
    const small = { ...toy, weightVariances: [2.5], networks: 20, blocks: 4, depth: 12 };
    const [one, two] = [await run(pipeline, small), await run('correlation-depth', small, { workers: 2 })];
    expect(two.tables).toEqual(one.tables);
  });

  it('fits nothing where signals die out, or the correlation starts at its fixed point', async () => {
    const dead = await run(
      pipeline,
      { ...toy, weightVariances: [0.8], biasVariances: [0], networks: 8, correlations: [0.5] },
      {},
    );
    expect(dead.tables.correlation_depth![0]!.decay_length ?? null).toBeNull();
    const still = await run(pipeline, { ...toy, weightVariances: [1.25], networks: 8, correlations: [1] }, {});
    expect(still.tables.correlation_depth![0]!.decay_length ?? null).toBeNull();
    expect(still.tables.correlation_layer!.every(({ correlation }) => correlation === 1)).toBe(true);
    // Identical inputs, where others go apart: theirs stays at 1, and the distance from a pair at c* scatters as that does.
    const chaotic = { ...toy, width: 64, weightVariances: [2], networks: 32, correlations: [1] };
    const identical = await run(pipeline, chaotic, {});
    expect(identical.tables.correlation_layer!.every(({ correlation }) => correlation === 1)).toBe(true);
    expect(identical.tables.correlation_depth![0]!.decay_length ?? null).toBeNull();
    expect(identical.summaries[0]!.findings![0]!.sentence).toMatch(/^Nowhere/);
    const alone = await run(pipeline, { ...toy, width: 64, weightVariances: [1.25], networks: 1 }, {});
    expect(alone.summaries[0]!.findings!.map(({ sentence }) => sentence)).toEqual([
      'One network a point gives no error, which a decay of the correlation of two inputs could stand clear of: none was fitted. Give more networks.',
    ]);
  });
});

describe('decayLength(distances, window)', () => {
  const layers = Array.from({ length: 61 }, (_, l) => l);
  const exact = layers.map((l) => 0.4 * Math.exp(-l / 7));

  it('finds the length of an exact exponential to rounding', () => {
    const error = exact.map((value) => value / 50);
    const distances = { value: exact, error, networks: 16 };
    const window = decayWindow(distances, exact, 7)!;
    expect(window).toEqual({ first: 1, last: 60 });
    const weights = decayWeights(distances, window);
    expect(decayLength(exact, window, weights)).toBeCloseTo(7, 10);
    const negative = exact.map((value) => -value);
    expect(decayLength(negative, window, weights)).toBeCloseTo(7, 10);
  });

  it('ends the window where the distance sinks into its error, and starts it where the theory is at its rate', () => {
    const error = layers.map(() => 1e-3);
    const slow = exact.map((value, l) => (l < 10 ? value * 2 : value));
    const window = decayWindow({ value: slow, error, networks: 16 }, slow, 7)!;
    expect(window.first).toBe(10);
    // 0.4 e^{−l/7} > 4e-3 up to l = 32.
    expect(window.last).toBe(32);
    // Of 900 networks 30 errors are the scatter of one of them: 0.4 e^{−l/7} > 0.03 up to l = 18.
    expect(decayWindow({ value: slow, error, networks: 900 }, slow, 7)!.last).toBe(18);
  });

  it('finds no window where nothing stands out, and no length where nothing decays', () => {
    const error = layers.map(() => 1);
    expect(decayWindow({ value: exact, error, networks: 16 }, exact, 7)).toBeUndefined();
    const grows = layers.map((l) => Math.exp(l / 7));
    expect(decayLength(grows, { first: 1, last: 20 }, error)).toBeNaN();
  });

  it('weighs layers by the spread of products of independent factors, not by the scatter of the sample', () => {
    const value = exact.map((mean, l) => mean * (l % 2 === 0 ? 1.1 : 0.9));
    const error = layers.map((l) => value[l]! * Math.sqrt(Math.expm1(0.01 * l) / 40));
    const weights = decayWeights({ value, error, networks: 40 }, { first: 2, last: 60 });
    expect([...weights.slice(0, 2)]).toEqual([0, 0]);
    for (const l of [2, 3, 30, 59]) expect(weights[l]! * Math.expm1(0.01 * l)).toBeCloseTo(1, 9);
  });
});

describe('depthRow(pair, result)', () => {
  const [depth, length, growth, networks] = [60, 12, 0.03, 16];
  const theory = Float64Array.from({ length: depth + 1 }, (_, l) => 0.1 * Math.exp(-l / length));
  const layers = Array.from(theory.keys());

  it('adds up the covariances of products of independent factors, layer by layer', () => {
    const window = { first: 3, last: 40 };
    const weights = layers.map((l) => 1 / (1 + l));
    const inside = layers.slice(window.first, window.last + 1);
    const sum = (of: (l: number) => number): number => inside.reduce((total, l) => total + of(l), 0);
    const mean = sum((l) => weights[l]! * l) / sum((l) => weights[l]!);
    const spread = sum((l) => weights[l]! * (l - mean) ** 2);
    const share = (l: number): number => (weights[l]! * (l - mean)) / spread;
    const variance = sum((k) => sum((l) => share(k) * share(l) * Math.expm1(growth * Math.min(k, l)))) / networks;
    const logs = layers.map((l) => growth * l);
    expect(productError(length, logs, window, weights, networks)).toBeCloseTo(length ** 2 * Math.sqrt(variance), 10);
  });

  it('quotes errors that hold how lengths of few networks scatter', () => {
    const moments = (rows: readonly Float64Array[]) => {
      const n = rows.length;
      const mean = theory.map((_, l) => rows.reduce((sum, row) => sum + row[l]!, 0) / n);
      const error = mean.map((m, l) => Math.sqrt(rows.reduce((sum, row) => sum + (row[l]! - m) ** 2, 0) / (n - 1) / n));
      return { mean, error, count: theory.map(() => n) };
    };
    const pair = { ensemble: {}, point: { cStar: 0, xiC: length }, correlation: 0.1, recursion: theory };
    const distances = Array.from({ length: 200 }, (_, sample) => {
      const stream = createStream(2, 1, sample, 0);
      const rows = Array.from({ length: networks }, () => {
        const row = theory.slice();
        for (let l = 1; l <= depth; l++) {
          row[l] = row[l - 1]! * Math.exp(-1 / length - growth / 2 + Math.sqrt(growth) * stream.normal());
        }
        return row;
      });
      const all = { distance: moments(rows), logDistance: moments(rows.map((row) => row.map(Math.log))) };
      const leaveOneOut = rows.map((_, left) => ({ distance: moments(rows.filter((__, i) => i !== left)) }));
      const result = { counts: { perturbations: networks }, result: { all, leaveOneOut } };
      const row = depthRow(pair as unknown as Pair, result as unknown as PairResult);
      return (row.decay_length! - length) / row.decay_length_error!;
    });
    const mean = distances.reduce((sum, z) => sum + z, 0) / distances.length;
    const scatter = Math.sqrt(distances.reduce((sum, z) => sum + (z - mean) ** 2, 0) / (distances.length - 1));
    // Of 20 seeds 1.16 ± 0.08 (by the jackknife alone 1.35 to 1.76): beyond 1.4 in one of a thousand.
    expect(scatter).toBeLessThan(1.4);
  });
});
