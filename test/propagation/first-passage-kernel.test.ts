import { createHash } from 'node:crypto';
import type { RecordBatch } from 'apache-arrow';
import { lastValueFrom, map, of, tap, toArray } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AvalanchesOptions, avalanches } from '../../src/avalanche/avalanches.ts';
import { noTally, type Tally } from '../../src/avalanche/detector.ts';
import { energySpectrum } from '../../src/avalanche/spectrum.ts';
import { executePartition } from '../../src/flow/execute.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { checkParameters } from '../../src/parameter.ts';
import { annealed } from '../../src/propagation/annealed.ts';
import { effective } from '../../src/propagation/effective.ts';
import { type PropagateOptions, propagate } from '../../src/propagation/propagate.ts';
import { makeBatch, tableOf } from '../../src/schema/batch.ts';
import { writeIds } from '../../src/schema/int64.ts';
import { beside, type Stage } from '../../src/stage.ts';
import { parquetEncoder } from '../../src/store/parquet/encoder.ts';
import type { Sink } from '../../src/store/sink.ts';

const tanh: Ensemble = {
  index: 1,
  activation: 'tanh',
  width: 40,
  depth: 300,
  weightVariance: 1.03,
  biasVariance: 0,
  inputStrength: 0.02,
  reuse: 1,
};
/** A random walk of ln s with small steps: avalanches of thousands of layers. */
const long: Ensemble = { ...tanh, activation: 'linear', width: 4000, depth: 12_000, weightVariance: 1 };
const byLayer = (depth: number) => Float32Array.from({ length: depth + 1 }, (_, l) => 0.015 + 0.00001 * l);

/** What a stage makes of signals: a hash of all columns, tallies, how many signals there were, and whether an engine made any. */
async function run(
  ensemble: Ensemble,
  count: number,
  stage: (partition: { ensemble: Ensemble; count(tally: Tally): void }) => Stage,
  options: PropagateOptions,
  windows: boolean,
) {
  const tally = noTally();
  const engines = [annealed, effective].map((one) => vi.spyOn(one, 'propagate'));
  let signals = 0;
  let rows = 0;
  let longest = 0;
  const partition = {
    ensemble,
    seed: 5,
    drained: async () => {},
    count: (more: Tally) => {
      for (const key of Object.keys(tally) as (keyof Tally)[]) tally[key] += more[key];
    },
  };
  const ids = writeIds(Float64Array.from({ length: count }, (_, i) => i + 2 ** 33));
  const perturbation$ = of(
    makeBatch(
      'perturbation',
      {
        ensemble: new Int32Array(count).fill(1),
        network: ids,
        perturbation: ids,
        strength: new Float32Array(count).fill(ensemble.inputStrength),
      },
      count,
    ),
  );
  const propagated$ = perturbation$.pipe(propagate(partition, options));
  // Anything between the two, and avalanches are found in windows of signals.
  const signal$ = windows
    ? propagated$.pipe(
        map((batch) => batch),
        tap((batch) => {
          signals += batch.numRows;
        }),
      )
    : propagated$;
  const columns = new Map<string, Uint8Array[]>();
  for (const batch of await lastValueFrom(signal$.pipe(stage(partition), toArray()))) {
    batch.schema.fields.forEach(({ name }, at) => {
      const data = batch.data.children[at]!;
      const { values } = data.children[0] ?? data;
      // Bits of rows are counted on from batch to batch.
      const bytes =
        name === 'censored' && tableOf(batch) === 'avalanche'
          ? Uint8Array.from({ length: batch.numRows }, (_, i) => (values[i >> 3]! >> (i & 7)) & 1)
          : new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
      const key = `${tableOf(batch)} ${name}`;
      columns.set(key, [...(columns.get(key) ?? []), bytes]);
      if (name === 'duration') for (const d of values as Int32Array) longest = Math.max(longest, d);
    });
    if (tableOf(batch) === 'avalanche') rows += batch.numRows;
  }
  const hashes = [...columns].map(([key, bytes]) => [
    key,
    createHash('sha256').update(Buffer.concat(bytes)).digest('hex'),
  ]);
  const propagated = engines.some((spy) => spy.mock.calls.length > 0);
  for (const spy of engines) spy.mockRestore();
  return { found: { hashes: Object.fromEntries(hashes), tally, rows, longest }, signals, propagated };
}

type Case = [string, Ensemble, number, AvalanchesOptions, Partial<PropagateOptions>];
const all = { profile: 50, branching: true, growth: true } satisfies AvalanchesOptions;
const cases: Case[] = [
  ['a constant threshold, in several batches', tanh, 5000, all, {}],
  ['no profiles, no branching', tanh, 300, {}, {}],
  ['profiles of the signal, finer than avalanches', tanh, 300, { profile: { points: 64, of: 'signal' } }, {}],
  ['the last layer left out', tanh, 300, { ...all, lastLayer: 'left-out' }, {}],
  ['thresholds by layer', tanh, 300, { ...all, threshold: byLayer(300) }, { floor: byLayer(300) }],
  ['a threshold above the engine’s floor', tanh, 300, { ...all, threshold: 0.023 }, {}],
  ['post-activations at full depth', tanh, 300, all, { fullDepth: true, observable: 'post-activation' }],
  ['signs apart, biased', { ...tanh, activation: 'relu', weightVariance: 2, biasVariance: 1e-5 }, 300, all, {}],
  ['neurons that all die', { ...tanh, activation: 'relu', width: 8, weightVariance: 2.5 }, 2000, all, {}],
  ['profiles longer than are kept as they are', long, 60, { ...all, threshold: 0.01 }, { floor: 0.01 }],
  [
    'the same with the signal and the last layer left out',
    long,
    60,
    { profile: { points: 50, of: 'signal' }, threshold: 0.01, lastLayer: 'left-out' },
    { floor: 0.01 },
  ],
  ['room for hardly any at a time', tanh, 100, { ...all, profile: 20_000 }, {}],
  ['strengths that overflow', { ...long, weightVariance: 40, depth: 300 }, 60, all, {}],
  ['strengths that are not finite from the first layer on', { ...long, weightVariance: 1e308 * 10 }, 60, all, {}],
  ['widths whose neurons are drawn', { ...tanh, width: 5 }, 300, all, {}],
  ['excursions', tanh, 300, { ...all, rule: 'excursions' }, { fullDepth: true }],
];

