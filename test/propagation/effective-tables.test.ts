import { describe, expect, it } from 'vitest';
import { activation } from '../../src/network/activation.ts';
import { panelRule } from '../../src/numeric/quadrature.ts';
import { createStream } from '../../src/numeric/random.ts';
import { FairBinomial } from '../../src/propagation/effective/fair-binomial.ts';
import { MeanSquareTable } from '../../src/propagation/effective/table.ts';

/**
 * Mean and variance of (1/n)Σ F(√(n·y)·|u_i|), u uniform on the sphere, from the densities of one and of two coordinates themselves.
 * One: u = sin α, weight cos^{n−2} α. Two: u = sin α·(cos θ, sin θ), weight sin α·cos^{n−3} α. Gauss–Legendre on panels of equal angle.
 */
function direct(n: number, y: number, f: (h: number) => number, kink = 0): { mean: number; variance: number } {
  const scale = Math.sqrt(n * y);
  const reach = Math.min(Math.PI / 2, 12 / Math.sqrt(n));
  /** Panels of 16 nodes from 0 to `end`, `count` between each of the breaks. */
  const rule = (end: number, breaks: number[], count: number) => {
    const stops = [0, ...breaks.filter((x) => x > 0 && x < end).sort((a, b) => a - b), end];
    const edges = stops.flatMap((stop, i) =>
      i === 0
        ? [0]
        : Array.from({ length: count }, (_, k) => stops[i - 1]! + ((stop - stops[i - 1]!) * (k + 1)) / count),
    );
    return panelRule(edges, 16);
  };
  const line = rule(reach, [Math.asin(kink / scale)], 100);
  let [mass, first, second] = [0, 0, 0];
  line.nodes.forEach((alpha, i) => {
    const weight = line.weights[i]! * Math.cos(alpha) ** (n - 2);
    const value = f(scale * Math.sin(alpha));
    mass += weight;
    first += weight * value;
    second += weight * value * value;
  });
  const mean = first / mass;
  const radius = rule(reach, [Math.asin(kink / scale), Math.asin((Math.SQRT2 * kink) / scale)], 12);
  let [pairs, covariance] = [0, 0];
  radius.nodes.forEach((alpha, i) => {
    const r = scale * Math.sin(alpha);
    const weight = radius.weights[i]! * Math.sin(alpha) * Math.cos(alpha) ** (n - 3);
    const angle = rule(Math.PI / 2, kink > 0 ? [Math.acos(kink / r), Math.asin(kink / r)] : [], kink > 0 ? 4 : 12);
    angle.nodes.forEach((theta, j) => {
      pairs += weight * angle.weights[j]!;
      // F − m in place of F: the covariance is small.
      covariance += weight * angle.weights[j]! * (f(r * Math.cos(theta)) - mean) * (f(r * Math.sin(theta)) - mean);
    });
  });
  return { mean, variance: (second / mass - mean * mean) / n + ((n - 1) / n) * (covariance / pairs) };
}

/** Mean and variance that a table's values have for a standard normal: ξ and ξ² − 1 have variances 1 and 2. */
function tabulated(table: MeanSquareTable, y: number): { mean: number; variance: number } {
  const [minus, zero, plus] = [-1, 0, 1].map((noise) => table.at(y, noise)) as [number, number, number];
  const mean = (plus + minus) / 2;
  return { mean, variance: ((plus - minus) / 2) ** 2 + 2 * (mean - zero) ** 2 };
}

const softplus = (h: number): number => Math.log1p(Math.exp(h)) ** 2;
const square = (name: string, sign = 1) => {
  const { phi, gain } = activation(name);
  return {
    f: (h: number) => phi(sign * h) ** 2,
    table: (n: number) => new MeanSquareTable(n, (h) => gain!(sign * h), true),
  };
};
const cases = {
  tanh: square('tanh'),
  erf: square('erf'),
  sin: square('sin'),
  'gelu of positive neurons': square('gelu'),
  'gelu of negative neurons': square('gelu', -1),
  'silu of negative neurons': square('silu', -1),
  'softplus, which is not 0 at 0': { f: softplus, table: (n: number) => new MeanSquareTable(n, softplus, false) },
};

