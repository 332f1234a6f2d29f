import type { RecordBatch } from 'apache-arrow';
import { concat, ignoreElements, lastValueFrom, map, of, tap, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type AvalanchesOptions, avalanches } from '../../src/avalanche/avalanches.ts';
import type { Tally } from '../../src/avalanche/detector.ts';
import { energySpectrum } from '../../src/avalanche/spectrum.ts';
import { openGpu } from '../../src/gpu/device.ts';
import { Pace } from '../../src/gpu/pace.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { type PropagateOptions, propagate } from '../../src/propagation/propagate.ts';
import { makeBatch, tableOf } from '../../src/schema/batch.ts';
import { writeIds } from '../../src/schema/int64.ts';
import { shortcutOf } from '../../src/shortcut.ts';
import { beside, type Stage } from '../../src/stage.ts';
import { withoutGpu } from './adapter.ts';

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

const context = (tally: Partial<Tally>, of: Ensemble = ensemble) => ({
  ensemble: of,
  seed: 5,
  drained: async () => {},
  count: (more: Tally) => {
    for (const [key, n] of Object.entries(more)) {
      tally[key as keyof Tally] = (tally[key as keyof Tally] ?? 0) + n;
    }
  },
});

const perturbations = (count: number): RecordBatch =>
  makeBatch(
    'perturbation',
    {
      ensemble: new Int32Array(count).fill(1),
      network: writeIds(Float64Array.from({ length: count }, (_, i) => i)),
      perturbation: writeIds(Float64Array.from({ length: count }, (_, i) => i)),
      strength: new Float32Array(count).fill(ensemble.inputStrength),
    },
    count,
  );

interface Found {
  readonly rows: Map<number, Record<string, unknown>>;
  readonly others: Record<string, unknown>[];
  readonly tally: Partial<Tally>;
  readonly shortcut: boolean;
}

/** @param windows whether something stands between, so that all signals are made and a detector goes through them */
async function run(
  stage: (partition: ReturnType<typeof context>) => Stage,
  windows: boolean,
  options: Partial<PropagateOptions>,
  network: Ensemble = ensemble,
  perturbed: number = count,
): Promise<Found> {
  const tally: Partial<Tally> = {};
  const partition = context(tally, network);
  const propagated$ = of(perturbations(perturbed)).pipe(
    propagate(partition, { engine: 'annealed', backend: 'webgpu', ...options }),
  );
  const signal$ = windows ? propagated$.pipe(map((batch) => batch)) : propagated$;
  const batches = await lastValueFrom(signal$.pipe(stage(partition), toArray()));
  const rows = new Map<number, Record<string, unknown>>();
  const others: Record<string, unknown>[] = [];
  for (const batch of batches) {
    for (const row of batch.toArray()) {
      const data = row.toJSON() as Record<string, unknown>;
      if (data.profile !== undefined) data.profile = [...(data.profile as Iterable<number>)];
      if (tableOf(batch) === 'avalanche') rows.set(Number(data.perturbation), data);
      else others.push(data);
    }
  }
  return { rows, others, tally, shortcut: shortcutOf(signal$) !== undefined };
}

const close = (a: number, b: number, tolerance: number): void => {
  if (Number.isNaN(a) && Number.isNaN(b)) return;
  expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(a), Math.abs(b)));
};

