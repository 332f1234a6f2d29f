import { describe, expect, it } from 'vitest';
import { activation } from '../../src/network/activation.ts';
import { meanFieldPoint, widomLine } from '../../src/theory/meanfield.ts';

/** Least-squares slope of ln y against ln x. */
function exponent(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [lx, ly] = [x.map(Math.log), y.map(Math.log)];
  const [mx, my] = [mean(lx), mean(ly)];
  const covariance = lx.reduce((sum, value, i) => sum + (value - mx) * (ly[i]! - my), 0);
  return covariance / lx.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}

const distances = Array.from({ length: 13 }, (_, i) => 10 ** (-9 + i / 3));

/** Mean-field directed percolation with order parameter q: β = 1, δ = 2, γ = 1; s = √q halves what concerns the amplitude. */
describe.each(['tanh', 'erf', 'sin'])('meanFieldPoint(%s) near σw² = 1, σb² = 0', (name) => {
  const phi = activation(name);
  const above = distances.map((e) => meanFieldPoint(phi, 1 + e, 0));
  // 1 + e is rounded: the distance that was meant is the one that is there.
  const actual = above.map((point) => point.weightVariance - 1);
  const below = distances.map((e) => meanFieldPoint(phi, 1 - e, 1e-30));
  const along = distances.map((b) => meanFieldPoint(phi, 1, b));

  it('has β = 1: q* ~ σw² − 1', () => {
    expect(
      exponent(
        actual,
        above.map((p) => p.qStar),
      ),
    ).toBeCloseTo(1, 3);
  });

  it('has δ = 2: q* ~ (σb²)^(1/2) at σw² = 1', () => {
    expect(
      exponent(
        distances,
        along.map((p) => p.qStar),
      ),
    ).toBeCloseTo(1 / 2, 2);
    expect(
      exponent(
        distances.slice(0, 6),
        along.slice(0, 6).map((p) => p.qStar),
      ),
    ).toBeCloseTo(1 / 2, 4);
  });

  it('has ∂s*/∂σw² ~ (σw² − 1)^(−1/2) and ∂q*/∂σb² ~ |σw² − 1|^(−1) on either side', () => {
    expect(
      exponent(
        actual,
        above.map((p) => p.chiWeightVariance),
      ),
    ).toBeCloseTo(-1 / 2, 3);
    expect(
      exponent(
        actual,
        above.map((p) => 2 * p.sStar * p.chiBiasVariance),
      ),
    ).toBeCloseTo(-1, 3);
    const left = below.map((p) => 1 - p.weightVariance);
    expect(
      exponent(
        left,
        below.map((p) => 2 * p.sStar * p.chiBiasVariance),
      ),
    ).toBeCloseTo(-1, 3);
  });

  it('has ξ_q ~ |σw² − 1|^(−1), in layers as in time, and ξ_c ~ (σw² − 1)^(−2) in the silent chaos', () => {
    expect(
      exponent(
        actual,
        above.map((p) => p.xiQ),
      ),
    ).toBeCloseTo(-1, 3);
    expect(
      exponent(
        actual,
        above.map((p) => p.xiC),
      ),
    ).toBeCloseTo(-2, 3);
  });

  it('has a ridge of ∂s*/∂σw² that rises as (σb²)^(−1/4) and moves as (σb²)^(1/2)', () => {
    const biases = distances.slice(0, 7);
    const ridge = biases.map((b) => widomLine(phi, b)!);
    expect(
      exponent(
        biases,
        ridge.map((p) => p.value),
      ),
    ).toBeCloseTo(-1 / 4, 3);
    expect(
      exponent(
        biases,
        ridge.map((p) => p.weightVariance - 1),
      ),
    ).toBeCloseTo(1 / 2, 2);
  });
});

describe('meanFieldPoint(tanh), amplitudes near the critical point', () => {
  it('has q* = (σw² − 1)/2, ∂s*/∂σw² = (σw² − 1)^(−1/2)/(2√2) and q* = √(σb²/2) to leading order', () => {
    const tanh = activation('tanh');
    const e = 2 ** -30;
    expect(meanFieldPoint(tanh, 1 + e, 0).qStar / (e / 2)).toBeCloseTo(1, 8);
    expect(meanFieldPoint(tanh, 1 + e, 0).chiWeightVariance * Math.sqrt(8 * e)).toBeCloseTo(1, 8);
    expect(meanFieldPoint(tanh, 1, e * e).qStar / (e / Math.SQRT2)).toBeCloseTo(1, 8);
  });
});