describe('MeanSquareTable.at(y, noise)', () => {
  it.each(Object.entries(cases))(
    'has mean to 1e-6 and variance to 1e-4 of direct quadrature for %s',
    (_name, { f, table }) => {
      for (const n of [16, 300]) {
        const made = table(n);
        for (const y of [0.0031, 0.0407, 0.27, 0.999, 3.3, 11.7]) {
          const expected = direct(n, y, f);
          const got = tabulated(made, y);
          expect(Math.abs(got.mean / expected.mean - 1)).toBeLessThan(1e-6);
          // The direct variance is a difference of numbers of size mean²: it has no more digits than these.
          expect(Math.abs(got.variance - expected.variance)).toBeLessThan(
            1e-4 * expected.variance + 1e-13 * expected.mean ** 2,
          );
        }
      }
    },
  );

  it('follows kinks: hard-tanh, and a clip at 3.3, which is no edge of a panel', () => {
    for (const clip of [1, 3.3]) {
      const table = new MeanSquareTable(100, (h) => Math.min(1, clip / h) ** 2, true);
      for (const y of [1.7, 12.3, 80]) {
        const expected = direct(100, y, (h) => Math.min(h, clip) ** 2, clip);
        const got = tabulated(table, y);
        expect(Math.abs(got.mean / expected.mean - 1)).toBeLessThan(1e-6);
        expect(Math.abs(got.variance / expected.variance - 1)).toBeLessThan(1e-4);
      }
    }
  });

  it('is φ′(0)²·y to 1e-11 at the smallest y and loses nothing down to y = 1e-300', () => {
    const table = cases.tanh.table(64);
    for (const y of [1e-20, 1e-60, 1e-300]) expect(Math.abs(table.at(y, 0) / y - 1)).toBeLessThan(1e-11);
    expect(table.at(0, 1)).toBe(0);
  });

  it('saturates with φ and grows with φ at the largest y', () => {
    const [tanh, gelu] = [cases.tanh.table(64), square('gelu').table(64)];
    for (const y of [1e10, 1e17, 1e40, 1e100]) {
      // 1 − E tanh² = √(2/πy) for wide layers.
      expect(Math.abs(1 - tabulated(tanh, y).mean)).toBeLessThan(1 / Math.sqrt(y) + 1e-8);
      expect(Math.abs(gelu.at(y, 0) / y - 1)).toBeLessThan(1e-6);
    }
  });

  it('is a constant times y for relu, leaky-relu and linear, to the last bits and without noise', () => {
    expect(square('linear').table(5).at(0.3, 2)).toBe(0.3);
    expect(square('relu', -1).table(50).at(0.3, 2)).toBe(0);
    expect(square('leaky-relu(0.1)', -1).table(50).at(7, -2)).toBeCloseTo(0.07, 15);
  });

  it('passes NaN and Infinity on', () => {
    expect(cases.tanh.table(32).at(Number.NaN, 0)).toBeNaN();
    expect(square('linear').table(32).at(Number.POSITIVE_INFINITY, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('FairBinomial.draw(stream)', () => {
  it('has the binomial probabilities (χ² over all k, false alarm 1e-6)', () => {
    for (const n of [1, 2, 9, 40]) {
      const draws = 200_000;
      const counts = new Float64Array(n + 1);
      const binomial = new FairBinomial(n);
      const stream = createStream(5, n);
      for (let i = 0; i < draws; i++) counts[binomial.draw(stream)]!++;
      let [statistic, degrees, probability] = [0, -1, 2 ** -n];
      for (let k = 0; k <= n; k++) {
        const expected = draws * probability;
        if (expected > 10) {
          statistic += (counts[k]! - expected) ** 2 / expected;
          degrees++;
        }
        probability *= (n - k) / (k + 1);
      }
      expect(statistic).toBeLessThan(degrees + 7 * Math.sqrt(2 * degrees) + 12);
    }
  });

  it('has mean N/2 and variance N/4 at N = 10⁶ within five standard errors', () => {
    const [n, draws] = [1e6, 200_000];
    const binomial = new FairBinomial(n);
    const stream = createStream(6);
    let [sum, squares] = [0, 0];
    for (let i = 0; i < draws; i++) {
      const deviation = binomial.draw(stream) - n / 2;
      sum += deviation;
      squares += deviation * deviation;
    }
    expect(Math.abs(sum / draws)).toBeLessThan(5 * Math.sqrt(n / 4 / draws));
    expect(Math.abs(squares / draws / (n / 4) - 1)).toBeLessThan(5 * Math.sqrt(2 / draws));
  });
});
