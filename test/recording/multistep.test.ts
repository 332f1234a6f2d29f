import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { poisson } from '../../src/numeric/poisson.ts';
import { createStream, type RandomStream } from '../../src/numeric/random.ts';
import { coefficients, type MeanRule } from '../../src/recording/multistep/coefficients.ts';
import { type Decay, expectedCoefficients, fitDecay } from '../../src/recording/multistep/decay-fit.ts';
import { estimateMultistep, type MultistepOptions } from '../../src/recording/multistep/estimate.ts';
import { multistepInWords } from '../../src/recording/multistep/in-words.ts';
import { addSums, emptySums, PairCollector } from '../../src/recording/multistep/pair-sums.ts';

function collected(trials: readonly ArrayLike<number>[], lags: number): PairCollector {
  const collector = new PairCollector(lags);
  for (const trial of trials) {
    const recent = collector.open();
    for (let t = 0; t < trial.length; t++) collector.add(recent, trial[t]!);
  }
  return collector;
}

const whole = (collector: PairCollector) =>
  collector.trials.map(({ stretches }) => stretches.reduce(addSums, emptySums(collector.lags)));

interface Process {
  readonly m: number;
  readonly mean: number;
  readonly trials: number;
  readonly length: number;
  /** Share of the units that is seen. */
  readonly sampled?: number;
  /** Factor on the drive of trial i. */
  readonly drive?: (i: number) => number;
}

/** Activity of a branching process with Poisson offspring and drive, thinned. */
function branchingTrials(
  { m, mean, trials, length, sampled = 1, drive = () => 1 }: Process,
  stream: RandomStream,
): Float64Array[] {
  return Array.from({ length: trials }, (_, i) => {
    const seen = new Float64Array(length);
    let active = mean;
    for (let t = -Math.ceil(6 / (1 - m)); t < length; t++) {
      active = poisson(stream, m * active + (1 - m) * mean * drive(i));
      // A thinned Poisson count: each unit seen for itself.
      if (t >= 0) seen[t] = sampled === 1 ? active : thinned(active, sampled, stream);
    }
    return seen;
  });
}

function thinned(n: number, share: number, stream: RandomStream): number {
  let seen = 0;
  for (let i = 0; i < n; i++) if (stream.uniform() < share) seen++;
  return seen;
}

