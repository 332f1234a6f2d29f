import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { mergeRuns, resume, run } from 'crackle';
import trained from 'crackle/pipelines/trained-avalanches';
import { describe, expect, it } from 'vitest';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { createStream } from '../../src/numeric/random.ts';
import { dense } from '../../src/propagation/dense.ts';
import { naive } from '../../src/propagation/naive.ts';
import { arithmetic } from '../../src/queue/arithmetic.ts';
import type { Offer } from '../../src/queue/offer.ts';
import { answer } from '../../src/queue/refusal.ts';
import { composePipeline } from '../../src/run/compose.ts';
import { partitionSizes } from '../../src/run/lanes.ts';
import { readManifest } from '../../src/store/folder.ts';
import { openRun } from '../../src/store/open-run.ts';
import { controlKinds, controlWeights } from '../../src/trained/controls.ts';
import { modelNames } from '../../src/weights/model-names.ts';
import { readWeights } from '../../src/weights/read-weights.ts';
import { engineAvalanches } from '../propagation/engine-avalanches.ts';
import { twoSample } from '../propagation/two-sample.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { gaussianFile } from './gaussian-file.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const torch = resolve(import.meta.dirname, '../fixtures/weights/torch.safetensors');
const quick = { workers: 1, figures: false };
const toy = { backend: 'simd', calibration: 16, alternatives: false, blocks: 4, profilePoints: 8 } as const;

/** Durations and signal sizes of all perturbations of a run's only ensemble, 0 where they died at once. */
async function samples(out: string, count: number) {
  const { rows } = await openRun(out);
  const found = await rows('avalanche');
  const none = Array.from({ length: count - found.length }, () => 0);
  const column = (name: 'duration' | 'signal_size') => [...found.map((row) => Number(row[name])), ...none];
  return { duration: column('duration'), size: column('signal_size') };
}

