import { describe, expect, it } from 'vitest';
import { cutoffExponent, logMoment, momentOrders } from '../../src/fit/moment-scaling.ts';
import { createStream } from '../../src/numeric/random.ts';
import type { GroupedSample } from '../../src/reduce/grouped.ts';

/** Groups of relative width 2^-8 or so, as the reducer makes. */
function grouped(values: readonly number[]): GroupedSample {
  const groups = new Map<number, { n: number; sum: number }>();
  for (const value of values) {
    const key = Math.floor(Math.log2(value) * 256);
    const group = groups.get(key) ?? { n: 0, sum: 0 };
    groups.set(key, { n: group.n + 1, sum: group.sum + Math.log(value) });
  }
  const keys = [...groups.keys()].sort((a, b) => a - b);
  const each = (of: (key: number) => number) => Float64Array.from(keys, of);
  return {
    discrete: false,
    lower: each((key) => 2 ** (key / 256)),
    upper: each((key) => 2 ** ((key + 1) / 256)),
    count: each((key) => groups.get(key)!.n),
    sumLog: each((key) => groups.get(key)!.sum),
  };
}

/** Values of x^−τ from 1 to a cutoff. */
function pareto(seed: number, n: number, tau: number, cutoff: number): number[] {
  const stream = createStream(seed);
  return Array.from({ length: n }, () => {
    const u = stream.uniform();
    return (1 - u * (1 - cutoff ** (1 - tau))) ** (1 / (1 - tau));
  });
}

/** ln ∫ x^(q−τ) / ∫ x^−τ from 1 to a cutoff. */
function exact(q: number, tau: number, cutoff: number): number {
  const integral = (p: number): number => (cutoff ** (p + 1) - 1) / (p + 1);
  return Math.log(integral(q - tau) / integral(-tau));
}

const zero = momentOrders.map(() => momentOrders.map(() => 0));

describe('logMoment', () => {
  it('is the moment of the values to 10⁻⁵, also where it overflows', () => {
    const values = pareto(1, 5000, 1.5, 1e4);
    for (const q of momentOrders) {
      const moment = values.reduce((sum, x) => sum + x ** q, 0) / values.length;
      expect(Math.abs(logMoment(grouped(values), q) - Math.log(moment))).toBeLessThan(1e-5);
      const large = values.map((x) => x * 1e200);
      expect(Math.abs(logMoment(grouped(large), q) - Math.log(moment) - q * Math.log(1e200))).toBeLessThan(1e-5);
    }
    expect(logMoment(grouped([]), 2)).toBeNaN();
  });
});

describe('cutoffExponent', () => {
  it('finds cutoff and exponent of exact moments far above the lower cutoff', () => {
    const widths = [1e4, 1e5, 1e6].map((width) => ({
      width,
      logMoments: momentOrders.map((q) => exact(q, 4 / 3, width ** 1.5)),
      covariance: zero,
    }));
    const found = cutoffExponent(widths);
    expect(found.cutoff).toBeCloseTo(1.5, 2);
    expect(found.exponent).toBeCloseTo(4 / 3, 1);
    expect(found.moments[2]!.sigma).toBeCloseTo(1.5 * (2 + 1 - 4 / 3), 2);
  });

  // Scatter of 60 seeds against the mean quoted error, each known to 9 %: false alarm about 1 in 1000 (seeded).
  it('quotes the scatter that it has', () => {
    const found = Array.from({ length: 60 }, (_, seed) => {
      const widths = [10, 20, 40, 80, 160].map((width, w) => {
        const blocks = Array.from({ length: 20 }, (_, b) => {
          const sample = grouped(pareto(1000 * seed + 100 * w + b, 100, 1.5, 20 * width));
          return momentOrders.map((q) => Math.exp(logMoment(sample, q)));
        });
        const mean = momentOrders.map((_, k) => blocks.reduce((sum, one) => sum + one[k]! / 20, 0));
        const covariance = momentOrders.map((_, i) =>
          momentOrders.map((_, j) => {
            const product = (one: number[]) => (one[i]! / mean[i]! - 1) * (one[j]! / mean[j]! - 1);
            return blocks.reduce((sum, one) => sum + product(one), 0) / (20 * 19);
          }),
        );
        return { width, logMoments: mean.map(Math.log), covariance };
      });
      return cutoffExponent(widths);
    });
    for (const [value, error] of [
      ['cutoff', 'cutoffError'],
      ['exponent', 'exponentError'],
    ] as const) {
      const mean = found.reduce((sum, one) => sum + one[value] / 60, 0);
      const scatter = Math.sqrt(found.reduce((sum, one) => sum + (one[value] - mean) ** 2, 0) / 59);
      const quoted = Math.sqrt(found.reduce((sum, one) => sum + one[error] ** 2, 0) / 60);
      expect(scatter / quoted).toBeGreaterThan(0.7);
      expect(scatter / quoted).toBeLessThan(1.35);
    }
  });

  // Moments of every width shifted together, as by the error of its correction δ: one order alone would hide it. 60 seeds, known to 9 % each.
  it('quotes the scatter of widths that are off their lines by more than their moments say', () => {
    const found = Array.from({ length: 60 }, (_, seed) => {
      const stream = createStream(seed);
      const widths = [100, 200, 300, 400, 500].map((width) => {
        const off = 0.1 * stream.normal();
        return {
          width,
          logMoments: momentOrders.map(
            (q) => 1.5 * (q + 1 - 4 / 3) * Math.log(width) + q * off + 0.01 * stream.normal(),
          ),
          covariance: momentOrders.map((_, i) => momentOrders.map((_, j) => (i === j ? 1e-4 : 0))),
        };
      });
      return cutoffExponent(widths);
    });
    for (const [value, error] of [
      ['cutoff', 'cutoffError'],
      ['exponent', 'exponentError'],
    ] as const) {
      const mean = found.reduce((sum, one) => sum + one[value] / 60, 0);
      const scatter = Math.sqrt(found.reduce((sum, one) => sum + (one[value] - mean) ** 2, 0) / 59);
      const quoted = Math.sqrt(found.reduce((sum, one) => sum + one[error] ** 2, 0) / 60);
      expect(scatter / quoted).toBeLessThan(1.35);
    }
    const sigma = found.map(({ moments }) => moments[2]!);
    const mean = sigma.reduce((sum, one) => sum + one.sigma / 60, 0);
    const scatter = Math.sqrt(sigma.reduce((sum, one) => sum + (one.sigma - mean) ** 2, 0) / 59);
    const quoted = Math.sqrt(sigma.reduce((sum, one) => sum + one.sigmaError ** 2, 0) / 60);
    expect(scatter / quoted).toBeGreaterThan(0.7);
    expect(scatter / quoted).toBeLessThan(1.35);
  });

  it('needs three widths', () => {
    const one = { width: 10, logMoments: momentOrders.map(() => 1), covariance: zero };
    expect(() => cutoffExponent([one, { ...one, width: 20 }])).toThrow('at least 3 different widths, got 2');
  });
});
