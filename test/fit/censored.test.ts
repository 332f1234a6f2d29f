import { describe, expect, test } from 'vitest';
import { estimateCensored } from '../../src/fit/censored.ts';
import { orderSample } from '../../src/fit/ordered-sample.ts';
import { exponentOf } from '../../src/fit/power-law.ts';
import { cutTail } from '../../src/fit/tail.ts';
import { createStream } from '../../src/numeric/random.ts';
import { logPowerSum } from '../../src/numeric/zeta.ts';
import { grouped, powerLawValues } from './synthetic.ts';

const law = { discrete: true, exponent: 1.5, xmin: 3, xmax: Infinity };

/** Values of the law, each seen up to a bound of its own. */
function seen(n: number, key: number) {
  const stream = createStream(41, key);
  const whole: number[] = [];
  const bounds: number[] = [];
  for (const x of powerLawValues(law, n, 42, key)) {
    const limit = 3 + stream.integer(60);
    if (x < limit) whole.push(x);
    else bounds.push(limit);
  }
  return { tail: cutTail(orderSample(whole, true), 3), bounds: Float64Array.from(bounds), whole };
}

describe('estimateCensored(tail, bounds)', () => {
  test('is the plain estimate where nothing is censored, or nothing that lies in the window', () => {
    const values = powerLawValues({ ...law, xmax: 50 }, 500, 43);
    const tail = cutTail(orderSample(values, true), 3, 50);
    const none = { discrete: true, ...emptyGroups() };
    expect(estimateCensored(tail, none)).toMatchObject({ exponent: exponentOf(tail), n: tail.n, censored: 0 });
    const outside = grouped(Float64Array.of(1, 2, 60, 100), true);
    expect(estimateCensored(tail, outside)).toMatchObject({ exponent: exponentOf(tail), censored: 0 });
  });

  test('is where the likelihood is highest', () => {
    const { tail, bounds, whole } = seen(400, 1);
    const found = estimateCensored(tail, grouped(bounds, true));
    const likelihood = (a: number): number =>
      whole.reduce((sum, x) => sum - a * Math.log(x), 0) +
      bounds.reduce((sum, l) => sum + logPowerSum(a, l), 0) -
      (whole.length + bounds.length) * logPowerSum(a, 3);
    const best = likelihood(found.exponent);
    for (const step of [0.001, 0.02, 0.2]) {
      expect(likelihood(found.exponent + step)).toBeLessThan(best);
      expect(likelihood(found.exponent - step)).toBeLessThan(best);
    }
    const h = 1e-3;
    const bend = (likelihood(found.exponent + h) - 2 * best + likelihood(found.exponent - h)) / h ** 2;
    expect(found.standardError).toBeCloseTo(1 / Math.sqrt(-bend), 3);
  });

  // 200 samples: pulls have mean 0 ± 0.07 and variance 1 ± 0.1; outside with probability 1e-4 for another seed.
  test('holds the true exponent within its errors, where leaving censored values out is far off', () => {
    let [sum, squares, plain] = [0, 0, 0];
    for (let i = 0; i < 200; i++) {
      const { tail, bounds } = seen(500, 100 + i);
      const { exponent, standardError } = estimateCensored(tail, grouped(bounds, true));
      const pull = (exponent - law.exponent) / standardError;
      sum += pull;
      squares += pull * pull;
      plain += (exponentOf(tail) - law.exponent) / standardError;
    }
    expect(Math.abs(sum / 200)).toBeLessThan(0.3);
    expect(squares / 200).toBeGreaterThan(0.6);
    expect(squares / 200).toBeLessThan(1.45);
    expect(plain / 200).toBeGreaterThan(5);
  });
});

const emptyGroups = () => ({
  lower: Float64Array.of(),
  upper: Float64Array.of(),
  count: Float64Array.of(),
  sumLog: Float64Array.of(),
});
