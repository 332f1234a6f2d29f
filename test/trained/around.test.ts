import { join } from 'node:path';
import { run } from 'crackle';
import { describe, expect, it } from 'vitest';
import { activation } from '../../src/network/activation.ts';
import { createStream } from '../../src/numeric/random.ts';
import { readManifest } from '../../src/store/folder.ts';
import { openRun } from '../../src/store/open-run.ts';
import { meanFieldPoint } from '../../src/theory/meanfield.ts';
import { dataPoints, dealing, wholePoints } from '../../src/trained/around.ts';
import type { TrainedValues } from '../../src/trained/parameters.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { safetensorsFile } from '../weights/safetensors-file.ts';
import { gaussianFile } from './gaussian-file.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const quick = { workers: 1, figures: false };
const toy = { backend: 'simd', calibration: 16, alternatives: false, blocks: 4, profilePoints: 8 } as const;

/** Rows of Gaussian numbers of variance q. */
function points(rows: number, width: number, q: number): string {
  const stream = createStream(4);
  const value = () => Math.sqrt(q) * stream.normal();
  return safetensorsFile({ x: [rows, width] }, value, at(`points-${rows}-${width}-${q.toFixed(3)}.safetensors`));
}

describe('data points of perturbations', () => {
  const rows = (count: number) => ({ rows: count, width: 3, name: '', path: '', read: () => {} });
  const values = { perturbations: 100, calibration: 10, controlNetworks: 8 };
  const counts = (of: (id: number) => number, ids: readonly number[]) => {
    const out = new Map<number, number>();
    for (const id of ids) out.set(of(id), (out.get(of(id)) ?? 0) + 1);
    return out;
  };
  const ids = Array.from({ length: 100 }, (_, id) => id);

  it('come one after another in a saved network, and each has as many', () => {
    const { of } = dataPoints(rows(20), values, 100);
    expect(ids.map(of)).toEqual(ids.map((id) => Math.floor(id / 5)));
    expect(wholePoints(dealing(rows(20), 100), values as TrainedValues)).toBe(15);
    // A single point: blocks of perturbations, as around zero.
    expect(wholePoints(dealing(rows(1), 100), values as TrainedValues)).toBe(13);
  });

  it('are spread over the file where there are more than perturbations', () => {
    const { of } = dataPoints(rows(1000), values, 100);
    expect(ids.map(of)).toEqual(ids.map((id) => 10 * id));
    expect(Array.from({ length: 10 }, (_, i) => of(2 ** 40 + 10 + i))).toEqual(ids.slice(0, 10).map((i) => 100 * i));
  });

  it('are the same for controls, each of whose networks sees all of the file', () => {
    const reuse = 13;
    for (const count of [5, 20, 1000]) {
      const { of } = dataPoints(rows(count), values, reuse);
      const whole = counts(of, ids);
      const largest = Math.max(...whole.keys());
      for (let network = 0; network < 7; network++) {
        const own = counts(of, ids.slice(reuse * network, reuse * (network + 1)));
        expect(Math.min(...own.keys())).toBeLessThan(0.15 * count);
        expect(Math.max(...own.keys())).toBeGreaterThan(0.8 * largest);
      }
      const used = Math.min(count, 100);
      expect(whole.size).toBeGreaterThanOrEqual(0.85 * used);
      for (const n of whole.values()) expect(Math.abs(n - 100 / used)).toBeLessThanOrEqual(2);
    }
  });
});

