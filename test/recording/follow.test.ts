import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { followRecording, type RecordingOptions } from '../../src/recording/follow.ts';
import { coefficients } from '../../src/recording/multistep/coefficients.ts';
import { addSums, emptySums } from '../../src/recording/multistep/pair-sums.ts';
import { branchingTrace } from '../crackling/synthetic-trace.ts';
import { branchingRatio } from './branching-ratio.ts';

interface Found {
  duration: number;
  size: number;
  censored: boolean;
}

/** Avalanches of one unbroken stretch of rows, by a loop of its own. */
function plainAvalanches(stretch: readonly number[], options: RecordingOptions): Found[] {
  const { threshold, above = false, size = 'excess' } = options;
  const found: Found[] = [];
  let start = 0;
  while (start < stretch.length) {
    const inside = (i: number): boolean =>
      i < stretch.length && (above ? stretch[i]! > threshold : stretch[i]! >= threshold);
    if (!inside(start)) {
      start++;
      continue;
    }
    let end = start;
    let sum = 0;
    while (inside(end)) sum += stretch[end++]! - (size === 'excess' ? threshold : 0);
    found.push({ duration: end - start, size: sum, censored: start === 0 || end === stretch.length });
    start = end;
  }
  return found;
}

/** @param options.size also says which of the two sizes is returned */
function follow(
  rows: readonly number[],
  options: RecordingOptions,
  cuts: readonly number[],
  trial?: readonly string[],
) {
  const recording = followRecording(options);
  const found: Found[] = [];
  const take = (columns: ReturnType<typeof recording.step>): void => {
    for (let i = 0; i < columns.length; i++) {
      const { duration, censored } = columns;
      const size = options.size === 'signal' ? columns.signalSize : columns.size;
      found.push({ duration: duration[i]!, size: size[i]!, censored: censored[i] === 1 });
    }
  };
  const edges = [0, ...cuts.map((cut) => Math.min(cut, rows.length)).sort((a, b) => a - b), rows.length];
  for (let i = 1; i < edges.length; i++) {
    const [from, to] = [edges[i - 1]!, edges[i]!];
    take(recording.step(Float64Array.from(rows.slice(from, to)), trial?.slice(from, to)));
  }
  take(recording.finish());
  return { found, tally: recording.tally, within: recording.branchingWithin(), pairs: recording.pairs };
}

const sorted = (list: readonly Found[]): Found[] =>
  list.toSorted((a, b) => a.duration - b.duration || a.size - b.size || Number(a.censored) - Number(b.censored));

/** Halves of small integers: sums are exact. NaN is a gap. */
const value = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -8, max: 8 }).map((k) => k / 2) },
  fc.constant(Number.NaN),
);

describe('followRecording(options)', () => {
  it('finds what a plain loop finds, however rows are cut, whatever gaps and interleaving trials there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, fc.constantFrom('a', 'b', 'c')), { minLength: 1, maxLength: 80 }),
        fc.array(fc.nat(80), { maxLength: 4 }),
        fc.constantFrom(-1, 0, 0.5, 1),
        fc.boolean(),
        fc.constantFrom<'signal' | 'excess'>('signal', 'excess'),
        (rows, cuts, threshold, above, size) => {
          const options = { threshold, above, size, profilePoints: 8 };
          const signal = rows.map(([x]) => x);
          const trial = rows.map(([, name]) => name);
          const expected = ['a', 'b', 'c'].flatMap((name) => {
            const own = signal.filter((_, i) => trial[i] === name);
            const stretches: number[][] = [[]];
            for (const x of own) {
              if (Number.isNaN(x)) stretches.push([]);
              else stretches.at(-1)!.push(x);
            }
            return stretches.flatMap((stretch) => plainAvalanches(stretch, options));
          });
          const { found, tally } = follow(signal, options, cuts, trial);
          expect(sorted(found)).toEqual(sorted(expected));
          expect(tally.valid).toBe(expected.filter(({ censored }) => !censored).length);
          expect(tally.censored).toBe(expected.filter(({ censored }) => censored).length);
          expect(tally.missing).toBe(signal.filter(Number.isNaN).length);
          expect(tally.rows).toBe(signal.length - tally.missing);
        },
      ),
      { seed: 3, numRuns: 400 },
    );
  });

  it('gives the branching ratios of the whole trace and of its avalanches, to rounding', () => {
    const trace = branchingTrace(20_000, 5, 300);
    const { within, pairs } = follow([...trace], { threshold: 0, above: true, lags: 10 }, [7, 100, 5000]);
    const whole = branchingRatio([trace]);
    const sums = pairs.trials.map(({ stretches }) => stretches.reduce(addSums, emptySums(10)));
    coefficients(sums, 'within-trials').forEach((slope, k) => {
      expect(slope).toBeCloseTo(whole.slopes[k]!, 9);
    });
    let [parents, children] = [0, 0];
    for (let t = 0; t + 1 < trace.length; t++) {
      if (trace[t]! === 0) continue;
      parents += trace[t]!;
      children += trace[t + 1]!;
    }
    expect(within).toBeCloseTo(children / parents, 12);
  });

  it.each([1e40, 1e-44])('finds the same in a trace × %d, where float32 would overflow or vanish', (unit) => {
    const trace = [...branchingTrace(5000, 7, 300)];
    const run = (factor: number) => {
      const options = { threshold: 2 * factor, profilePoints: 0 };
      return follow(
        trace.map((x) => x * factor),
        options,
        [100],
      );
    };
    const [plain, scaled] = [run(1), run(unit)];
    expect(scaled.tally).toEqual(plain.tally);
    expect(plain.found.length).toBeGreaterThan(100);
    scaled.found.forEach(({ size, duration }, i) => {
      expect(duration).toBe(plain.found[i]!.duration);
      expect(size / unit).toBeCloseTo(plain.found[i]!.size, 7);
    });
  });

  it('refuses a threshold that is not finite', () => {
    expect(() => followRecording({ threshold: Number.NaN })).toThrow(
      new ParameterError('threshold must be a finite number, got NaN'),
    );
  });
});
