import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gaussLegendre } from '../../src/numeric/quadrature.ts';
import { rateOfMean, truncatedExponential } from '../../src/numeric/truncated-exponential.ts';

test('truncatedExponential(A, W) has the moments of a quadrature, on both sides of the series', () => {
  const rule = gaussLegendre(64);
  for (const t of [-60, -3, -0.51, -0.49, -1e-7, 0, 1e-9, 0.3, 0.499, 0.501, 2, 60]) {
    const width = 2.5;
    const rate = t / width;
    let [s0, s1, s2] = [0, 0, 0];
    for (let panel = 0; panel < 32; panel++) {
      rule.nodes.forEach((node, i) => {
        const s = ((panel + (node + 1) / 2) * width) / 32;
        const weight = (rule.weights[i]! * width * Math.exp(-rate * s)) / 64;
        s0 += weight;
        s1 += weight * s;
        s2 += weight * s * s;
      });
    }
    const law = truncatedExponential(rate, width);
    expect(law.logNormaliser).toBeCloseTo(Math.log(s0), 12);
    expect(law.mean).toBeCloseTo(s1 / s0, 12);
    expect(Math.abs(law.variance / (s2 / s0 - (s1 / s0) ** 2) - 1)).toBeLessThan(1e-10);
  }
});

test('rateOfMean(mean, W) inverts the mean', () => {
  expect(rateOfMean(1e-200, 50) * 1e-200).toBeCloseTo(1, 12);
  fc.assert(
    fc.property(
      fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }),
      fc.double({ min: 1e-3, max: 100, noNaN: true }),
      (share, width) => {
        const law = truncatedExponential(rateOfMean(share * width, width), width);
        expect(Math.abs(law.mean / (share * width) - 1)).toBeLessThan(1e-12);
      },
    ),
    { seed: 2, numRuns: 500 },
  );
});
