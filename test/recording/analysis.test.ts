import { describe, expect, it } from 'vitest';
import type { AvalancheColumns } from '../../src/avalanche/avalanche-rows.ts';
import { groupedSizes } from '../../src/crackling/grouped-sizes.ts';
import { statisticsReducer } from '../../src/crackling/reducer.ts';
import { ParameterError } from '../../src/error.ts';
import { createStream } from '../../src/numeric/random.ts';
import { analyseRecorded, collectAvalanches } from '../../src/recording/analysis.ts';
import { followRecording } from '../../src/recording/follow.ts';
import { keyed, stretches } from '../../src/recording/stretches.ts';
import { branchingTrace, walkTrace } from '../crackling/synthetic-trace.ts';

/** n avalanches with integer sizes near D². */
function someAvalanches(n: number, seed: number): AvalancheColumns {
  const stream = createStream(9, seed);
  const duration = Int32Array.from({ length: n }, () => Math.ceil(stream.uniform() ** -1));
  const size = Float64Array.from(duration, (d) => Math.min(d, 5000) ** 2 + stream.integer(3));
  return {
    length: n,
    perturbation: new BigInt64Array(n),
    start: new Int32Array(n),
    duration: duration.map((d) => Math.min(d, 5000)),
    size,
    signalSize: size,
    peak: new Float64Array(n),
    censored: new Uint8Array(n),
    profile: new Float32Array(0),
  };
}

const reducer = statisticsReducer({ profilePoints: 0, discreteSize: true });

describe('stretches(reducer, grid, least)', () => {
  it.each([
    [1, 1],
    [8, 1],
    [20, 3],
    [512, 64],
    [513, 32],
    [5000, 39],
  ])('keeps %i avalanches in %i blocks, and all of them once', (n, blocks) => {
    const found = someAvalanches(n, 1);
    const blocked = stretches(reducer, 0, 32);
    blocked.add(found);
    const { all, blocks: number, leaveOneOut } = blocked.finish();
    expect(number).toBe(blocks);
    expect([...leaveOneOut]).toHaveLength(blocks > 1 ? blocks : 0);
    expect(all.histogram.n).toBe(n);
    const whole = [...leaveOneOut].reduce((sum, part) => sum + part.histogram.n, 0);
    if (blocks > 1) expect(whole).toBe(n * (blocks - 1));
  });

  it('gives a result that more avalanches do not change', () => {
    const found = someAvalanches(600, 3);
    const key = Array.from(found.duration, (_, i) => i % 7);
    const [inTime, byKey] = [stretches(reducer, 0), keyed(reducer, 0)];
    const results = [inTime, byKey].map((one) => {
      one.add(found, key);
      const { leaveOneOut } = one.finish();
      const before = Array.from(leaveOneOut, (part) => part.histogram);
      for (let i = 0; i < 3; i++) one.add(someAvalanches(600, 4 + i), key);
      return [before, Array.from(leaveOneOut, (part) => part.histogram)];
    });
    for (const [before, after] of results) expect(after).toEqual(before);
  });

  it('has the same blocks however avalanches come in', () => {
    const found = someAvalanches(3000, 2);
    const [one, many] = [stretches(reducer, 0), stretches(reducer, 0)];
    one.add(found);
    for (let i = 0; i < found.length; i += 7) {
      const part = (a: Int32Array): Int32Array => a.slice(i, i + 7);
      const duration = part(found.duration);
      many.add({ ...someAvalanches(duration.length, 0), duration, size: found.size.slice(i, i + 7) });
    }
    const counts = (result: ReturnType<typeof one.finish>) => Array.from(result.leaveOneOut, (part) => part.histogram);
    expect(counts(many.finish())).toEqual(counts(one.finish()));
  });
});

describe('keyed(reducer, grid, count)', () => {
  it('keeps avalanches of one key in one block', () => {
    const found = someAvalanches(1000, 3);
    const blocked = keyed(reducer, 0, 8);
    const key = Float64Array.from({ length: 1000 }, (_, i) => i % 5);
    blocked.add(found, key);
    const { blocks, leaveOneOut } = blocked.finish();
    expect(blocks).toBe(5);
    expect(Array.from(leaveOneOut, (part) => part.histogram.n)).toEqual([800, 800, 800, 800, 800]);
  });
});

