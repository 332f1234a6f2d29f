import type { RecordBatch } from 'apache-arrow';
import { concat, ignoreElements, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type AvalanchesOptions, avalanches } from '../../src/avalanche/avalanches.ts';
import { energySpectrum } from '../../src/avalanche/spectrum.ts';
import { openGpu } from '../../src/gpu/device.ts';
import { Pace } from '../../src/gpu/pace.ts';
import { QuenchedGpu } from '../../src/gpu/quenched.ts';
import { activation } from '../../src/network/activation.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { followedQuenched } from '../../src/propagation/first-passage-quenched-webgpu.ts';
import type { PropagateOptions } from '../../src/propagation/propagate.ts';
import { shortcutOf } from '../../src/shortcut.ts';
import { beside, type Stage } from '../../src/stage.ts';
import { withoutGpu } from './adapter.ts';
import { firstPassage } from './first-passage-request.ts';
import { networkStrengths } from './quenched-reference.ts';
import { byRoad, type Context, compare, type Found } from './roads.ts';
import { optionsOf } from './traces.ts';

const skip = await withoutGpu();

const ensemble: Ensemble = {
  index: 1,
  activation: 'hard-tanh',
  width: 7,
  depth: 40,
  weightVariance: 1.15,
  biasVariance: 0,
  inputStrength: 0.05,
  reuse: 5,
};
const count = 300;

const run = (
  stage: (partition: Context) => Stage,
  windows: boolean,
  options: Partial<PropagateOptions> = {},
  network: Ensemble = ensemble,
  perturbed: number = count,
): Promise<Found> => byRoad(stage, windows, { engine: 'quenched', ...options }, network, perturbed);

const byLayer = Float32Array.from({ length: ensemble.depth + 1 }, (_, l) => 0.03 + 0.001 * l);
const lower = byLayer.map((s) => s / 2);
const cases: [string, AvalanchesOptions, Partial<PropagateOptions>, reuse: number][] = [
  ['a constant threshold', {}, {}, 5],
  ['branching and profiles of the excess', { branching: true, growth: true, profile: 10 }, {}, 5],
  [
    'profiles of the signal, finer than avalanches, and a last network that is cut off',
    { profile: { points: 64, of: 'signal' } },
    {},
    40,
  ],
  ['thresholds by layer', { threshold: byLayer, profile: 8, branching: true, growth: true }, { floor: byLayer }, 3],
  ['the last layer left out', { lastLayer: 'left-out', profile: 9, branching: true, growth: true }, {}, 5],
  [
    'a floor that lies lower, to which others are followed',
    { branching: true, growth: true, profile: 6 },
    { floor: 0.02 },
    5,
  ],
  ['floors by layer below a constant threshold', {}, { floor: lower }, 3],
  ['full depth', { branching: true, growth: true }, { fullDepth: true }, 5],
];

async function found(ids: Float64Array, network: Ensemble) {
  const rows = new Map<number, readonly [duration: number, size: number, peak: number]>();
  const request = firstPassage(network);
  for await (const some of followedQuenched(ids, optionsOf(network), request, () => false)!) {
    for (let i = 0; i < some.length; i++) {
      rows.set(Number(some.perturbation[i]), [some.duration[i]!, some.size[i]!, some.peak[i]!]);
    }
  }
  return { rows, tally: request.sums.tally };
}