describe('coefficients and fits', () => {
  const reference = JSON.parse(
    readFileSync(join(import.meta.dirname, '../fixtures/multistep/reference.json'), 'utf8'),
  ) as { activity: string[] } & Record<
    'trial-separated' | 'stationary-mean',
    { coefficients: number[]; fits: Record<Decay, { ratio: number; time: number }> }
  >;
  const activity = reference.activity.map((row) => Float64Array.from(row, (letter) => letter.charCodeAt(0) - 33));

  it.each(['trial-separated', 'stationary-mean'] as const)('agree with mrestimator: %s', (rule) => {
    const sums = whole(collected(activity, 60));
    const found = coefficients(sums, rule);
    reference[rule].coefficients.forEach((r, k) => {
      expect(found[k]).toBeCloseTo(r, 9);
    });
    for (const decay of ['exponential', 'exponential-offset'] as const) {
      const fit = fitDecay(found, decay, undefined, Infinity);
      expect(fit.lags).toBe(60);
      expect(Math.abs(fit.ratio / reference[rule].fits[decay].ratio - 1)).toBeLessThan(2e-5);
    }
  });

  it('give back a law without noise, with and without an offset, and after a mean was taken off', () => {
    const law = (b: number, m: number, c: number) => Float64Array.from({ length: 100 }, (_, k) => b * m ** (k + 1) + c);
    for (const [b, m] of [
      [1, 0.5],
      [0.05, 0.98],
      [0.7, 0.999],
    ] as const) {
      expect(fitDecay(law(b, m, 0), 'exponential').ratio).toBeCloseTo(m, 6);
      const shifted = fitDecay(law(b, m, 0.1), 'exponential-offset');
      if (m < 0.999)
        expect([shifted.ratio, shifted.amplitude, shifted.offset].map((x) => +x.toFixed(4))).toEqual([m, b, 0.1]);
      const taken = { rows: [2000, 2000], pooled: false };
      const biased = expectedCoefficients({ ratio: m, offset: 0, lags: 100 }, b, taken);
      expect(biased[99]!).toBeLessThan(b * m ** 100);
      expect(fitDecay(biased, 'exponential', taken).ratio).toBeCloseTo(m, 5);
    }
  });

  it.each([false, true])(
    'are on average what is expected of short trials whose means are taken off (pooled: %s)',
    (pooled) => {
      const rows = [9, 30, 30];
      for (const [m, b] of [
        [0.7, 0.4],
        [0.95, 1],
        [0.9999, 0.8],
      ] as const) {
        const covariance = (d: number): number => b * m ** Math.abs(d) + (d === 0 ? 1 - b : 0);
        for (const k of [1, 4, 8]) {
          const pairs = rows.map((T) => T - k);
          const all = pairs.reduce((a, c) => a + c, 0);
          // Every product of the sums about the means, one by one.
          const about = (lag: number): number =>
            pairs.reduce((sum, n) => {
              let both = 0;
              for (let s = 0; s < n; s++) for (let t = 0; t < n; t++) both += covariance(t + lag - s);
              return sum + n * covariance(lag) - both / (pooled ? all : n);
            }, 0);
          const found = expectedCoefficients({ ratio: m, offset: 0, lags: 8 }, b, { rows, pooled })[k - 1]!;
          expect(Math.abs(found - about(k) / about(0))).toBeLessThan(1e-7);
        }
      }
    },
  );

  it('do not depend on stretches: one long trial as one, or joined once trials are many', () => {
    const stream = createStream(3, 1);
    const [long] = branchingTrials({ m: 0.8, mean: 20, trials: 1, length: 40_000 }, stream);
    const collector = collected([long!], 20);
    expect(collector.trials[0]!.stretches.length).toBeGreaterThan(30);
    expect(collector.trials[0]!.stretches.length).toBeLessThanOrEqual(64);
    const alone = coefficients(whole(collector), 'stationary-mean');
    const many = collected([long!, ...Array.from({ length: 8 }, () => [1])], 20);
    expect(many.trials[0]!.stretches.length).toBe(1);
    const joined = coefficients([whole(many)[0]!], 'stationary-mean');
    alone.forEach((r, k) => {
      expect(joined[k]).toBeCloseTo(r, 12);
    });
  });
});

