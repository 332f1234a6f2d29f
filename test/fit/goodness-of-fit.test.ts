import { describe, expect, test } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { goodnessOfFit } from '../../src/fit/goodness-of-fit.ts';
import { createStream } from '../../src/numeric/random.ts';
import { grouped, powerLawValues } from './synthetic.ts';

const pareto = powerLawValues({ discrete: false, exponent: 2.5, xmin: 1, xmax: Infinity }, 2000, 30);
const durations = powerLawValues({ discrete: true, exponent: 2.2, xmin: 1, xmax: Infinity }, 2000, 31);
const stream = createStream(4);
const lognormal = Float64Array.from({ length: 2000 }, () => Math.exp(1 + 0.8 * stream.normal()));

describe('goodnessOfFit(sample, fit, options)', () => {
  test('gives the same distances for one thread and two', async () => {
    const one = await goodnessOfFit(pareto, { xmin: 1 }, { repetitions: 60, seed: 5, workers: 1 });
    let last = 0;
    const two = await goodnessOfFit(
      pareto,
      { xmin: 1 },
      {
        repetitions: 60,
        seed: 5,
        workers: 2,
        onProgress: (done) => {
          last = done;
        },
      },
    );
    expect(two.distances).toEqual(one.distances);
    expect(two.pValue).toBe(one.pValue);
    expect(last).toBe(60);
  });

  test('depends on the seed', async () => {
    const options = { repetitions: 10, workers: 1 };
    const a = await goodnessOfFit(pareto, { xmin: 1 }, { ...options, seed: 1 });
    const b = await goodnessOfFit(pareto, { xmin: 1 }, { ...options, seed: 2 });
    expect(a.distances).not.toEqual(b.distances);
  });

  test('accepts power laws and refuses a lognormal, raw and grouped, cutoffs given and found', async () => {
    const options = { repetitions: 60, workers: 1 };
    for (const sample of [pareto, grouped(pareto, false)]) {
      expect((await goodnessOfFit(sample, { xmin: 1 }, options)).pValue).toBeGreaterThan(0.05);
      expect((await goodnessOfFit(sample, {}, options)).pValue).toBeGreaterThan(0.05);
    }
    expect((await goodnessOfFit(durations, { xmin: 1, discrete: true }, options)).pValue).toBeGreaterThan(0.05);
    expect((await goodnessOfFit(grouped(durations, true), { xmin: 1 }, options)).pValue).toBeGreaterThan(0.05);
    for (const sample of [lognormal, grouped(lognormal, false)]) {
      expect((await goodnessOfFit(sample, { xmin: 1 }, options)).pValue).toBeLessThan(0.02);
    }
  });

  test('distances of a grouped sample follow those of the raw data', async () => {
    // Two-sample KS at 200 against 200: 1.95·√(2/200) is a false alarm of 1e-3.
    const options = { repetitions: 200, workers: 1 };
    const raw = (await goodnessOfFit(pareto, { xmin: 1 }, options)).distances.slice().sort();
    const groups = (await goodnessOfFit(grouped(pareto, false), { xmin: 1 }, options)).distances.slice().sort();
    // A group holds up to 1/170 of the sample, by which a raw distance can exceed the grouped one; allow for half of it on average.
    const shifted = groups.map((distance) => distance + 0.0005);
    let distance = 0;
    for (const x of raw) {
      const share = (values: Float64Array): number => values.filter((value) => value <= x).length / 200;
      distance = Math.max(distance, Math.abs(share(raw) - share(shifted)));
    }
    expect(distance).toBeLessThan(1.95 * Math.sqrt(2 / 200));
  });

  test('stops when told to', async () => {
    const stop = new AbortController();
    const running = goodnessOfFit(pareto, { xmin: 1 }, { repetitions: 1000, workers: 1, signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toThrow(/abort/i);
  });

  test('says what is wrong with its options', async () => {
    await expect(goodnessOfFit(pareto, {}, { repetitions: 0 })).rejects.toThrow(
      new ParameterError('repetitions must be a positive integer, got 0'),
    );
  });
});