/** Whole numbers, ids and flags exactly, strengths exactly, sums and interpolated profiles to float32 rounding. */
function compare(fused: Found, windowed: Found): void {
  expect([fused.shortcut, windowed.shortcut]).toEqual([true, false]);
  expect(fused.tally).toEqual(windowed.tally);
  expect([...fused.rows.keys()]).toEqual([...windowed.rows.keys()].sort((a, b) => a - b));
  for (const [id, row] of windowed.rows) {
    const { size, signal_size, profile, ...exact } = row;
    const other = fused.rows.get(id)!;
    expect(other).toMatchObject(exact);
    close(other.size as number, size as number, 1e-5);
    close(other.signal_size as number, signal_size as number, 2e-7);
    if (profile === undefined) continue;
    const [ours, theirs] = [other.profile, profile] as number[][];
    // An excess is a small difference of strengths: what counts is the rounding of these.
    ours!.forEach((x, g) => {
      if (!Number.isNaN(theirs![g])) expect(Math.abs(x - theirs![g]!)).toBeLessThan(3e-7 * (row.peak as number));
      else expect(x).toBeNaN();
    });
  }
  expect(fused.others.length).toBe(windowed.others.length);
  fused.others.forEach((data, i) => {
    for (const [key, value] of Object.entries(data)) close(Number(value), Number(windowed.others[i]![key]), 1e-5);
  });
}

const byLayer = Float32Array.from({ length: ensemble.depth + 1 }, (_, l) => 0.03 + 0.001 * l);
const cases: [string, AvalanchesOptions, Partial<PropagateOptions>][] = [
  ['a constant threshold', {}, {}],
  ['branching and profiles of the excess', { branching: true, profile: 10 }, {}],
  ['profiles of the signal, finer than avalanches', { profile: { points: 64, of: 'signal' } }, {}],
  ['thresholds by layer', { threshold: byLayer, profile: 8, branching: true }, { floor: byLayer }],
  ['the last layer left out', { lastLayer: 'left-out', profile: 9, branching: true }, {}],
  ['full depth', { branching: true }, { fullDepth: true }],
];

describe.skipIf(skip !== undefined)('avalanches found on the card', () => {
  it.each(cases)('are those that a detector finds in the windows: %s', async (_name, asked, options) => {
    const stage = (partition: ReturnType<typeof context>): Stage => avalanches(partition, asked);
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
    const stage = (partition: ReturnType<typeof context>): Stage =>
      avalanches(partition, { profile: 10, branching: true });
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
    const stage = (partition: ReturnType<typeof context>): Stage => avalanches(partition, { profile: 10 });
    compare(await run(stage, false, {}, deep), await run(stage, true, {}, deep));
  });

  it('are the same where a card has memory for few perturbations at a time', async () => {
    const many = { ...ensemble, width: 1, depth: 4000 };
    const stage = (partition: ReturnType<typeof context>): Stage => avalanches(partition, { profile: 4 });
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
    const stage = (partition: ReturnType<typeof context>): Stage => avalanches(partition, { profile: 4 });
    const whole = await run(stage, false, {});
    const gpu = await openGpu();
    for (const key of gpu.paces.keys()) gpu.paces.set(key, new Pace({ slowest: 1e-3, software: true }, ensemble.width));
    expect((await run(stage, false, {})).rows).toEqual(whole.rows);
    gpu.device.destroy();
    expect((await run(stage, false, {})).rows).toEqual(whole.rows);
  });

  it('stand beside spectra, which are of the signals of a part', async () => {
    const stage = (partition: ReturnType<typeof context>): Stage =>
      beside(avalanches(partition, { branching: true }), energySpectrum(partition, { every: 3 }));
    compare(await run(stage, false, {}), await run(stage, true, {}));
  });

  it('leave the signals that spectra are of on the card, perturbation after perturbation, as windows have them', async () => {
    const rows: number[][] = [];
    const seen =
      (partition: ReturnType<typeof context>): Stage =>
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
      (partition: ReturnType<typeof context>): Stage =>
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
    const early = (partition: ReturnType<typeof context>): Stage => avalanches(partition, { threshold: 0.01 });
    for (const windows of [false, true]) {
      await expect(run(early, windows, {})).rejects.toThrow(/the engine lets go of perturbation \d+ at layer \d+/);
    }
    const excursions = (partition: ReturnType<typeof context>): Stage => avalanches(partition, { rule: 'excursions' });
    const all = await run(excursions, false, { fullDepth: true });
    expect(all.rows).toEqual((await run(excursions, true, { fullDepth: true })).rows);
  });
});