describe('groupedSizes(sizes, range, leastCount)', () => {
  const { all } = (() => {
    const blocked = stretches(reducer, 0);
    blocked.add(someAvalanches(2000, 4));
    return blocked.finish();
  })();

  it('leaves durations with enough avalanches as they are', () => {
    const grouped = groupedSizes(all.scaling, { least: 2, most: 10 }, 1);
    const inside = [...all.scaling.duration.keys()].filter((i) => {
      const d = all.scaling.duration[i]!;
      return d >= 2 && d <= 10;
    });
    expect([...grouped.count]).toEqual(inside.map((i) => all.scaling.count[i]));
    inside.forEach((i, g) => {
      expect(grouped.meanLogSize[g]).toBeCloseTo(all.scaling.meanLogSize[i]!, 12);
      expect(grouped.varLogSize[g]).toBeCloseTo(all.scaling.varLogSize[i]!, 12);
    });
  });

  it('groups sparse ones: every group has enough, nothing is lost, moments are those of all avalanches', () => {
    const grouped = groupedSizes(all.scaling, {}, 25);
    expect(Math.min(...grouped.count)).toBeGreaterThanOrEqual(25);
    const total = (values: Float64Array, by: Float64Array): number => values.reduce((sum, x, i) => sum + x * by[i]!, 0);
    expect(grouped.count.reduce((a, b) => a + b, 0)).toBe(2000);
    expect(total(grouped.meanSize, grouped.count) / 2000).toBeCloseTo(
      total(all.scaling.meanSize, all.scaling.count) / 2000,
      6,
    );
    const last = grouped.count.length - 1;
    const tail = someAvalanches(2000, 4);
    const from = grouped.duration.length > 1 ? [...tail.duration].sort((a, b) => b - a)[grouped.count[last]! - 1]! : 1;
    const logs = [...tail.size].filter((_, i) => tail.duration[i]! >= from).map(Math.log);
    const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
    expect(grouped.meanLogSize[last]).toBeCloseTo(mean, 9);
    const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (logs.length - 1);
    expect(grouped.varLogSize[last]).toBeCloseTo(variance, 9);
  });
});

