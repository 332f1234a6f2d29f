import erfc from '@stdlib/math-base-special-erfc';
import { describe, expect, it } from 'vitest';
import { hashKey } from '../../src/numeric/random-key.ts';
import { chooseBackend, type Matrices } from '../../src/propagation/backend/choose.ts';
import { DenseGroup } from '../../src/propagation/dense-group.ts';
import { correlation, KOLMOGOROV_1E4, kolmogorov, NORMAL_1E4 } from '../numeric/random-statistics.ts';
import { withoutGpu } from './adapter.ts';
import { keyOf, normals, weightOf } from './reference.ts';

// Seeded; under a fresh seed each check has a false-alarm rate of 1e-4.
const skip = await withoutGpu();

const ensemble = {
  index: 4,
  activation: 'tanh',
  width: 128,
  depth: 9,
  weightVariance: 128,
  biasVariance: 1,
  inputStrength: 1,
  reuse: 1,
};

/** Keys as engine dense gives them to the card. */
const keysOf = (seed: number, index: number, networks: readonly number[]): number[] => [
  ...new DenseGroup(
    { ...ensemble, index },
    seed,
    networks.map((network) => ({ network, ids: [network] })),
  ).onDevice().keys,
];

async function drawn(what: Matrices, keys: readonly number[], deviations?: readonly number[]): Promise<Float64Array> {
  const { tf, draw } = (await chooseBackend('webgpu')).tensors!;
  const [matrices] = what.shape;
  const inputs = [
    tf.tensor2d(Int32Array.from(keys), [matrices, 4], 'int32'),
    tf.tensor1d(Float32Array.from(deviations ?? new Array<number>(matrices).fill(1))),
  ] as const;
  const tensor = draw!(what, ...inputs);
  const values = Float64Array.from(await tensor.data());
  tf.dispose([tensor, ...inputs]);
  return values;
}

/** A whole matrix of a network, 128 × 128. */
const matrix = (seed: number, index: number, network: number, layer: number): Promise<Float64Array> =>
  drawn({ shape: [1, 128, 128], rows: 128, columns: 128, layer, first: 0 }, keysOf(seed, index, [network]));

