import riemannZeta from '@stdlib/math-base-special-riemann-zeta';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logPowerSum, powerSum } from '../../src/numeric/zeta.ts';

test('logPowerSum(a, 1) is the logarithm of the Riemann zeta function', () => {
  for (const a of [1.001, 1.1, 1.5, 2, 2.5, 3.7, 10, 30]) {
    expect(Math.exp(logPowerSum(a, 1)) / riemannZeta(a) - 1).toBeCloseTo(0, 13);
  }
});

// mpmath, 40 digits
test.each([
  [281, 989, Infinity, -1936.5709622292466],
  [1.5, 1, 2 ** 52, 0.9602598913226533],
  [0.5, 1, 1000, 4.123919687392614],
])('logPowerSum(%d, %d, %d) has the digits of mpmath', (a, from, to, expected) => {
  expect(logPowerSum(a, from, to) / expected - 1).toBeCloseTo(0, 13);
});

test('powerSum(a, from, to) is the plain sum and its moments for any real a, also below 1 and negative', () => {
  const law = fc.record({
    a: fc.double({ min: -6, max: 8, noNaN: true }),
    from: fc.integer({ min: 1, max: 300 }),
    span: fc.integer({ min: 0, max: 3000 }),
  });
  fc.assert(
    fc.property(law, ({ a, from, span }) => {
      const [origin, top] = [Math.log(from), Math.max(-a * Math.log(from), -a * Math.log(from + span))];
      let [s0, s1, s2] = [0, 0, 0];
      for (let k = from; k <= from + span; k++) {
        const weight = Math.exp(-a * Math.log(k) - top);
        const v = Math.log(k) - origin;
        s0 += weight;
        s1 += weight * v;
        s2 += weight * v * v;
      }
      const sum = powerSum(a, from, from + span);
      const mean = s1 / s0;
      expect(Math.abs(sum.log - Math.log(s0) - top)).toBeLessThan(1e-11 * (1 + Math.abs(top)));
      expect(Math.abs(logPowerSum(a, from, from + span) - sum.log)).toBeLessThan(1e-12 * (1 + Math.abs(top)));
      expect(Math.abs(sum.meanLog - origin - mean)).toBeLessThan(1e-10 * (1e-3 + mean));
      expect(Math.abs(sum.varianceLog - (s2 / s0 - mean * mean))).toBeLessThan(1e-9 * (1e-3 + s2 / s0));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('sums over adjoining ranges add up: no cancellation far out', () => {
  for (const a of [-0.5, 0.3, 1, 1.5, 3]) {
    const whole = logPowerSum(a, 1e6, 1e9);
    const parts = Math.log(Math.exp(logPowerSum(a, 1e6, 3e7) - whole) + Math.exp(logPowerSum(a, 3e7 + 1, 1e9) - whole));
    expect(Math.abs(parts)).toBeLessThan(1e-13);
  }
});
