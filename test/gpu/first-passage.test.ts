import type { RecordBatch } from 'apache-arrow';
import { concat, ignoreElements, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type AvalanchesOptions, avalanches } from '../../src/avalanche/avalanches.ts';
import { energySpectrum } from '../../src/avalanche/spectrum.ts';
import { openGpu } from '../../src/gpu/device.ts';
import { Pace } from '../../src/gpu/pace.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import type { PropagateOptions } from '../../src/propagation/propagate.ts';
import { shortcutOf } from '../../src/shortcut.ts';
import { beside, type Stage } from '../../src/stage.ts';
import { withoutGpu } from './adapter.ts';
import { byRoad, type Context, compare, type Found } from './roads.ts';

const skip = await withoutGpu();

const ensemble: Ensemble = {
  index: 1,
  activation: 'hard-tanh',
  width: 7,
  depth: 40,
  weightVariance: 1.15,
  biasVariance: 0,
  inputStrength: 0.05,
  reuse: 1,
};
const count = 300;

/** @param windows whether a detector goes through the signals */
const run = (
  stage: (partition: Context) => Stage,
  windows: boolean,
  options: Partial<PropagateOptions>,
  network: Ensemble = ensemble,
  perturbed: number = count,
): Promise<Found> => byRoad(stage, windows, { engine: 'annealed', ...options }, network, perturbed);

const byLayer = Float32Array.from({ length: ensemble.depth + 1 }, (_, l) => 0.03 + 0.001 * l);
const cases: [string, AvalanchesOptions, Partial<PropagateOptions>][] = [
  ['a constant threshold', {}, {}],
  ['branching and profiles of the excess', { branching: true, growth: true, profile: 10 }, {}],
  ['profiles of the signal, finer than avalanches', { profile: { points: 64, of: 'signal' } }, {}],
  ['thresholds by layer', { threshold: byLayer, profile: 8, branching: true, growth: true }, { floor: byLayer }],
  ['the last layer left out', { lastLayer: 'left-out', profile: 9, branching: true, growth: true }, {}],
  ['full depth', { branching: true, growth: true }, { fullDepth: true }],
];