describe('pipeline trained-avalanches', () => {
  const [width, depth, variance] = [24, 30, 1 + 1 / 24];
  const [perturbations, seed] = [3000, 5];
  const inputNorm = 0.1;
  const gaussian = gaussianFile(width, depth, variance, 11, at('gaussian.safetensors'));

  const inputStrength = inputNorm / Math.sqrt(width);
  const ensemble: Ensemble = {
    ...{ index: 0, activation: 'tanh', width, depth, inputStrength, reuse: 1 },
    ...{ weightVariance: variance, biasVariance: 0 },
  };
  const sizesOf = (found: readonly { readonly size: number }[]) => found.map(({ size }) => size);

  // Comparisons of this test and the next are wrong by chance in one of a thousand seeds each.
  it('has the law of a plain simulation of the network', async () => {
    const out = at('law');
    const values = { ...toy, weights: [gaussian], perturbations, controls: ['none' as const] };
    const { tables } = await run('trained-avalanches', values, { ...quick, out, seed, record: ['avalanche'] });
    expect(tables.ensemble).toMatchObject([{ depth, width, model: 'gaussian', surrogate: null, activation: 'tanh' }]);
    expect(tables.ensemble[0]!.weight_variance).toBeCloseTo(variance, 5);
    const kernels = readWeights(gaussian);
    const stream = createStream(99);
    const strengthOf = (h: Float64Array) => Math.sqrt(h.reduce((sum, x) => sum + x * x, 0) / width);
    const plain = Array.from({ length: perturbations }, () => {
      let h = Float64Array.from({ length: width }, () => stream.normal());
      const scale = inputStrength / strengthOf(h);
      h = h.map((x) => x * scale);
      const passed = { duration: 0, size: 0 };
      for (const { kernel } of kernels) {
        const phi = h.map(Math.tanh);
        h = h.map((_, o) => phi.reduce((sum, x, i) => sum + x * kernel[i * width + o]!, 0));
        const s = strengthOf(h);
        if (s < inputStrength) break;
        passed.duration++;
        passed.size += width * s;
      }
      return passed;
    });
    const found = await samples(out, perturbations);
    expect(
      twoSample(
        found.duration,
        plain.map(({ duration }) => duration),
      ).p,
    ).toBeGreaterThan(1e-3);
    expect(twoSample(found.size, sizesOf(plain)).p).toBeGreaterThan(1e-3);
    // One network has a law of its own, which isn't that of all.
    const random = await engineAvalanches(naive, ensemble, 7, perturbations);
    expect(twoSample(found.size, sizesOf(random)).p).toBeLessThan(1e-3);
  });

  it('has controls with the law of Gaussian networks where the network is one', async () => {
    const layers = readWeights(gaussian);
    const random = await engineAvalanches(naive, ensemble, 8, 800);
    for (const kind of controlKinds) {
      const found = [];
      for (let network = 0; network < 800; network++) {
        const weights = controlWeights(layers, kind, { seed, ensemble: 0, network });
        // An ensemble a network, whose first perturbation is then another one.
        const own = { ...ensemble, index: network };
        found.push(...(await engineAvalanches(dense({ backend: 'simd', weights }), own, seed, 1)));
      }
      expect(twoSample(sizesOf(found), sizesOf(random)).p).toBeGreaterThan(1e-3);
    }
  });

  it('finds the avalanches that recorded signals and calibrations hold, above thresholds of layers', async () => {
    const out = at('thresholds');
    const record = ['signal', 'avalanche', 'network_calibration'];
    const values = { ...toy, weights: [torch], threshold: 1, perturbations: 120, controlNetworks: 6, inputNorm: 1 };
    const { tables } = await run('trained-avalanches', values, { ...quick, out, record });
    const { rows } = await openRun(out);
    const [signal, found, calibration] = [
      await rows('signal'),
      await rows('avalanche'),
      await rows('network_calibration'),
    ];
    for (const one of tables.ensemble) {
      const ensemble = Number(one.ensemble);
      const of = <Row extends { ensemble: unknown }>(all: readonly Row[]) =>
        all.filter((row) => Number(row.ensemble) === ensemble);
      const own = { signal: of(signal), found: of(found), calibration: of(calibration) };
      expect(one).toMatchObject({ threshold: 1, depth: 11, width: 8, reuse: ensemble === 0 ? 120 : 20 });
      expect(own.calibration.length).toBe(11 * (ensemble === 0 ? 1 : 6));
      let valid = 0;
      for (let id = 0; id < 120; id++) {
        const network = ensemble === 0 ? 0 : Math.floor(id / 20);
        const theta = own.calibration
          .filter((row) => Number(row.network) === network)
          .map(({ mean, sd }) => Math.fround(mean + sd));
        const trace = own.signal.filter((row) => Number(row.perturbation) === id);
        const end = trace.findIndex(({ strength }, l) => strength < theta[l]!);
        const duration = end < 0 ? trace.length : end;
        const row = own.found.find(({ perturbation }) => Number(perturbation) === id);
        expect(row?.duration ?? 0).toBe(duration);
        if (row !== undefined) expect(Number(row.network)).toBe(network);
        if (end > 0) valid++;
      }
      expect(Number(one.valid)).toBe(valid);
      const layers = tables.network_layer.filter((row) => row.ensemble === ensemble);
      expect(layers.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([...Array(10).fill([8, 8]), [8, 5]]);
      const first = own.calibration.filter(({ layer }) => layer === 1).map(({ mean }) => mean);
      expect(layers[0]!.mean).toBeCloseTo(first.reduce((sum, x) => sum + x, 0) / first.length, 12);
      expect(layers[9]).toMatchObject({ weights: 'layers.10.weight', networks: ensemble === 0 ? 1 : 6 });
    }
  });

  it('gives no exponents of eleven layers, and says so', async () => {
    const { tables, summaries } = await run(
      'trained-avalanches',
      { ...toy, weights: [torch], perturbations: 2000, inputNorm: 0.5 },
      quick,
    );
    expect(tables.exponents.map(({ tau, alpha }) => [tau, alpha])).toEqual(Array(3).fill([null, null]));
    expect(tables.exponents[0]!.branching_ratio).toBeGreaterThan(0);
    expect(tables.surrogate.map(({ verdict }) => verdict)).toEqual(Array(10).fill('missing in one of them'));
    const said = summaries.flatMap(({ findings = [] }) => findings.map(({ sentence }) => sentence)).join('\n');
    expect(said).toMatch(/torch, of .+ avalanches: no exponent could be fitted/);
    // Nothing to compare: no row that says so.
    expect(summaries.find(({ id }) => id === 'surrogates')!.rows).toEqual([]);
  });

  it('has the same bits on any number of workers and over an interruption', async () => {
    const values = {
      ...toy,
      weights: [gaussian, torch],
      perturbations: 640,
      threshold: 0,
      controls: ['shuffled' as const],
    };
    const how = { figures: false, record: ['avalanche', 'network_calibration'] };
    await run('trained-avalanches', values, { ...how, workers: 1, out: at('one') });
    const controller = new AbortController();
    const cut = await run('trained-avalanches', values, {
      ...{ ...how, workers: 3, out: at('cut'), signal: controller.signal },
      onSnapshot: ({ fraction }) => {
        if (fraction > 0) controller.abort();
      },
    });
    expect(cut.status).toBe('partial');
    expect((await resume(at('cut'), { figures: false, workers: 2 })).status).toBe('complete');
    expect(await hashDataset(at('cut'))).toBe(await hashDataset(at('one')));
  });

  it('goes on, is shared out and merged only with the files that it began with', async () => {
    const path = gaussianFile(8, 6, 1.1, 1, at('model.safetensors'));
    const values = { ...toy, weights: [path], perturbations: 128, controls: ['none' as const] };
    const begun = { ...quick, out: at('begun'), signal: AbortSignal.abort() };
    await run('trained-avalanches', values, begun);
    const { inputs, parameters } = await readManifest(at('begun'));
    expect(Object.keys(inputs!)).toEqual([path]);
    const shard = (index: number) => ({ ...quick, out: at(`shard-${index}`), shard: { index, of: 2 } });
    await run('trained-avalanches', values, shard(1));
    const offer = {
      ...{ pipeline: 'trained-avalanches', inputs, values: parameters, record: [] },
      arithmetic: await arithmetic(parameters),
    } as unknown as Offer;
    expect(await answer(offer, [])).toHaveProperty('module');
    gaussianFile(8, 6, 1.2, 1, path);
    expect(await answer(offer, [])).toEqual({
      refusal: `it reads ${path}, which is not the file here that it is there`,
    });
    await expect(resume(at('begun'), quick)).rejects.toThrow(
      /was begun with another content of .*model.safetensors: bring that file back/,
    );
    await run('trained-avalanches', values, shard(2));
    await expect(mergeRuns([at('shard-1'), at('shard-2')], quick)).rejects.toThrow(
      /the content of .*model.safetensors differs/,
    );
    gaussianFile(8, 6, 1.1, 1, path);
    expect((await resume(at('begun'), quick)).status).toBe('complete');
    const keeping = (seed: number) => ({ ...quick, seed, keepState: true, out: at(`seed-${seed}`) });
    for (const seed of [1, 2]) await run('trained-avalanches', values, keeping(seed));
    const { tables } = await mergeRuns([at('seed-1'), at('seed-2')], quick);
    expect(tables.ensemble).toMatchObject([{ perturbations: 256 }]);
    expect(tables.network_layer).toMatchObject(Array(6).fill({ networks: 1 }));
    await expect(resume(at('seed-1'), { ...quick, extend: { perturbations: 256 } })).rejects.toThrow(
      /perturbations of a network of ensemble 0 would be 256, and were 128 in what there is; make a new run$/,
    );
    expect(await readManifest(at('seed-1'))).toMatchObject({ status: 'complete', parameters: { perturbations: 128 } });
    gaussianFile(8, 6, 1.2, 1, path);
    await run('trained-avalanches', values, keeping(3));
    await expect(mergeRuns([at('seed-1'), at('seed-3')], quick)).rejects.toThrow(
      /with different contents of .*model.safetensors/,
    );
  });

  it('has whole networks of controls and whole parts of its own in partitions of a size that the run is given', () => {
    const values = { ...toy, weights: [torch], perturbations: 128, controlNetworks: 16 };
    const { composition } = composePipeline(trained, values);
    const sizes = (size: number) => partitionSizes(composition, { partitionSizes: [size] });
    expect([1, 7, 8].map(sizes)).toEqual(Array(3).fill([8, 8, 8]));
    expect(sizes(9)).toEqual([16, 16, 16]);
    const cut = (controlNetworks: number) =>
      partitionSizes(composePipeline(trained, { ...values, controls: ['none'], controlNetworks }).composition, {});
    expect(cut(16)).toEqual(cut(32));
  });

  it('tells networks that are called alike apart by no more of their paths than that takes', async () => {
    const names = (...paths: string[]) =>
      modelNames(paths.map((path) => ({ path, name: basename(path, extname(path)) })));
    expect(names('/home/me/a/m.npz', '/home/me/b/m.npz', '/home/me/other.npz')).toEqual([
      'a/m.npz',
      'b/m.npz',
      'other',
    ]);
    expect(names('m.npz', 'a/m.npz', './b/../a/b/m.npz')).toEqual(['m.npz', 'a/m.npz', 'b/m.npz']);
    expect(names('me/m.npz', 'me/m.safetensors', 'you/c/m/', 'you/d/m')).toEqual([
      'm.npz',
      'm.safetensors',
      'c/m',
      'd/m',
    ]);
    const path = [1, 2].map((seed) => {
      mkdirSync(at(`alike-${seed}`));
      return gaussianFile(8, 3, 1, seed, at(`alike-${seed}/m.safetensors`));
    });
    const values = { ...toy, weights: path, perturbations: 16, controls: ['none' as const] };
    const out = at('alike');
    const { tables } = await run('trained-avalanches', values, { ...quick, out });
    expect(tables.ensemble).toMatchObject([{ model: 'alike-1/m.safetensors' }, { model: 'alike-2/m.safetensors' }]);
    for (const file of readdirSync(out).filter((name) => name.endsWith('.parquet')))
      expect(readFileSync(join(out, file)).includes(at('alike-1')), file).toBe(false);
  });

  it('refuses what it can say nothing of', async () => {
    const refused = (values: object, options: object = {}) =>
      run('trained-avalanches', values, { ...quick, ...options });
    await expect(refused({})).rejects.toThrow(/weights must name files of trained networks/);
    for (const twice of [torch, `${dirname(torch)}/./${basename(torch)}`])
      await expect(refused({ weights: [torch, twice] })).rejects.toThrow(/weights must differ/);
    writeFileSync(at('notes.txt'), '');
    await expect(refused({ weights: [at('notes.txt')] })).rejects.toThrow(/notes.txt must end in .safetensors/);
    const values = { ...toy, weights: [torch], perturbations: 128, controlNetworks: 16 };
    await expect(refused(values, { partitionSize: 32 })).rejects.toThrow(/partition-size must be left out/);
  });
});
