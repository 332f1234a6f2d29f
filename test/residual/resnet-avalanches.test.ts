import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layersOf, residualArchitecture } from '../../src/network/resnet/architecture.ts';
import { checkParameters } from '../../src/parameter.ts';
import { sharing } from '../../src/residual/models.ts';
import { residualParameters } from '../../src/residual/parameters.ts';
import { run } from '../../src/run/run.ts';
import { readRows } from '../../src/store/read-table.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';

const folder = temporaryFolder();
const record = ['signal', 'avalanche', 'network_calibration', 'tally'];
const toy = {
  models: ['resnet-18', 'resnet-50'],
  thresholds: [-1, 0, 2],
  widthMultiplier: 1 / 16,
  inputSize: 8,
  batch: 8,
  calibration: 32,
  networks: 6,
  perturbations: 96,
  backend: 'simd' as const,
  profilePoints: 8,
  alternatives: false,
};

/** Rows of a table's parts, in order. */
async function streamed(out: string, table: string): Promise<Record<string, number>[]> {
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  const rows: Record<string, number>[] = [];
  for (const path of manifest.tables[table].parts) {
    for (const row of await readRows(join(out, path), table)) {
      rows.push(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])));
    }
  }
  return rows;
}

describe('pipeline resnet-avalanches', () => {
  it('finds the avalanches that its recorded signals and calibrations hold, at every threshold', async () => {
    const out = join(folder, 'recorded');
    const options = { out, record, workers: 1, seed: 3, figures: false };
    const { tables, figures, status } = await run('resnet-avalanches', toy, options);
    expect(status).toBe('complete');
    const signal = await streamed(out, 'signal');
    const calibration = await streamed(out, 'network_calibration');
    const found = await streamed(out, 'avalanche');
    const layerOf = (ensemble: number, network: number) =>
      calibration.filter((row) => row.ensemble === ensemble && row.network === network);
    let checked = 0;
    for (const one of tables.ensemble ?? []) {
      const ensemble = Number(one.ensemble);
      const first = ensemble - (ensemble % 3);
      const own = found.filter((row) => row.ensemble === ensemble);
      const tally = { valid: 0, dead: 0, censored: 0 };
      for (let id = 0; id < 96; id++) {
        const network = Math.floor(id / 16);
        const trace = signal.filter((row) => row.ensemble === first && row.perturbation === id);
        expect(trace).toHaveLength(Number(one.depth));
        const layers = layerOf(first, network);
        const theta = layers.map(({ mean, sd }) => Math.fround(mean! + Number(one.threshold) * sd!));
        const end = trace.findIndex(({ strength }, l) => strength! < theta[l]!);
        const duration = end < 0 ? trace.length : end;
        const row = own.find(({ perturbation }) => perturbation === id);
        if (duration === 0) tally.dead++;
        else if (end < 0) tally.censored++;
        else tally.valid++;
        expect(row === undefined).toBe(duration === 0);
        if (row === undefined) continue;
        expect(row).toMatchObject({ network, start: 1, duration, censored: end < 0 ? 1 : 0 });
        const inside = trace.slice(0, duration).map(({ strength }) => strength!);
        const excess = inside.reduce((sum, strength, l) => sum + (strength - theta[l]!), 0);
        const sum = inside.reduce((total, strength) => total + strength, 0);
        expect(Math.abs(row.size! - excess)).toBeLessThanOrEqual(1e-12 * excess);
        expect(Math.abs(row.signal_size! / sum - 1)).toBeLessThan(1e-12);
        checked++;
      }
      expect(one).toMatchObject({ ...tally, perturbations: 96, non_finite: 0, input_norm: Math.sqrt(8 * 8 * 3) });
    }
    expect(checked).toBeGreaterThan(100);
    expect(tables.ensemble?.map(({ model, threshold }) => `${model} ${threshold}`)).toEqual([
      'resnet-18 -1',
      'resnet-18 0',
      'resnet-18 2',
      'resnet-50 -1',
      'resnet-50 0',
      'resnet-50 2',
    ]);
    // The calibration table is the average over the six networks.
    const rows = tables.calibration ?? [];
    expect(rows).toHaveLength(60 + 158);
    for (const row of rows) {
      const each = calibration.filter(({ ensemble, layer }) => ensemble === row.ensemble && layer === row.layer);
      expect(each).toHaveLength(6);
      const mean = each.reduce((sum, { mean }) => sum + mean!, 0) / 6;
      expect(row.mean).toBeCloseTo(mean, 10);
      expect(row.sd).toBeCloseTo(Math.sqrt(each.reduce((sum, { sd }) => sum + sd! ** 2, 0) / 6), 10);
      const variance = each.reduce((sum, one) => sum + (one.mean! - mean) ** 2, 0) / 5;
      expect(row.network_sd).toBeCloseTo(Math.sqrt(variance), 8);
    }
    expect(figures.map(({ name }) => name)).toEqual([
      'calibration',
      'exponents-by-threshold',
      ...['resnet-18', 'resnet-50'].flatMap((model) =>
        ['size-distribution', 'duration-distribution', 'scaling', 'collapse'].map((name) => `${name}-${model}`),
      ),
    ]);
  });

  it('gives a threshold the same avalanches whatever other thresholds and models there are', async () => {
    const scaling = async (more: object): Promise<unknown> => {
      const { tables } = await run('resnet-avalanches', { ...toy, ...more }, { workers: 1 });
      const { ensemble } = tables.ensemble!.find((row) => row.model === 'resnet-18' && row.threshold === 0)!;
      return tables.scaling!.filter((row) => row.ensemble === ensemble).map(({ ensemble, ...row }) => row);
    };
    const alone = await scaling({ models: ['resnet-18'], thresholds: [0] });
    expect(alone).not.toEqual([]);
    expect(await scaling({ models: ['resnet-50', 'resnet-18'], thresholds: [1, 0] })).toEqual(alone);
  });

  it('divides the inputs of a single network among workers, the same bits for 1 and 2, and counts its calibration once', async () => {
    const hashes: string[] = [];
    for (const workers of [1, 2]) {
      const out = join(folder, `single-${workers}`);
      const one = { ...toy, models: ['resnet-18'], networks: 1, blocks: 4 };
      const { tables } = await run('resnet-avalanches', one, { out, workers, record, figures: false });
      hashes.push(await hashDataset(out));
      const calibration = await streamed(out, 'network_calibration');
      expect(calibration.map(({ layer }) => layer)).toEqual(Array.from({ length: 60 }, (_, l) => l + 1));
      expect(calibration.every(({ network }) => network === 0)).toBe(true);
      for (const row of tables.calibration ?? []) expect(row).toMatchObject({ networks: 1, network_sd: null });
      expect((await streamed(out, 'avalanche')).every(({ network }) => network === 0)).toBe(true);
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('has the calibration of every network once in partitions of a size that the run is given', async () => {
    const many = { ...toy, models: ['resnet-18'], layers: 'block' as const, inputSize: 2, batch: 2, calibration: 2 };
    const values = { ...many, thresholds: [0], networks: 128, perturbations: 256 };
    const out = join(folder, 'sized');
    const options = { out, workers: 1, partitionSize: 2, record: ['network_calibration'], figures: false };
    const { tables } = await run('resnet-avalanches', values, options);
    const first = (await streamed(out, 'network_calibration')).filter(({ layer }) => layer === 1);
    expect(first.map(({ network }) => network)).toEqual(Array.from({ length: 128 }, (_, n) => n));
    expect(tables.calibration?.[0]).toMatchObject({ networks: 128 });
  });

  it('rounds the perturbations of a network up to whole batches', () => {
    const values = checkParameters(residualParameters, { ...toy, networks: 3, perturbations: 65 });
    expect(sharing(values)).toBe(24);
    expect(sharing({ ...values, networks: 1 })).toBe(72);
    // By itself: 32 networks, or as many as there are batches.
    expect(sharing({ ...values, networks: null })).toBe(8);
    expect(sharing({ ...values, networks: null, perturbations: 3201 })).toBe(104);
    expect(() => sharing({ ...values, networks: 4, perturbations: 72 })).toThrow(
      'perturbations must be more than 72 for 4 networks that take whole batches of 8, got 72',
    );
  });

  it.each([
    { models: ['resnet-18', 'resnet-34'], thresholds: [-1000, 1000], backend: 'auto' as const },
    {
      models: ['resnet-50'],
      layout: 'pre-activation' as const,
      stem: 'cifar' as const,
      layers: 'block' as const,
      strength: 'norm' as const,
      batchNorm: 'batch' as const,
      backend: 'cpu' as const,
      images: 'mnist' as const,
    },
    {
      models: ['resnet-101', 'resnet-152'],
      additions: true,
      batchNorm: 'running' as const,
      backend: 'wasm' as const,
      inputChannels: 1,
      classes: 3,
    },
  ])('runs with every word of every choice: %j', async (words) => {
    const least = { networks: 1, perturbations: 16, calibration: 8, ...words };
    const { tables, status } = await run('resnet-avalanches', { ...toy, thresholds: [0], ...least }, { workers: 1 });
    expect(status).toBe('complete');
    const rows = tables.calibration ?? [];
    expect(rows.length).toBeGreaterThan(0);
    for (const { mean, sd } of rows) expect(Number(mean) > 0 && Number(sd) >= 0).toBe(true);
    for (const { model, threshold, dead, censored } of tables.ensemble ?? []) {
      expect(words.models).toContain(model);
      if (Math.abs(Number(threshold)) === 1000) expect(threshold === 1000 ? dead : censored).toBe(16);
    }
  });

  it("has the library's defaults", () => {
    const values = checkParameters(residualParameters, {});
    const plain = residualArchitecture({ model: 'resnet-18' });
    const own = residualArchitecture({ ...values, model: 'resnet-18', widthMultiplier: 1, inputSize: 224 });
    expect(own).toEqual(plain);
    expect(layersOf(own, values)).toEqual(layersOf(plain));
    // The defaults of residual(): initial statistics, root mean square, Gaussian images.
    expect(values).toMatchObject({ batchNorm: 'initial', strength: 'rms', images: 'gaussian' });
    expect(values.perturbations / sharing(values)).toBe(32);
    expect(values.calibration % values.batch).toBe(0);
  });

  it('names the parameter that does not fit', async () => {
    const failing: [object, string][] = [
      [
        { models: ['resnet-19'] },
        'models must be a list of one or more, each one of resnet-18, resnet-34, resnet-50, resnet-101, resnet-152',
      ],
      [{ models: ['resnet-18', 'resnet-18'] }, 'models must differ, got resnet-18 twice'],
      [{ thresholds: [1, 1] }, 'thresholds must differ, got 1 twice'],
      [{ thresholds: [0.5] }, 'thresholds must be a list'],
      [{ networks: 13 }, 'perturbations must be more than 96 for 13 networks that take whole batches of 8, got 96'],
      [{ batch: 1, batchNorm: 'batch' }, 'batch must be at least 2 for batch statistics of batch norm, got 1'],
      [{ additions: true, layers: 'block' }, 'additions must be false where layers are blocks'],
      [{ layout: 'v2' }, "layout must be one of torchvision, pre-activation, got 'v2'"],
      [{ calibration: 4 }, 'calibration must be a multiple of batch, 8, got 4'],
      [{ images: 'nowhere.idx' }, "of an IDX file or of a folder of pictures, got 'nowhere.idx'"],
    ];
    for (const [more, message] of failing) {
      await expect(run('resnet-avalanches', { ...toy, ...more }, { workers: 1 })).rejects.toThrow(message);
    }
  });
});
