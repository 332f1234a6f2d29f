import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Branching } from '../../src/avalanche/detector.ts';
import { createDetector } from '../../src/avalanche/detector.ts';
import type { DetectorOptions } from '../../src/avalanche/detector-options.ts';
import { type Growth, logGrowth } from '../../src/numeric/growth.ts';
import {
  byTrace,
  columnsOf,
  detect,
  idOf,
  layerMajor,
  naive,
  perturbationMajor,
  type Row,
  type Traces,
} from './traces.ts';

const strength = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: 0.5, max: 2, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(1, Math.fround(0.1), Number.NaN, Infinity) },
);
const traces: fc.Arbitrary<Traces> = fc.array(fc.array(strength, { minLength: 1, maxLength: 12 }), { maxLength: 12 });
const rule = fc.constantFrom('first-passage' as const, 'excursions' as const);
/** Constant, and one a layer; strengths of test traces lie about 1. */
const threshold = fc.oneof(
  fc.constant(1),
  fc.array(fc.double({ min: 0.7, max: 1.4, noNaN: true }), { minLength: 13, maxLength: 13 }),
);
const size = fc.constantFrom('excess' as const, 'signal' as const);
const lastLayer = fc.constantFrom('counted' as const, 'left-out' as const);
const precision = fc.constantFrom('single' as const, 'double' as const);
const cuts = (rows: number) => fc.array(fc.nat({ max: rows }), { maxLength: 8 });

/** Any interleaving that keeps each trace in order. */
function shuffled(all: Traces, keys: readonly number[]): Row[] {
  const queues = all.map((trace, p) => trace.map((s, i) => ({ perturbation: idOf(p), layer: i + 1, strength: s })));
  const rows: Row[] = [];
  const total = all.reduce((sum, trace) => sum + trace.length, 0);
  for (let k = 0; k < total; k++) {
    const open = queues.filter((queue) => queue.length > 0);
    rows.push(open[keys[k % keys.length]! % open.length]!.shift()!);
  }
  return rows;
}

function expectBranching(found: Branching, expected: Branching): void {
  expect(found.ancestors).toBeCloseTo(expected.ancestors, 9);
  expect(found.descendants).toBeCloseTo(expected.descendants, 9);
}

function expectGrowth(found: Growth, expected: { steps: number; log: number }): void {
  expect(found.steps).toBe(expected.steps);
  expect(logGrowth(found)).toBeCloseTo(expected.log, 9);
}