describe.skipIf(skip !== undefined)('weights drawn on WebGPU', () => {
  it('are the numbers of their definition, times the deviation of each network, in zeros', async () => {
    const keys = keysOf(3, 1, [0, 5, 2 ** 40]);
    const deviations = [1, 0.25, 3];
    // Of the same size, so that memory is used again; then rows from 7 on.
    for (const [rows, columns, first] of [
      [64, 96, 0],
      [33, 70, 0],
      [1, 3, 7],
    ] as const) {
      const values = await drawn({ shape: [3, 64, 96], rows, columns, layer: 6, first }, keys, deviations);
      values.forEach((x, at) => {
        const [m, row, column] = [Math.floor(at / 6144), Math.floor(at / 96) % 64, at % 96];
        if (row >= rows || column >= columns) {
          expect(x).toBe(0);
          return;
        }
        const key = keys.slice(4 * m, 4 * m + 4);
        const z = deviations[m]! * weightOf(key, 6, first + row, column);
        // Of small squares a logarithm of float32 knows the root to some 1e-3.
        expect(Math.abs(x * x - z * z)).toBeLessThan(1e-5 * deviations[m]! ** 2 * (1 + z * z));
        if (Math.abs(z) > 0.02 * deviations[m]!) expect(Math.sign(x)).toBe(Math.sign(z));
      });
    }
  });

  it('do not depend on the company, nor on what fills a matrix up', async () => {
    const keys = keysOf(3, 1, [7, 8]);
    const both = await drawn({ shape: [2, 64, 64], rows: 50, columns: 45, layer: 2, first: 0 }, keys);
    const alone = await drawn({ shape: [1, 96, 128], rows: 50, columns: 45, layer: 2, first: 0 }, keys.slice(4));
    for (let row = 0; row < 50; row++) {
      expect(both.subarray(4096 + 64 * row, 4096 + 64 * row + 45)).toEqual(alone.subarray(128 * row, 128 * row + 45));
    }
  });

  it('are standard normals in every place of four, with the right moments and tails', async () => {
    const layers: Float64Array[] = [];
    for (let layer = 1; layer <= 8; layer++) layers.push(await matrix(5, 0, 1, layer));
    const all = Float64Array.from(layers.flatMap((values) => [...values]));
    const n = all.length;
    for (const place of [0, 1, 2, 3]) {
      const some = all.filter((_, i) => i % 4 === place);
      expect(kolmogorov(some, (v) => erfc(-v / Math.SQRT2) / 2)).toBeLessThan(KOLMOGOROV_1E4);
    }
    for (const [power, mean, variance] of [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
      [6, 15, 10_170],
    ] as const) {
      const found = all.reduce((sum, z) => sum + z ** power, 0) / n;
      expect(Math.abs(found - mean) / Math.sqrt(variance / n), `${power}`).toBeLessThan(NORMAL_1E4);
    }
    for (const edge of [1, 2, 3, 4]) {
      const expected = n * erfc(edge / Math.SQRT2);
      const beyond = all.reduce((count, z) => count + Number(Math.abs(z) > edge), 0);
      expect(Math.abs(beyond - expected) / Math.sqrt(expected * (1 - expected / n)), `${edge}`).toBeLessThan(
        NORMAL_1E4,
      );
    }
  });

  it('are independent across columns, rows, layers, networks, ensembles, seeds, and of the squares of engine annealed', async () => {
    const own = await matrix(5, 0, 1, 3);
    const n = own.length;
    const annealed = Float64Array.from(normals(keyOf(5, 0, 1), 3, n));
    const pairs: Record<string, readonly [Float64Array, Float64Array]> = {
      'first and second of a quad': [own.filter((_, i) => i % 4 === 0), own.filter((_, i) => i % 4 === 1)],
      'first and third': [own.filter((_, i) => i % 4 === 0), own.filter((_, i) => i % 4 === 2)],
      'second and fourth': [own.filter((_, i) => i % 4 === 1), own.filter((_, i) => i % 4 === 3)],
      columns: [own.subarray(1), own.subarray(0, n - 1)],
      quads: [own.subarray(4), own.subarray(0, n - 4)],
      rows: [own.subarray(128), own.subarray(0, n - 128)],
      'a matrix and its transpose': [own, own.map((_, i) => own[(i % 128) * 128 + Math.floor(i / 128)]!)],
      layers: [own, await matrix(5, 0, 1, 4)],
      networks: [own, await matrix(5, 0, 2, 3)],
      ensembles: [own, await matrix(5, 1, 1, 3)],
      seeds: [own, await matrix(6, 0, 1, 3)],
      'networks beyond 2³²': [own, await matrix(5, 0, 1 + 2 ** 32, 3)],
      'annealed, of the same seed, ensemble, number and layer': [own, annealed],
    };
    // A matrix and its transpose have pairs twice, and a diagonal.
    const upper = own.map((_, i) => Number(i % 128 > Math.floor(i / 128)));
    for (const [name, [a, b]] of Object.entries(pairs)) {
      const chosen = (x: Float64Array) => (name.includes('transpose') ? x.filter((_, i) => upper[i] === 1) : x);
      const [x, y] = [chosen(a), chosen(b)];
      expect(Math.abs(correlation(x, y)), name).toBeLessThan(NORMAL_1E4);
      expect(Math.abs(correlation(x.map(Math.abs), y.map(Math.abs))), name).toBeLessThan(NORMAL_1E4);
      expect(Math.abs(correlation(x.map(Math.sign), y.map(Math.sign))), name).toBeLessThan(NORMAL_1E4);
    }
  });

  it('have keys that nothing else has', () => {
    expect(keysOf(5, 0, [1])).not.toEqual(keyOf(5, 0, 1));
    expect(keysOf(5, 0, [1])).toEqual([...hashKey(5, [0, 0x64656e64, 1])]);
  });
});