describe('pipeline trained-avalanches around data points', () => {
  // Twenty networks, whose χ₁ scatters by 0.012: wrong by chance in one of ten thousand seeds.
  it.each([
    [1.2, 0.3, 'ordered'],
    [2.5, 0.1, 'chaotic'],
  ])('has perturbations grow by χ₁ a layer at σw² = %d, σb² = %d (%s)', async (weightVariance, biasVariance, phase) => {
    const { qStar, chi1 } = meanFieldPoint(activation('tanh'), weightVariance, biasVariance);
    expect(chi1 > 1).toBe(phase === 'chaotic');
    const [width, depth] = [128, 10];
    const out = at(phase);
    await run(
      'trained-avalanches',
      {
        ...{
          ...toy,
          weights: [gaussianFile(width, depth, weightVariance, 3, at(`${phase}.safetensors`), biasVariance)],
        },
        ...{ around: points(50, width, qStar), inputNorm: 1e-5, threshold: -100, controls: ['gaussian'] },
        ...{ perturbations: 400, controlNetworks: 20 },
      },
      { ...quick, out, record: ['signal'] },
    );
    const squares = { first: 0, last: 0 };
    const { rows } = await openRun(out);
    for (const { ensemble, layer, strength } of await rows('signal')) {
      if (Number(ensemble) !== 1) continue;
      if (layer === 1) squares.first += Number(strength) ** 2;
      if (layer === depth) squares.last += Number(strength) ** 2;
    }
    const growth = (squares.last / squares.first) ** (1 / (depth - 1));
    expect(Math.abs(growth - chi1)).toBeLessThan(0.012);
    const fromInput = (squares.last / (400 * (1e-10 / width))) ** (1 / depth);
    expect(Math.abs(fromInput - chi1)).toBeLessThan(0.012);
  });

  const critical = gaussianFile(24, 12, 1 + 1 / 24, 11, at('critical.safetensors'));
  const values = { ...toy, weights: [critical], perturbations: 320, controlNetworks: 8, inputNorm: 0.5 };
  const record = ['signal', 'avalanche', 'data_point'];

  it('has the bits of a run around zero where the point is zero and there are no biases', async () => {
    const zero = safetensorsFile({ zero: [24] }, () => 0, at('zero.safetensors'));
    const tables = async (out: string, more: object) => {
      await run(
        'trained-avalanches',
        { ...values, ...more, controls: ['shuffled'] },
        { ...quick, out: at(out), record },
      );
      const { rows } = await openRun(at(out));
      return { signal: await rows('signal'), avalanche: await rows('avalanche') };
    };
    const [plain, around] = [await tables('plain', {}), await tables('zero', { around: zero })];
    expect(around.signal.length).toBeGreaterThan(1000);
    expect(around).toEqual(plain);
  });

  it('has the same bits on any number of workers, records which point, and belongs to the file', async () => {
    const path = points(40, 24, 0.2);
    const more = { ...values, around: path, controls: ['shuffled'] } as const;
    await run('trained-avalanches', more, { ...quick, out: at('one'), record });
    await run('trained-avalanches', more, { ...quick, workers: 2, out: at('several'), record });
    expect(await hashDataset(at('several'))).toBe(await hashDataset(at('one')));
    expect(Object.keys((await readManifest(at('one'))).inputs!)).toEqual([critical, path].sort());
    const { rows } = await openRun(at('one'));
    const found = await rows('data_point');
    for (const ensemble of [0, 1]) {
      const own = found.filter((row) => Number(row.ensemble) === ensemble);
      expect(own.map(({ perturbation }) => Number(perturbation)).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 320 }, (_, id) => id),
      );
      const each = new Float64Array(40);
      for (const { data_point } of own) each[Number(data_point)]! += 1;
      expect([...each]).toEqual(Array(40).fill(8));
    }
    expect(found.filter((row) => Number(row.ensemble) === 0 && Number(row.perturbation) === 33)).toMatchObject([
      { data_point: 4 },
    ]);
  });

  it('follows what a network itself is given through its first layer', async () => {
    const { tables } = await run(
      'trained-avalanches',
      {
        ...values,
        layers: ['*'],
        layout: 'out-in',
        input: 'post-activation',
        around: points(10, 7, 1),
        controls: ['none'],
      },
      quick,
    );
    expect(tables.ensemble).toMatchObject([{ depth: 14, width: 7 }]);
  });

  it('refuses points of another width, naming both, and backends that have no differences', async () => {
    const refused = (more: object) => expect(run('trained-avalanches', { ...values, ...more }, quick)).rejects;
    await refused({ around: points(10, 7, 1) }).toThrow(
      /data points around which perturbations go must have 24 numbers, as the first layer \(layers\.0\.weight of .*critical\.safetensors\) takes, got 7 in .*points-10-7.*: x; what a network itself is given goes by layers '\*' and input post-activation/,
    );
    await refused({ around: points(10, 24, 1), backend: 'wasm' }).toThrow(/backend must be auto or simd/);
    await refused({ around: at('nowhere.npy') }).toThrow(/nowhere\.npy/);
  });
});