describe.skipIf(skip !== undefined)('avalanches of networks that perturbations share, found on the card', () => {
  it.each(cases)('are those that a detector finds in the windows: %s', async (_name, asked, options, reuse) => {
    const stage = (partition: Context): Stage => avalanches(partition, asked);
    const network = { ...ensemble, reuse };
    const { pipelines } = await openGpu();
    const sources = (): number => [...pipelines.keys()].filter((source) => source.includes('params.finds')).length;
    const before = sources();
    const [fused, windowed] = [await run(stage, false, options, network), await run(stage, true, options, network)];
    compare(fused, windowed);
    // By one kernel, since compilers may round those of two sources each in its own way.
    expect(sources() - before).toBeLessThan(2);
    const { valid = 0, dead = 0, censored = 0 } = windowed.tally;
    expect(Math.min(valid, dead, censored)).toBeGreaterThan(5);
    expect(new Set([...windowed.rows.values()].map(({ duration }) => duration)).size).toBeGreaterThan(15);
  });

  it('are those of the recursion of Gram matrices in float64', async () => {
    const [network, seed] = [2 ** 33 + 5, 7];
    const { reuse } = ensemble;
    const shared = { ...ensemble, width: 30, weightVariance: 1.3, inputStrength: 0.3 };
    const first = network * reuse;
    const ids = Float64Array.from({ length: 4 * reuse }, (_, i) => first + i);
    const { rows } = await found(ids, shared);
    const floor = shared.inputStrength;
    const chain = { ...shared, activation: activation(shared.activation), floor };
    const wanted = [0, 1, 2, 3].flatMap((n) =>
      networkStrengths(chain, reuse, { seed, ensemble: shared.index, network: network + n }),
    );
    let compared = 0;
    wanted.forEach((trace, i) => {
      const above = trace.filter((s) => s >= floor);
      const own = rows.get(first + i);
      expect(own?.[0] ?? 0).toBe(above.length);
      if (own === undefined) return;
      compared += above.length;
      const size = shared.width * above.reduce((sum, s) => sum + s - Math.fround(floor), 0);
      // The excess is a small part of the strengths, whose rounding it has.
      expect(Math.abs(own[1] - size)).toBeLessThan(5e-6 * shared.width * above.reduce((sum, s) => sum + s, 0));
      expect(Math.abs(own[2] / Math.max(...above) - 1)).toBeLessThan(1e-5);
    });
    expect(compared).toBeGreaterThan(50);
  });

  it('are the same bits in any company, however dispatches are cut, and on a device that was lost', async () => {
    const stage = (partition: Context): Stage => avalanches(partition, { profile: 4 });
    const whole = await run(stage, false);
    const few = await run(stage, false, {}, ensemble, 35);
    expect([...few.rows.values()]).toEqual([...whole.rows].filter(([id]) => id < 35).map(([, row]) => row));
    const gpu = await openGpu();
    for (const key of gpu.paces.keys()) gpu.paces.set(key, new Pace({ slowest: 1e-3, software: true }, ensemble.width));
    expect((await run(stage, false)).rows).toEqual(whole.rows);
    gpu.device.destroy();
    expect((await run(stage, false)).rows).toEqual(whole.rows);
  });

  it('are those of some perturbations of a network, whose others are followed with them', async () => {
    const all = await found(
      Float64Array.from({ length: 60 }, (_, i) => i),
      ensemble,
    );
    const some = await found(Float64Array.of(3, 4, 7, 21, 58), ensemble);
    expect([...some.rows]).toEqual([...all.rows].filter(([id]) => [3, 4, 7, 21, 58].includes(id)));
    expect(some.rows.size).toBeGreaterThan(1);
    const { valid, dead, censored, nonFinite } = some.tally;
    expect(valid + dead + censored + nonFinite).toBe(5);
  });

  it('are the same where a card has memory for few networks at a time', async () => {
    const stage = (partition: Context): Stage => avalanches(partition, { profile: 4, branching: true, growth: true });
    const whole = await run(stage, false);
    const deep = { ...ensemble, depth: 4000, width: 2 };
    const { most } = QuenchedGpu;
    const { device } = await openGpu();
    const { popErrorScope } = device;
    let refused = 0;
    try {
      Object.assign(QuenchedGpu, { most: () => 7 });
      const again = await run(stage, false, { windowRows: 10 });
      expect(again.rows).toEqual(whole.rows);
      expect(again.tally).toEqual(whole.tally);
      Object.assign(QuenchedGpu, { most });
      Object.assign(device, {
        popErrorScope: async () => {
          const error = await popErrorScope.call(device);
          return refused++ === 0 ? { message: 'no memory' } : error;
        },
      });
      const halves = await run(stage, false, {}, deep, 2 * count);
      expect(refused).toBeGreaterThan(1);
      Object.assign(device, { popErrorScope });
      compare(halves, await run(stage, true, {}, deep, 2 * count));
    } finally {
      Object.assign(QuenchedGpu, { most });
      Object.assign(device, { popErrorScope });
    }
  });

  it('have shapes in deep networks, too, which come out of windows where few of them have room to keep strengths', async () => {
    const deep = { ...ensemble, width: 3, depth: 5000, weightVariance: 2.2 };
    const shaped = (partition: Context): Stage => avalanches(partition, { profile: 10 });
    const fused = await run(shaped, false, {}, deep, 60);
    compare(fused, await run(shaped, true, {}, deep, 60));
    expect(Math.max(...[...fused.rows.values()].map(({ duration }) => duration as number))).toBeGreaterThan(300);
    const found = (depth: number, points: number) => {
      const deeper = { ...deep, depth };
      const asked = { ...firstPassage(deeper), points };
      return followedQuenched(new Float64Array(0), optionsOf(deeper), asked, () => false);
    };
    const most = Math.floor(2 ** 20 / deep.reuse);
    expect([found(most, 10), found(most + 1, 10), found(most + 1, 0)]).toEqual([
      expect.anything(),
      undefined,
      expect.anything(),
    ]);
    const deepest = { ...deep, depth: most + 1, weightVariance: 0.5 };
    compare(await run(shaped, false, {}, deepest, 20), await run(shaped, true, {}, deepest, 20));
  });

  it('tell strengths that are not finite', async () => {
    const exploding = { ...ensemble, activation: 'linear', weightVariance: 1e30, depth: 12 };
    const stage = (partition: Context): Stage => avalanches(partition, { branching: true, growth: true });
    const [fused, windowed] = [await run(stage, false, {}, exploding), await run(stage, true, {}, exploding)];
    compare(fused, windowed);
    expect(windowed.tally.nonFinite).toBeGreaterThan(100);
  });

  it('stand beside spectra, whose signals stay on the card', async () => {
    const stage = (partition: Context): Stage =>
      beside(
        avalanches(partition, { branching: true, growth: true, profile: 4 }),
        energySpectrum(partition, { every: 3 }),
      );
    compare(await run(stage, false), await run(stage, true));
  });

  it('leave the signals that spectra are of on the card, perturbation after perturbation, as windows have them', async () => {
    const rows: number[][] = [];
    const seen =
      (points: number) =>
      (partition: Context): Stage =>
      (signal$) => {
        const every$ = shortcutOf(signal$)!.every(3);
        const read = tap((batch: RecordBatch) => {
          for (const row of batch.toArray()) rows.push([Number(row.perturbation), row.layer, row.strength]);
        });
        const shapes = points > 0 ? { profile: points } : {};
        return concat(avalanches(partition, shapes)(signal$), every$.pipe(read, ignoreElements()));
      };
    await run(seen(16), false, { windowRows: 50 });
    const kept = rows.splice(0);
    // Without profiles no strengths stay.
    await run(seen(0), false, { windowRows: 160 });
    expect(kept).toEqual([...kept].sort(([a, k], [b, l]) => a! - b! || k! - l!));
    expect(rows).not.toEqual(kept);
    expect(rows.sort(([a, k], [b, l]) => a! - b! || k! - l!)).toEqual(kept);
    expect(kept.length).toBeGreaterThan(500);
  });

  it('are those of engine annealed, to the bit, where nobody shares a network', async () => {
    const alone = { ...ensemble, reuse: 1 };
    const stage = (partition: Context): Stage => avalanches(partition, { profile: 6, branching: true, growth: true });
    for (const windows of [false, true]) {
      const [quenched, annealed] = [
        await run(stage, windows, {}, alone),
        await run(stage, windows, { engine: 'annealed' }, alone),
      ];
      expect(quenched).toEqual(annealed);
      expect(quenched.rows.size).toBeGreaterThan(50);
    }
  });
});