describe.skipIf(skip !== undefined)('avalanches found on the card', () => {
  it.each(cases)('are those that a detector finds in the windows: %s', async (_name, asked, options) => {
    const stage = (partition: Context): Stage => avalanches(partition, asked);
    const { pipelines } = await openGpu();
    const [fused, windowed] = [await run(stage, false, options), await run(stage, true, options)];
    compare(fused, windowed);
    // By one kernel, since compilers round those of two sources each in its own way; profiles and their sums have others.
    expect([...pipelines.keys()].filter((source) => source.includes('params.keeps')).length).toBe(1);
    const { valid = 0, dead = 0, censored = 0 } = windowed.tally;
    expect(Math.min(valid, dead, censored)).toBeGreaterThan(5);
    expect(new Set([...windowed.rows.values()].map(({ duration }) => duration)).size).toBeGreaterThan(15);
  });

  it('are those of a single invocation where lanes share a perturbation, as on cards', async () => {
    const wide = { ...ensemble, width: 300, depth: 100, weightVariance: 1.01 };
    const stage = (partition: Context): Stage => avalanches(partition, { profile: 10, branching: true, growth: true });
    const gpu = await openGpu();
    const { software } = gpu;
    const as = async (alone: boolean, windows: boolean): Promise<Found> => {
      Object.assign(gpu, { software: alone });
      // Windows end after 31 layers, where keys of the next are made.
      return run(stage, windows, { windowRows: 31 * count }, wide);
    };
    try {
      const [fused, windowed, alone] = [await as(false, false), await as(false, true), await as(true, true)];
      compare(fused, windowed);
      // A card's compiler may fuse products and sums of one shape and not of another.
      if (software) compare(fused, alone);
      expect([...fused.rows.values()].filter(({ duration }) => Number(duration) > 40).length).toBeGreaterThan(20);
    } finally {
      Object.assign(gpu, { software });
    }
  });

  it('are those of deep networks, too, whose profiles take a second pass', async () => {
    const deep = { ...ensemble, width: 3, depth: 5000, weightVariance: 0.9 };
    const stage = (partition: Context): Stage => avalanches(partition, { profile: 10 });
    compare(await run(stage, false, {}, deep), await run(stage, true, {}, deep));
  });

  it('are the same where a card has memory for few perturbations at a time', async () => {
    const many = { ...ensemble, width: 1, depth: 4000 };
    const stage = (partition: Context): Stage => avalanches(partition, { profile: 4 });
    const { device } = await openGpu();
    const { createBuffer, popErrorScope } = device;
    // 3000 slots keep 48 MB of strengths, 1500 24.
    let refused = 0;
    let asked = 0;
    Object.assign(device, {
      createBuffer: (descriptor: GPUBufferDescriptor) => {
        asked = Math.max(asked, descriptor.size);
        return createBuffer.call(device, descriptor);
      },
      popErrorScope: async () => {
        const error = await popErrorScope.call(device);
        const full = asked > 30e6;
        asked = 0;
        if (full) refused++;
        return full ? { message: 'no memory' } : error;
      },
    });
    try {
      compare(await run(stage, false, {}, many, 3000), await run(stage, true, {}, many, 3000));
      expect(refused).toBe(1);
    } finally {
      Object.assign(device, { createBuffer, popErrorScope });
    }
  });

  it('are the same bits however dispatches are cut, and on a device that was lost', async () => {
    const stage = (partition: Context): Stage => avalanches(partition, { profile: 4 });
    const whole = await run(stage, false, {});
    const gpu = await openGpu();
    for (const key of gpu.paces.keys()) gpu.paces.set(key, new Pace({ slowest: 1e-3, software: true }, ensemble.width));
    expect((await run(stage, false, {})).rows).toEqual(whole.rows);
    gpu.device.destroy();
    expect((await run(stage, false, {})).rows).toEqual(whole.rows);
  });

  it('stand beside spectra, which are of the signals of a part', async () => {
    const stage = (partition: Context): Stage =>
      beside(avalanches(partition, { branching: true, growth: true }), energySpectrum(partition, { every: 3 }));
    compare(await run(stage, false, {}), await run(stage, true, {}));
  });

  it('leave the signals that spectra are of on the card, perturbation after perturbation, as windows have them', async () => {
    const rows: number[][] = [];
    const seen =
      (partition: Context): Stage =>
      (signal$) => {
        const every$ = shortcutOf(signal$)!.every(3);
        const read = tap((batch: RecordBatch) => {
          for (const row of batch.toArray()) rows.push([Number(row.perturbation), row.layer, row.strength]);
        });
        const avalanche$ = avalanches(partition, { profile: 4 })(signal$);
        return concat(avalanche$, every$.pipe(read, ignoreElements()));
      };
    await run(seen, false, { windowRows: 50 });
    const kept = rows.splice(0);
    // Without profiles no strengths stay.
    const windowed =
      (partition: Context): Stage =>
      (signal$) => {
        const read = tap((batch: RecordBatch) => {
          for (const row of batch.toArray()) rows.push([Number(row.perturbation), row.layer, row.strength]);
        });
        return concat(avalanches(partition)(signal$), shortcutOf(signal$)!.every(3).pipe(read, ignoreElements()));
      };
    await run(windowed, false, { windowRows: 160 });
    expect(kept).toEqual([...kept].sort(([a, k], [b, l]) => a! - b! || k! - l!));
    expect(rows).not.toEqual(kept);
    expect(rows.sort(([a, k], [b, l]) => a! - b! || k! - l!)).toEqual(kept);
    expect(kept.length).toBeGreaterThan(500);
  });

  it('are refused where the engine stops early, and left to a detector where they are excursions', async () => {
    const early = (partition: Context): Stage => avalanches(partition, { threshold: 0.01 });
    for (const windows of [false, true]) {
      await expect(run(early, windows, {})).rejects.toThrow(/the engine lets go of perturbation \d+ at layer \d+/);
    }
    const excursions = (partition: Context): Stage => avalanches(partition, { rule: 'excursions' });
    const all = await run(excursions, false, { fullDepth: true });
    expect(all.rows).toEqual((await run(excursions, true, { fullDepth: true })).rows);
  });
});