describe('estimateMultistep', () => {
  const estimate = (process: Process, seed: number, options: MultistepOptions = {}, lags = 100) =>
    estimateMultistep(collected(branchingTrials(process, createStream(seed, 17)), lags), { seed, ...options })!;

  it('finds no memory in independent counts whose rate differs between trials', () => {
    const stream = createStream(11, 4);
    const trials = Array.from({ length: 100 }, (_, i) =>
      Float64Array.from({ length: 300 }, () => poisson(stream, 1 + i / 10)),
    );
    const { ratio, coefficients: r, coefficientErrors } = estimateMultistep(collected(trials, 10))!;
    expect(ratio.estimate).toBeNaN();
    // 10 coefficients within 4.5 errors: false alarm 7e-5.
    r.forEach((value, k) => {
      expect(Math.abs(value + 1 / 300)).toBeLessThan(4.5 * coefficientErrors[k]!);
    });
    const pooled = estimateMultistep(collected(trials, 10), { means: 'stationary-mean', decay: 'exponential' })!;
    expect(pooled.ratio.estimate).toBeGreaterThan(0.99);
  });

  it('finds the memory and not the drive where the drive differs between trials', () => {
    const process = { m: 0.9, mean: 40, trials: 60, length: 300, drive: (i: number) => 0.5 + i / 60 };
    const { ratio } = estimate(process, 5);
    // Within 4.5 standard errors: false alarm 7e-6.
    const error = (ratio.high - ratio.low) / 3.92;
    expect(Math.abs(ratio.estimate - 0.9)).toBeLessThan(4.5 * error);
    expect(error).toBeLessThan(0.015);
    const rules: MeanRule[] = ['trial-separated', 'stationary-mean'];
    const [separated, pooled] = rules.map(
      (means) => estimate(process, 5, { means, decay: 'exponential' }).ratio.estimate,
    );
    expect(Math.abs(separated! - 0.9)).toBeLessThan(0.02);
    expect(pooled).toBeGreaterThan(0.95);
    const offset = estimate(process, 5, { means: 'stationary-mean' });
    expect(offset.decay).toBe('exponential-offset');
    expect(Math.abs(offset.ratio.estimate - 0.9)).toBeLessThan(0.03);
  });

  it('covers m at 1 %, 10 % and 100 % sampling: of 24 intervals of 95 % at least 19 (false alarm 1e-3 each)', () => {
    for (const sampled of [1, 0.1, 0.01]) {
      let covered = 0;
      let defined = 0;
      for (let seed = 1; seed <= 24; seed++) {
        const process = {
          m: 0.9,
          mean: sampled === 0.01 ? 400 : 60,
          trials: 1,
          length: sampled === 0.01 ? 12_000 : 6000,
          sampled,
        };
        const { ratio } = estimate(process, seed, { bootstraps: 40, decay: 'exponential' }, 40);
        if (!Number.isNaN(ratio.estimate)) defined++;
        if (ratio.low <= 0.9 && 0.9 <= ratio.high) covered++;
      }
      expect(defined, String(sampled)).toBeGreaterThanOrEqual(22);
      expect(covered, String(sampled)).toBeGreaterThanOrEqual(19);
    }
  });

  it('follows times far beyond its lags, and sets no upper end where the trace is too short for one', () => {
    const series = (m: number, rows: number, seed: number): Float64Array => {
      const stream = createStream(seed, 5);
      let at = 0;
      return Float64Array.from({ length: rows }, () => {
        at = m * at + stream.uniform() - 0.5;
        return at;
      });
    };
    // At m = exp(−1/10,000) 18 intervals of twenty seeds hold 10,000; this seed is one of them.
    const slow = estimateMultistep(collected([series(Math.exp(-1e-4), 300_000, 1)], 50), { bootstraps: 60 })!;
    expect(slow.decay).toBe('exponential');
    expect(slow.time.low).toBeGreaterThan(3000);
    expect(slow.time.low).toBeLessThan(10_000);
    expect(slow.time.high).toBeGreaterThan(10_000);
    const endless = estimateMultistep(collected([series(1, 50_000, 2)], 100), { bootstraps: 60 })!;
    expect([endless.time.high, endless.ratio.high]).toEqual([Infinity, 1]);
    expect(multistepInWords(endless)).toMatch(
      /^Multistep branching ratio 0\.999\d+ \(95 %: at least 0\.999\d+\), autocorrelation time .* too short to tell this time from any longer one\.$/,
    );
  });

  it('finds times of the length of trials or longer, and sets random walks in short trials no upper end', () => {
    const trials = (m: number, T: number, noise: number, stream: RandomStream): Float64Array[] =>
      Array.from({ length: 100 }, () => {
        let at = m < 1 ? stream.normal() / Math.sqrt(1 - m * m) : 0;
        return Float64Array.from({ length: T }, () => {
          at = m * at + stream.normal();
          return at + noise * stream.normal();
        });
      });
    // Of twenty seeds each 20, 20 and 18 intervals hold the time; these three are each one of them.
    for (const [m, T, noise] of [
      [1, 50, 0],
      [1, 100, 2],
      [0.98, 50, 5],
    ] as const) {
      const found = estimateMultistep(collected(trials(m, T, noise, createStream(1, 9)), 100), { bootstraps: 60 })!;
      const time = m < 1 ? -1 / Math.log(m) : Infinity;
      expect(found.time.low).toBeLessThan(time);
      expect(found.time.high).toBeGreaterThanOrEqual(time);
      if (m === 1)
        expect(multistepInWords(found)).toMatch(/ Trials are too short to tell this time from any longer one\.$/);
    }
  });

  it('says nothing of traces too short for two lags', () => {
    expect(estimateMultistep(collected([[1, 2]], 10))).toBeUndefined();
    expect(estimateMultistep(collected([], 10))).toBeUndefined();
  });
});