/** Cases in which signals are needed, or the law is in no kernel. */
const always = ['excursions'];
const bySignals: Record<string, string[]> = {
  effective: [...always, 'widths whose neurons are drawn'],
  annealed: always,
};

describe.each(['effective', 'annealed'])('avalanches that the kernel of engine %s finds along the way', (engine) => {
  afterEach(() => void vi.unstubAllEnvs());

  it.each(cases)('are those of a detector to the last bit: %s', async (name, ensemble, count, options, more) => {
    const stage = (partition: Parameters<typeof avalanches>[0]) => avalanches(partition, options);
    const windows = await run(ensemble, count, stage, { engine, ...more }, true);
    const followed = await run(ensemble, count, stage, { engine, ...more }, false);
    expect(followed.found).toEqual(windows.found);
    expect(windows.signals).toBeGreaterThan(0);
    expect(followed.propagated).toBe(bySignals[engine]!.includes(name));
    if (ensemble === long) expect(windows.found.longest).toBeGreaterThan(4096);
  });

  it('are refused in the same words where the engine’s floor is above the threshold', async () => {
    const stage = (partition: Parameters<typeof avalanches>[0]) => avalanches(partition, { ...all, threshold: 0.01 });
    for (const windows of [true, false]) {
      const found = run(tanh, 300, stage, { engine, floor: 0.02 }, windows);
      await expect(found).rejects.toThrow(/the engine lets go of perturbation \d+ at layer \d+, .* needs propagate\(/);
    }
  });

  it('are found by the plain laws, too, and spectra are the same', async () => {
    const stage = (partition: Parameters<typeof avalanches>[0]) =>
      beside(avalanches(partition, all), energySpectrum(partition, { every: 4 }));
    const windows = await run(tanh, 500, stage, { engine }, true);
    const followed = await run(tanh, 500, stage, { engine }, false);
    expect(Object.keys(windows.found.hashes)).toContain('energy_spectrum energy');
    expect(followed.found).toEqual(windows.found);
    // The kernel of the annealed engine kept the signals that spectra are of.
    expect(followed.propagated).toBe(engine === 'effective');
    vi.stubEnv('CRACKLE_KERNEL', 'reference');
    const plain = await run(tanh, 500, stage, { engine }, true);
    expect((await run(tanh, 500, stage, { engine }, false)).found).toEqual(plain.found);
    // The effective engine draws the same in plain code; the annealed one's neurons are others in their last digits.
    if (engine === 'effective') expect(plain.found).toEqual(windows.found);
  });

  it.each([
    ['has room for some of their signals', { windowRows: 700 }, {}],
    ['goes on to a threshold above the floor', {}, { threshold: 0.023 }],
    ['follows every perturbation to the end', { fullDepth: true }, {}],
  ] satisfies [string, Partial<PropagateOptions>, AvalanchesOptions][])(
    'leave spectra as they are where it %s',
    async (_, more, thresholds) => {
      const stage = (partition: Parameters<typeof avalanches>[0]) =>
        beside(avalanches(partition, { ...all, ...thresholds }), energySpectrum(partition, { every: 3 }));
      const windows = await run(tanh, 400, stage, { engine, ...more }, true);
      const followed = await run(tanh, 400, stage, { engine, ...more }, false);
      expect(followed.found).toEqual(windows.found);
      expect(followed.propagated).toBe(true);
    },
  );

  it('give a run the same states and the same recorded avalanches as with its signals recorded', async () => {
    const pipeline = await loadPipeline(pipelineUrl('gaussian-avalanches'));
    const values = checkParameters(pipeline.parameters, { widths: [64], depth: 400, engine });
    const evaluate = async (tables: readonly string[]) => {
      const encoders = new Map(tables.map((table) => [table, parquetEncoder(table)]));
      const { state, counts } = await executePartition(
        pipeline.compose(values),
        { ensemble: 0, index: 3, first: 30_000, count: 3000 },
        { seed: 7, openSink: (table) => sinkOf(encoders.get(table)) },
      );
      const avalanche = encoders.get('avalanche')!;
      avalanche.finish();
      return { state, counts, file: avalanche.take().toString('base64') };
    };
    expect(await evaluate(['avalanche'])).toEqual(await evaluate(['avalanche', 'signal']));
  });
});

function sinkOf(encoder: ReturnType<typeof parquetEncoder> | undefined): Sink | undefined {
  if (encoder === undefined) return undefined;
  return {
    write: (batch: RecordBatch) => void encoder.append(batch),
    commit: async () => ({ table: '', path: '', rows: encoder.rows, bytes: 0 }),
    [Symbol.asyncDispose]: async () => {},
  };
}
