import gammainc from '@stdlib/math-base-special-gammainc';
import gammaln from '@stdlib/math-base-special-gammaln';
import { expect, test } from 'vitest';
import { logPowerIntegral, logTemperedSum } from '../../src/numeric/incomplete-power.ts';

/** ln Γ(s, x), the upper incomplete gamma function. */
const logUpperGamma = (s: number, x: number): number => logPowerIntegral(1 - s, 1, x);

test('logUpperGamma(s, x) agrees with the regularised gamma function for positive s', () => {
  for (const s of [0.1, 0.5, 1, 2.2, 7, 30]) {
    for (const x of [1e-6, 0.1, 1, 5, 40]) {
      const expected = Math.log(gammainc(x, s, true, true)) + gammaln(s);
      expect(Math.abs(logUpperGamma(s, x) - expected)).toBeLessThan(1e-12 * (1 + Math.abs(expected)));
    }
  }
});

test('logUpperGamma(s, x) obeys Γ(s + 1, x) = s·Γ(s, x) + xˢe⁻ˣ for negative s', () => {
  for (const s of [-0.33, -1, -2.5, -7.2]) {
    for (const x of [1e-9, 1e-3, 0.5, 3, 30]) {
      const step = s * Math.log(x) - x;
      const left = Math.exp(logUpperGamma(s + 1, x) - step);
      const right = s * Math.exp(logUpperGamma(s, x) - step) + 1;
      expect(Math.abs(left - right)).toBeLessThan(1e-12 * (1 + Math.abs(right)));
    }
  }
});

test('logPowerIntegral(a, 0, from, to) is the elementary integral', () => {
  expect(logPowerIntegral(1, 0, 2, 50)).toBeCloseTo(Math.log(Math.log(25)), 13);
  expect(logPowerIntegral(2.5, 0, 3)).toBeCloseTo(Math.log(3 ** -1.5 / 1.5), 13);
  expect(logPowerIntegral(-0.5, 0, 1, 4)).toBeCloseTo(Math.log((8 - 1) / 1.5), 13);
});

test('logTemperedSum(a, λ, from, to) is the plain sum', () => {
  for (const [a, lambda, from, to] of [
    [1.5, 0.02, 1, Infinity],
    [-0.02, 0.2, 1, Infinity],
    [-4, 0.3, 10, Infinity],
    [1.5, 3, 1, Infinity],
    [1.2, 0.001, 1, 5000],
    [0.7, 0.4, 2, 60],
  ] as const) {
    let sum = 0;
    for (let k = Math.min(to, Math.ceil(from + 200 / lambda)); k >= from; k--) sum += k ** -a * Math.exp(-lambda * k);
    expect(Math.abs(logTemperedSum(a, lambda, from, to) - Math.log(sum))).toBeLessThan(1e-12);
  }
});

test('logTemperedSum(a, λ, from, to) is the plain sum where its terms rise for long, and is there at once where that is for ever', () => {
  for (const [a, lambda, from, to] of [
    [-2e5, 1, 1, Infinity],
    [-2e5, 1, 1, 190_000],
    [-3e5, 0.3, 10, Infinity],
    [-3e5, 0.3, 10, 950_000],
    [-1.2e6, 0.6, 1_890_000, 1_999_000],
  ] as const) {
    const peak = Math.min(to, -a / lambda);
    const end = Math.min(to, Math.ceil(1.2 * peak));
    let sum = 0;
    for (let k = Math.max(from, Math.floor(0.8 * peak)); k <= end; k++)
      sum += Math.exp(-a * Math.log(k / peak) - lambda * (k - peak));
    const expected = Math.log(sum) - a * Math.log(peak) - lambda * peak;
    expect(Math.abs(logTemperedSum(a, lambda, from, to) / expected - 1)).toBeLessThan(1e-14);
  }
  expect(logTemperedSum(-1e15, 1, 1)).toBeCloseTo(1e15 * (15 * Math.LN10 - 1), -2);
  expect(logTemperedSum(2, 1, 1e200) / -1e200).toBeCloseTo(1, 12);
  const first = 2 ** 53;
  expect(logTemperedSum(0, 1e-3, first) + 1e-3 * first).toBeCloseTo(-Math.log(-Math.expm1(-1e-3)), 2);
});

test('logTemperedSum(a, λ, from) goes over to the zeta function as λ → 0', () => {
  const atZero = logTemperedSum(2.5, 0, 1);
  expect(Math.abs(logTemperedSum(2.5, 1e-20, 1) - atZero)).toBeLessThan(1e-13);
  expect(logTemperedSum(2.5, 1e-6, 1)).toBeLessThan(atZero);
});
