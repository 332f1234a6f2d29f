import gammainc from '@stdlib/math-base-special-gammainc';
import gammaln from '@stdlib/math-base-special-gammaln';
import { describe, expect, it } from 'vitest';
import { abbm } from '../../src/process/abbm.ts';
import { abbmLaw } from '../../src/process/law/abbm-law.ts';
import { firstAvalanches, idsOf, largestSurvivalDeviation, windowsOf } from './realisations.ts';

// Each comparison with |z| < 4.5, at most 20 in a test: a false alarm in 7,000 tests.
const LIMIT = 4.5;

/** P(v_1 ≥ y) from v_0 = x: the transition density of a killed squared Bessel process, series of its Bessel function I_ν integrated term by term. */
function transition(x: number, c: number, y: number): number {
  let sum = 0;
  for (let n = 0; n < 200; n++) {
    sum += Math.exp(-x + (n + 1 - c) * Math.log(x) - gammaln(n + 2 - c)) * gammainc(y, n + 1, true, true);
  }
  return sum;
}

describe('the ABBM velocity', () => {
  for (const [c, start] of [
    [0, 1],
    [0.4, 1],
    [0.25, 12],
    [0.9, 3],
  ] as const) {
    it(`has the transition density of its process, c = ${c}, from ${start} (|z| < ${LIMIT})`, () => {
      const { signalSize } = firstAvalanches(abbm, 60_000, { parameters: { c, start }, depth: 1 });
      const limits = [1e-6, 0.1, 0.5, 1, 2, 4, 8, 16].filter((y) => transition(start, c, y) > 1e-4);
      expect(
        largestSurvivalDeviation(
          signalSize,
          limits.map((y) => [y, transition(start, c, y)]),
        ),
      ).toBeLessThan(LIMIT);
    });

    it(`keeps the mean of v^(1−c), a martingale of the process until it touches 0, c = ${c} (|z| < ${LIMIT})`, () => {
      const n = 50_000;
      const at = new Float64Array(n);
      const options = { parameters: { c, start }, depth: 4, floor: null } as const;
      for (const { length, perturbation, layer, strength } of windowsOf(abbm, idsOf(n), options)) {
        for (let i = 0; i < length; i++) if (layer[i] === 4) at[Number(perturbation[i])] = strength[i]! ** (1 - c);
      }
      const mean = at.reduce((a, b) => a + b, 0) / n;
      const variance = at.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
      expect(Math.abs(mean - start ** (1 - c)) / Math.sqrt(variance / n)).toBeLessThan(LIMIT);
    });
  }

  it(`has the durations of its law, c = 0 and 0.5 (|z| < ${LIMIT})`, () => {
    for (const c of [0, 0.5]) {
      const { duration } = firstAvalanches(abbm, 100_000, { parameters: { c }, depth: 300 });
      const law = abbmLaw(c, 1).survival(300);
      // In closed form at c = 0: P(T > t) = 1 − e^{−1/t}.
      if (c === 0) expect(law[7]).toBeCloseTo(1 - Math.exp(-1 / 7), 13);
      expect(
        largestSurvivalDeviation(
          duration,
          [1, 2, 3, 5, 9, 17, 50, 100, 300].map((d) => [d, law[d]!]),
        ),
      ).toBeLessThan(LIMIT);
    }
  });

  it(`has the mean sizes of its law at each duration, c = 0.5 (|z| < ${LIMIT})`, () => {
    const { duration, size } = firstAvalanches(abbm, 100_000, { parameters: { c: 0.5 }, depth: 64 });
    const means = abbmLaw(0.5, 1).meanSizes(40);
    for (const d of [1, 2, 3, 6, 12, 24]) {
      const own = size.filter((_, i) => duration[i] === d);
      const mean = own.reduce((a, b) => a + b, 0) / own.length;
      const variance = own.reduce((a, b) => a + (b - mean) ** 2, 0) / own.length;
      expect(Math.abs(mean - means[d]!) / Math.sqrt(variance / own.length)).toBeLessThan(LIMIT);
    }
  });

  it(`has the sizes of its law where layers are short beside the avalanche, c = 0 and 0.5 (|z| < ${LIMIT}, and 1 % for the layers)`, () => {
    for (const c of [0, 0.5]) {
      const n = 100_000;
      const { size } = firstAvalanches(abbm, n, { parameters: { c }, depth: 1000 });
      for (const s of [30, 100, 300, 1000]) {
        const p = gammainc(1 / (4 * (s + 0.5)), (1 - c) / 2);
        const share = size.filter((value) => value >= s).length / n;
        expect(Math.abs(share - p)).toBeLessThan(LIMIT * Math.sqrt(p / n) + 0.01 * p);
      }
      const { count, sumLog } = abbmLaw(c, 1).sizes(1000);
      const whole = count.reduce((a, b) => a + b, 0);
      expect(whole).toBeCloseTo(gammainc(1 / 6, (1 - c) / 2) - gammainc(1 / (4 * 1000.5), (1 - c) / 2), 3);
      expect(sumLog.reduce((a, b) => a + b, 0) / whole).toBeGreaterThan(0);
    }
  });
});
