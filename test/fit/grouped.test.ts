import { describe, expect, test } from 'vitest';
import { fitBounded, fitPowerLaw } from '../../src/fit/fit-power-law.ts';
import { kolmogorovSmirnov } from '../../src/fit/kolmogorov-smirnov.ts';
import { compareAlternatives } from '../../src/fit/likelihood-ratio.ts';
import { orderSample } from '../../src/fit/ordered-sample.ts';
import { estimatePowerLaw } from '../../src/fit/power-law.ts';
import { cutTail } from '../../src/fit/tail.ts';
import { grouped, powerLawValues } from './synthetic.ts';

const cases = [
  { name: 'continuous', discrete: false, exponent: 1.33, xmin: 1, xmax: 1e4 },
  { name: 'continuous below 1', discrete: false, exponent: 0.8, xmin: 2, xmax: 5000 },
  { name: 'discrete', discrete: true, exponent: 1.5, xmin: 1, xmax: 20_000 },
] as const;

describe.each(cases)('a grouped sample, $name', (law) => {
  const values = powerLawValues(law, 20_000, 1);
  const sample = grouped(values, law.discrete);
  const raw = orderSample(values, law.discrete);
  const groups = orderSample(sample);

  test('fits at group edges as the raw data do, to 1e-9', () => {
    const edges = [...sample.lower].filter((_, i) => i % 97 === 0);
    for (const [low, high] of [
      [0, Infinity],
      [1, Infinity],
      [0, 3000],
      [2, 2048],
    ] as const) {
      const xmin = Math.max(edges[low]!, law.xmin);
      const xmax = law.discrete && high < Infinity ? high - 1 : high;
      const a = estimatePowerLaw(cutTail(raw, xmin, xmax));
      const b = estimatePowerLaw(cutTail(groups, xmin, xmax));
      // 3000 may lie within a wide group: then the cutoff has moved, and says so.
      if (b.xmax !== a.xmax) continue;
      expect(b.n).toBe(a.n);
      expect(Math.abs(b.exponent - a.exponent)).toBeLessThan(1e-9);
      expect(Math.abs(b.standardError / a.standardError - 1)).toBeLessThan(1e-9);
      expect(Math.abs(b.logLikelihood / a.logLikelihood - 1)).toBeLessThan(1e-9);
    }
  });

  test('between edges moves the cutoff to the edge and the exponent within the stated bound', () => {
    const wide = groups.upper!.findIndex(
      (upper, j) => upper - groups.position[j]! < 0.9 * groups.position[j]! && j > 40,
    );
    for (const j of [wide, wide + 13, wide + 57]) {
      const [lower, upper] = [groups.position[j]!, groups.upper![j]!];
      const inside = law.discrete ? lower : lower + 0.4 * (upper - lower);
      const a = cutTail(raw, inside);
      const b = cutTail(groups, inside);
      if (law.discrete) {
        expect(b.xmin).toBe(lower);
        continue;
      }
      expect(b.xmin).toBe(upper);
      const m = a.n - b.n;
      const shift = Math.abs(1 / (estimatePowerLaw(b).exponent - 1) - 1 / (estimatePowerLaw(a).exponent - 1));
      const bound = Math.max(Math.log(upper / inside), (b.meanExcess * m) / (b.n + m));
      expect(shift).toBeGreaterThan(0);
      expect(shift).toBeLessThanOrEqual(bound);
    }
  });

  test('has a distance within one group of the raw data', () => {
    const a = cutTail(raw, law.xmin);
    const b = cutTail(groups, law.xmin);
    const fit = estimatePowerLaw(a);
    const largest = Math.max(...sample.count) / a.n;
    const gap = kolmogorovSmirnov(a, fit) - kolmogorovSmirnov(b, fit);
    expect(gap).toBeGreaterThanOrEqual(-1e-12 - largest);
    expect(gap).toBeLessThan(2 * largest);
  });

  test('gives the likelihood ratios of the raw data to 1e-3', () => {
    const a = cutTail(raw, law.xmin);
    const b = cutTail(groups, law.xmin);
    const exact = compareAlternatives(a, estimatePowerLaw(a));
    for (const [i, found] of compareAlternatives(b, estimatePowerLaw(b)).entries()) {
      expect(Math.abs(found.ratio / exact[i]!.ratio - 1)).toBeLessThan(1e-3);
      expect(Math.abs(found.normalizedRatio / exact[i]!.normalizedRatio - 1)).toBeLessThan(1e-3);
    }
  });

  test('fitBounded and fitPowerLaw say the same', () => {
    const xmax = law.discrete ? 2047 : 2048;
    const a = fitBounded(sample, law.xmin, xmax);
    const b = fitPowerLaw(sample, { xmin: law.xmin, xmax, alternatives: false });
    expect(a.exponent).toBe(b.exponent);
    expect(a.ks).toBe(b.ks);
    expect(Math.abs(a.exponent - law.exponent)).toBeLessThan(4 * a.standardError);
  });
});