describe('createDetector', () => {
  it('agrees with the definition on whole traces, in any order of rows and any cut into batches', () => {
    const order = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(traces, rule, fc.boolean(), order, fc.gen(), (all, which, more, keys, gen) => {
        const options: DetectorOptions = {
          threshold: more ? gen(() => threshold) : 1,
          rule: which,
          scale: 7,
          profile: { points: 5, of: gen(() => size) },
          precision: gen(() => precision),
          lastLayer: gen(() => lastLayer),
          depth: more ? 12 : Infinity,
          ...(more ? { drive: 1.5 } : {}),
        };
        const expected = naive(all, options);
        for (const rows of [perturbationMajor(all), layerMajor(all), shuffled(all, keys)]) {
          const { found, tally, branching, growth } = detect(rows, options, gen(cuts, rows.length));
          expect(found.sort(byTrace)).toEqual(expected.found.toSorted(byTrace));
          expect(tally).toEqual(expected.tally);
          expectBranching(branching, expected.branching);
          expectGrowth(growth, expected.growth);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('gives the same rows in the same order for every cut', () => {
    fc.assert(
      fc.property(traces, rule, fc.gen(), (all, which, gen) => {
        const options: DetectorOptions = { threshold: 1, rule: which, profile: 3 };
        const rows = layerMajor(all);
        expect(detect(rows, options, gen(cuts, rows.length))).toMatchObject({
          found: detect(rows, options).found,
          tally: detect(rows, options).tally,
          branching: detect(rows, options).branching,
          growth: detect(rows, options).growth,
        });
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('follows many interleaved traces that retire at random, in order and after a compaction that swaps columns', () => {
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const all = Array.from({ length: 3000 }, () => {
      const length = 1 + Math.floor(1 / (random() + 0.005));
      return [...Array.from({ length }, () => 1 + random()), 0.5];
    });
    const options: DetectorOptions = { threshold: 1, depth: 300, drive: 1 };
    const expected = naive(all, options);
    const alive = all.map((_, p) => p);
    const rows: Row[] = [];
    for (let i = 0; alive.length > 0; i++) {
      for (let c = 0; c < alive.length; c++) {
        rows.push({ perturbation: idOf(alive[c]!), layer: i + 1, strength: all[alive[c]!]![i]! });
      }
      for (let c = 0; c < alive.length; ) {
        if (i + 1 < all[alive[c]!]!.length) c++;
        else {
          alive[c] = alive[alive.length - 1]!;
          alive.pop();
        }
      }
    }
    for (const order of [rows, layerMajor(all), perturbationMajor(all)]) {
      const { found, tally, branching, growth } = detect(order, options, [1000, 5000, 5001]);
      expect(found.sort(byTrace)).toEqual(expected.found.sort(byTrace));
      expect(tally).toEqual(expected.tally);
      expect(branching.ancestors / expected.branching.ancestors).toBeCloseTo(1, 12);
      expect(branching.descendants / expected.branching.descendants).toBeCloseTo(1, 12);
      expectGrowth(growth, expected.growth);
    }
  });

  it('counts D = l − 1 for the first layer l below the threshold, and a first layer below it as dead', () => {
    const { found, tally } = detect(perturbationMajor([[2, 3, 1, 0.5, 9, 9], [0.5], [1, 1, 1, 1, 1, 1]]), {
      threshold: 1,
      depth: 6,
      scale: 10,
    });
    expect(found).toEqual([
      { perturbation: idOf(0), start: 1, duration: 3, size: 30, signalSize: 60, peak: 3, censored: false, profile: [] },
      { perturbation: idOf(2), start: 1, duration: 6, size: 0, signalSize: 60, peak: 1, censored: true, profile: [] },
    ]);
    expect(tally).toEqual({ valid: 1, dead: 1, censored: 1, nonFinite: 0 });
  });

  it('adds up what active layers hand on: drive, dead and censored perturbations included, layers below the threshold not', () => {
    const all = [[2, 3, 0.5, 9, 9], [0.25], [1, 1, 1, 1, 1]];
    const { branching } = detect(perturbationMajor(all), { threshold: 1, depth: 5, drive: 1 });
    expect(branching).toEqual({ ancestors: 1 + 2 + 3 + 1 + 1 + 4, descendants: 2 + 3 + 0.5 + 0.25 + 5 });
    const { branching: inRuns } = detect(perturbationMajor(all), { threshold: 1, depth: 5, rule: 'excursions' });
    expect(inRuns).toEqual({ ancestors: 2 + 3 + 9 + 4, descendants: 3 + 0.5 + 9 + 4 });
  });

  it('multiplies what strengths grow by over the same steps, but for one to strength 0, and over any number of steps', () => {
    const all = [[2, 3, 0.5, 9, 9], [0.25], [1, 1, 1, 1, 1], [4, 8, 0], [0], [3, Number.NaN]];
    const options = { threshold: 1, depth: 5, drive: 1 };
    expect(detect(perturbationMajor(all), options).growth).toEqual({
      steps: 3 + 1 + 5 + 2,
      product: 0.5 * 0.25 * 1 * 8,
      exponent: 0,
    });
    const inRuns = detect(perturbationMajor(all), { threshold: 1, depth: 5, rule: 'excursions' }).growth;
    expect(inRuns).toEqual({ steps: 2 + 1 + 4 + 1, product: (0.5 / 2) * 1 * 1 * 2, exponent: 0 });
    for (const to of [2 ** -100, 2 ** 100]) {
      const many = detect(perturbationMajor(Array(7000).fill([to])), { threshold: 1, depth: 1, drive: 1 }).growth;
      expect(many.steps).toBe(7000);
      expect(logGrowth(many) / (7000 * Math.log(to))).toBeCloseTo(1, 14);
    }
  });

  it('compares in float32: a strength equal to the rounded threshold is at the threshold', () => {
    const rounded = Math.fround(0.1);
    expect(rounded).toBeGreaterThan(0.1);
    const below = Math.fround(0.1 - 2 ** -27);
    const options = { threshold: 0.1, depth: 3 };
    expect(detect(perturbationMajor([[rounded, below]]), options).found[0]!.duration).toBe(1);
    // 0.3 rounds up: the float32 just below lies under it, the rounded value does not.
    expect(detect(perturbationMajor([[Math.fround(0.3), 0]]), { threshold: 0.3 }).found[0]!.duration).toBe(1);
  });

  it('takes a threshold per layer', () => {
    const options = { threshold: [0, 1, 5, 2, 1], depth: 4 };
    const { found } = detect(
      layerMajor([
        [1, 5, 1.9, 9],
        [1, 4.9],
        [1, 6, 2, 1],
      ]),
      options,
    );
    const byId = Object.fromEntries(found.map((a) => [a.perturbation, [a.duration, a.censored]]));
    expect(byId).toEqual({ [idOf(0)]: [2, false], [idOf(1)]: [1, false], [idOf(2)]: [4, true] });
  });

  it('finds every maximal run above the threshold under the excursion rule', () => {
    const { found, tally } = detect(
      perturbationMajor([
        [0, 2, 3, 0, 4, 0, 0, 5, 6],
        [0, 0, 0],
      ]),
      {
        threshold: 1,
        rule: 'excursions',
      },
    );
    expect(found.map((a) => [a.start, a.duration, a.size, a.signalSize, a.censored])).toEqual([
      [2, 2, 3, 5, false],
      [5, 1, 3, 4, false],
      [8, 2, 9, 11, true],
    ]);
    expect(tally).toEqual({ valid: 2, dead: 1, censored: 1, nonFinite: 0 });
  });

  it('accounts for every perturbation under the first-passage rule: valid + dead + censored + nonFinite', () => {
    fc.assert(
      fc.property(traces, (all) => {
        const { tally } = detect(layerMajor(all), { threshold: 1 });
        expect(tally.valid + tally.dead + tally.censored + tally.nonFinite).toBe(all.length);
      }),
      { seed: 3 },
    );
  });

  it('drops the avalanche of a strength that is not finite, and goes on after it under the excursion rule', () => {
    const rows = perturbationMajor([[2, Number.NaN, 2, 0]]);
    expect(detect(rows, { threshold: 1 })).toMatchObject({
      found: [],
      tally: { valid: 0, dead: 0, censored: 0, nonFinite: 1 },
    });
    expect(detect(rows, { threshold: 1, rule: 'excursions' })).toMatchObject({
      found: [{ start: 3, duration: 1 }],
      tally: { valid: 1, dead: 0, censored: 0, nonFinite: 1 },
    });
  });

  it('ignores what an engine that runs the full depth sends after the first passage', () => {
    const all = [
      [2, 0, 5, 5],
      [0, 5, 5, 5],
      [3, 3, 3, 0],
    ];
    for (const rows of [perturbationMajor(all), layerMajor(all)]) {
      const { found, tally } = detect(rows, { threshold: 1, depth: 4 });
      expect(found.map((a) => a.duration).sort()).toEqual([1, 3]);
      expect(tally).toEqual({ valid: 2, dead: 1, censored: 0, nonFinite: 0 });
    }
  });

  it('reads traces that begin at another layer, and one perturbation that begins anew', () => {
    const { found } = detect(perturbationMajor([[2, 2, 0]], 0), { threshold: 1, firstLayer: 0 });
    expect(found).toMatchObject([{ start: 0, duration: 2 }]);
    const again = [...perturbationMajor([[2, 2]]), ...perturbationMajor([[3, 0]])];
    expect(detect(again, { threshold: 1 }).found).toMatchObject([
      { duration: 2, censored: true },
      { duration: 1, censored: false },
    ]);
  });

  it('keeps size in double precision over a million layers', () => {
    const depth = 1_000_000;
    const detector = createDetector({ threshold: 0.5, depth, scale: 3, profile: 4 });
    const layer = Int32Array.from({ length: depth }, (_, i) => i + 1);
    const strengths = new Float32Array(depth).fill(0.7);
    strengths[depth - 1] = 0.1;
    const found = detector.step({ length: depth, perturbation: new BigInt64Array(depth), layer, strength: strengths });
    expect(found.duration[0]).toBe(depth - 1);
    expect(found.signalSize[0]! / (3 * Math.fround(0.7) * (depth - 1))).toBeCloseTo(1, 9);
    expect(found.size[0]! / (3 * (Math.fround(0.7) - 0.5) * (depth - 1))).toBeCloseTo(1, 9);
    expect([...found.profile]).toEqual(Array(4).fill(Math.fround(Math.fround(0.7) - 0.5)));
  });

  it.each([1, 1e-30])('loses no excess to cancellation: 10⁻⁷ of the threshold, at strengths near %d', (unit) => {
    // One float32 step above the threshold, ten thousand layers long: Σ s − D·θ in float64 would be off by 10⁻⁵ of it.
    const theta = Math.fround(unit);
    const next = new Float32Array([theta]);
    new Int32Array(next.buffer)[0]!++;
    const step = next[0]! - theta;
    expect(step / theta).toBeLessThan(1.2e-7);
    const trace = [...Array<number>(10_000).fill(next[0]!), 0];
    for (const rows of [perturbationMajor([trace]), layerMajor([trace, trace])]) {
      const { found } = detect(rows, { threshold: theta, depth: 20_000, profile: 2 });
      expect(found[0]!.size / (10_000 * step)).toBeCloseTo(1, 12);
      expect(found[0]!.profile).toEqual([step, step]);
    }
  });

  it.each([1e40, 1e-44])('takes strengths in float64 that float32 has no room for: × %d', (unit) => {
    const trace = [2, 3, 1.5, 0.5].map((s) => s * unit);
    const { found } = detect(perturbationMajor([trace]), { threshold: unit, precision: 'double', profile: 3 });
    expect(found[0]!.size / unit).toBeCloseTo(3.5, 12);
    expect(found[0]!.signalSize / unit).toBeCloseTo(6.5, 12);
    expect(found[0]!.peak).toBe(3 * unit);
    expect(found[0]!.profile.map((s) => s / unit)).toEqual([1, 2, 0.5].map((s) => expect.closeTo(s, 12)));
  });

  it('leaves the last layer of an avalanche out where asked: one layer less, and none of one layer', () => {
    const options = { threshold: 1, depth: 5, lastLayer: 'left-out', profile: 2 } as const;
    const { found, tally } = detect(perturbationMajor([[2, 3, 1.5, 0], [2, 0], [0], [2, 2, 2, 2, 2]]), options);
    expect(found).toMatchObject([
      { perturbation: idOf(0), duration: 2, size: 3, signalSize: 5, censored: false, profile: [1, 2] },
      { perturbation: idOf(3), duration: 4, size: 4, signalSize: 8, censored: true },
    ]);
    expect(tally).toEqual({ valid: 1, dead: 2, censored: 1, nonFinite: 0 });
  });

  it('says so where strengths are of the other precision', () => {
    const detector = createDetector({ threshold: 1 });
    expect(() => detector.step(columnsOf(perturbationMajor([[2]]), 'double'))).toThrow('must be float32');
  });

  it('says which layers of which perturbation do not follow each other', () => {
    const rows = [
      { perturbation: 5, layer: 1, strength: 2 },
      { perturbation: 5, layer: 3, strength: 2 },
    ];
    expect(() => detect(rows, { threshold: 1 })).toThrow('perturbation 5 must follow each other: 3 after 1');
  });

  it('says so where no trace begins at the first layer, or a layer lies outside', () => {
    const rows = perturbationMajor([[2, 2]], 4);
    expect(() => detect(rows, { threshold: 1 })).toThrow('no trace begins at layer 1; the first row has layer 4');
    expect(() => detect(rows, { threshold: 1, depth: 3 })).toThrow('must lie in 1 to 3, got 4');
  });

  it.each([
    [{ threshold: Number.NaN }, 'threshold must be a finite number, got NaN'],
    [{ threshold: [0, 1], depth: 3 }, 'needs depth + 1 = 4 values (index 0 unused), got 2'],
    [{ threshold: [0, 1, Number.NaN], depth: 2 }, 'threshold of layer 2 must be a number'],
    [{ threshold: 1, depth: 0 }, 'depth must be an integer of at least 1, the first layer, got 0'],
    [{ threshold: 1, drive: -1 }, 'drive must be a number of at least 0, got -1'],
    [{ threshold: 1, scale: 0 }, 'scale must be a positive number, got 0'],
    [{ threshold: 1, profile: 1.5 }, 'profile must be a number of grid points, 0 for none, got 1.5'],
  ])('rejects %j', (options, message) => {
    expect(() => createDetector(options)).toThrow(message);
  });

  it('gives an empty answer to an empty batch', () => {
    const detector = createDetector({ threshold: 1, profile: 2 });
    expect(detector.step(columnsOf([])).length).toBe(0);
    expect(detector.finish().length).toBe(0);
  });
});