describe('analyseRecorded(blocked, options)', () => {
  function analyse(
    trace: Float64Array,
    recording: Parameters<typeof followRecording>[0],
    [sizeMin, sizeMax, durationMin, durationMax]: [number, number, number, number],
  ) {
    const following = followRecording(recording);
    const collection = collectAvalanches({ profilePoints: recording.profilePoints ?? 50 });
    for (let i = 0; i < trace.length; i += 50_000) collection.add(following.step(trace.slice(i, i + 50_000)));
    collection.add(following.finish());
    const { blocked, discreteSize } = collection.finish();
    const analysis = analyseRecorded(blocked, {
      sizes: { min: sizeMin, max: sizeMax },
      durations: { min: durationMin, max: durationMax },
      alternatives: false,
    });
    return { analysis, discreteSize };
  }

  it.each([1, 2, 3])(
    'leaves the class of an Ornstein–Uhlenbeck trace standing, whose window begins at a few rows: seed %d',
    (seed) => {
      const following = followRecording({ threshold: 0, profilePoints: 0 } as Parameters<typeof followRecording>[0]);
      const collection = collectAvalanches({ profilePoints: 0 });
      collection.add(following.step(walkTrace(100_000, 200, seed)));
      collection.add(following.finish());
      const auto = { min: 'auto', max: 'auto' } as const;
      const analysis = analyseRecorded(collection.finish().blocked, {
        sizes: auto,
        durations: auto,
        alternatives: false,
      });
      expect(analysis.windows!.durations.min).toBeLessThan(10);
      expect(analysis.classSystematic).toBeGreaterThanOrEqual(analysis.systematic);
      const own = analysis.universality!.find((distance) => distance.class.id === 'brownian_excursion')!;
      expect(own.pValue).toBeGreaterThan(0.05);
    },
  );

  it('has errors of stated cutoffs of which one half in two fills less than a decade', () => {
    const collection = collectAvalanches({ profilePoints: 0 });
    const found = someAvalanches(4000, 2);
    // One avalanche alone lasts 30, ten times the lower cutoff.
    collection.add({ ...found, duration: found.duration.map((d, i) => (i === 0 ? 30 : Math.min(d, 20))) });
    const stated = { min: 3, max: 31 };
    const { jackknife, windows } = analyseRecorded(collection.finish().blocked, {
      sizes: { min: 'auto', max: 'auto' },
      durations: stated,
      alternatives: false,
    });
    expect(windows!.durations).toEqual(stated);
    for (const name of ['tau', 'alpha', 'gammaScaling'] as const)
      expect(jackknife.standardError[name]).toBeGreaterThan(0);
  });

  // Seeded; tolerances of 3 standard errors, 1 in 370 for each Gaussian estimate, after the known corrections.
  it('finds mean-field exponents on a critical branching process and leaves its class standing', () => {
    const { analysis, discreteSize } = analyse(
      branchingTrace(800_000, 11),
      { threshold: 0, above: true },
      [20, 5000, 30, 500],
    );
    expect(discreteSize).toBe(true);
    const { estimate, standardError, blocks } = analysis.jackknife;
    expect(blocks).toBeGreaterThanOrEqual(32);
    // P(D = d) = 1/(d(d + 1)): the local exponent is 2 − 1/(d + 1), 0.02 less on average from 30.
    expect(Math.abs(estimate.tau - 1.5)).toBeLessThan(3 * standardError.tau);
    expect(Math.abs(estimate.alpha - 1.98)).toBeLessThan(3 * standardError.alpha);
    expect(Math.abs(estimate.gammaScaling - 1.98)).toBeLessThan(3 * standardError.gammaScaling);
    expect(standardError.alpha).toBeLessThan(0.05);
    expect(Math.abs(analysis.relation.deviations)).toBeLessThan(3);
    expect(Math.abs(estimate.gammaCollapse - 1.95)).toBeLessThan(0.15);
    const classes = new Map(analysis.universality!.map((one) => [one.class.id, one]));
    expect(analysis.universality![0]!.class.id).toBe('mean_field');
    expect(classes.get('mean_field')!.pValue).toBeGreaterThan(0.01);
    expect(classes.get('brownian_excursion')!.pValue).toBeLessThan(1e-9);
  });

  it('finds the exponents of Brownian excursions on a random walk', () => {
    const trace = walkTrace(3_000_000, 20_000, 5);
    const { analysis, discreteSize } = analyse(trace, { threshold: 0, profilePoints: 0 }, [300, 30_000, 100, 2000]);
    expect(discreteSize).toBe(false);
    const { estimate, standardError } = analysis.jackknife;
    expect(Math.abs(estimate.tau - 4 / 3)).toBeLessThan(3 * standardError.tau);
    expect(Math.abs(estimate.alpha - 1.5)).toBeLessThan(3 * standardError.alpha);
    // Steps and memory bend ⟨S⟩(D): seeds 5, 6 and 7 have slopes of 1.54, 1.53 and 1.51 between these durations.
    expect(Math.abs(estimate.gammaScaling - 1.5)).toBeLessThan(0.03 + 3 * standardError.gammaScaling);
    const classes = new Map(analysis.universality!.map((one) => [one.class.id, one]));
    expect(classes.get('brownian_excursion')!.pValue).toBeGreaterThan(0.01);
    expect(classes.get('mean_field')!.pValue).toBeLessThan(1e-9);
  });

  it('says that mean sizes fall with durations, where no window of sizes goes with that of durations', () => {
    const collection = collectAvalanches({ profilePoints: 0 });
    const found = someAvalanches(300, 2);
    collection.add({ ...found, size: found.size.map((s, i) => (1 + (i % 7)) * Math.ceil(1e5 / Math.sqrt(s))) });
    const auto = { min: 'auto', max: 'auto' } as const;
    const analysed = () => analyseRecorded(collection.finish().blocked, { sizes: auto, durations: auto });
    expect(analysed).toThrow(/^mean sizes must grow with durations/);
  });

  it('says which distribution has too few values', () => {
    const trace = Float64Array.from([0, 1, 0, 2, 0, 1, 0]);
    expect(() => analyse(trace, { threshold: 1 }, [1, 10, 5, 50])).toThrow(ParameterError);
    expect(() => analyse(trace, { threshold: 1 }, [1, 10, 5, 50])).toThrow(/^duration distribution: .* got none/);
  });

  it('leaves the upper cutoff out, and says so, where no window is wide enough', () => {
    const trace = Float64Array.from(
      { length: 40_000 },
      (_, t) => [0, 1, 0, 2, 1, 0, 1, 3, 1, 0][t % 10]! * (1 + (t % 7)),
    );
    const following = followRecording({ threshold: 0, above: true });
    const collection = collectAvalanches({ profilePoints: 50 });
    collection.add(following.step(trace));
    const auto = { min: 'auto', max: 'auto' } as const;
    const { duration, notes } = analyseRecorded(collection.finish().blocked, { sizes: auto, durations: auto });
    expect(duration.xmax).toBeNull();
    expect(notes.join('\n')).toMatch(/No cutoffs were chosen beyond those given: .*xmax\/xmin of at least 10/);
  });
});
