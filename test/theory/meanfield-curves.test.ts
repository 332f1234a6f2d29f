import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { activation } from '../../src/network/activation.ts';
import {
  curveBiasVariances,
  edgeOfChaos,
  meanFieldPoint,
  phaseCurveRow,
  phaseCurves,
  widomLine,
} from '../../src/theory/meanfield.ts';

interface CurveReference {
  readonly sb2: number;
  readonly sw2?: number;
  readonly q_star?: number;
  readonly chi_max?: number | 'Infinity';
  readonly interior_max?: boolean;
}
const reference = JSON.parse(readFileSync(new URL('../fixtures/meanfield.json', import.meta.url), 'utf8')) as Record<
  string,
  CurveReference[]
>;

describe('edgeOfChaos(activation, σb²)', () => {
  it.each(['tanh', 'erf'])('agrees with the reference for %s to 1e-12', (name) => {
    for (const point of reference[`edge_of_chaos_${name}`]!) {
      const edge = edgeOfChaos(activation(name), point.sb2)!;
      expect(Math.abs(edge.weightVariance / point.sw2! - 1)).toBeLessThan(1e-12);
      expect(Math.abs(edge.qStar - point.q_star!)).toBeLessThanOrEqual(1e-12 * point.q_star!);
    }
  });

  it.each(['tanh', 'erf', 'sin', 'hard-tanh'])('is where χ₁ of %s is 1, from tiny to large biases', (name) => {
    for (const bias of [1e-12, 1e-6, 0.02, 1, 20]) {
      const edge = edgeOfChaos(activation(name), bias)!;
      const point = meanFieldPoint(activation(name), edge.weightVariance, bias);
      expect(Math.abs(point.chi1 - 1)).toBeLessThan(1e-12);
      // A clipped φ has dq*/dσw² ~ 1e8 there: the rounding of σw² shows.
      expect(Math.abs(point.qStar / edge.qStar - 1)).toBeLessThan(1e-6);
    }
  });

  it('is σw² = 2 for relu at any bias, and 1 for linear', () => {
    expect(edgeOfChaos(activation('relu'), 0.3)).toMatchObject({ weightVariance: 2, qStar: Infinity });
    expect(edgeOfChaos(activation('linear'), 0)).toMatchObject({ weightVariance: 1, qStar: Number.NaN });
  });

  it('is found for gelu and silu where signals are ten thousand times their biases', () => {
    for (const name of ['gelu', 'silu']) {
      for (const bias of [100, 1000, 1e4]) {
        const edge = edgeOfChaos(activation(name), bias)!;
        expect(Math.abs(meanFieldPoint(activation(name), edge.weightVariance, bias).chi1 - 1)).toBeLessThan(1e-9);
      }
    }
  });

  it('is undefined where the signal explodes before χ₁ reaches 1', () => {
    expect(edgeOfChaos(activation('gelu'), 0.01)).toBeUndefined();
    expect(edgeOfChaos(activation('silu'), 0)).toBeUndefined();
  });

  it('is undefined, too, where an activation of one’s own overflows before', () => {
    const derivative = (x: number): number => 1 / (1 + Math.exp(-x));
    const rest = { derivative, secondDerivative: (x: number): number => derivative(x) * derivative(-x) };
    const naive = { name: 'softplus', phi: (x: number): number => Math.log1p(Math.exp(x)), ...rest };
    const safe = { ...naive, phi: (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) };
    for (const phi of [naive, safe]) for (const bias of [0, 0.3]) expect(edgeOfChaos(phi, bias)).toBeUndefined();
  });
});

describe("widomLine(activation, σb², 'weight-variance' | 'weight-deviation')", () => {
  it.each([
    ['weight-variance', 'widom_tanh_dsdsw2'],
    ['weight-deviation', 'widom_tanh_dsdsw'],
  ] as const)('agrees with the reference for tanh and %s: height to 1e-12, place to 1e-8', (derivative, name) => {
    for (const point of reference[name]!) {
      const ridge = widomLine(activation('tanh'), point.sb2, derivative);
      if (point.interior_max === false) {
        expect(ridge).toBeUndefined();
        continue;
      }
      expect(Math.abs(ridge!.weightVariance / point.sw2! - 1)).toBeLessThan(1e-8);
      if (point.chi_max === 'Infinity') expect(ridge!.value).toBe(Infinity);
      else expect(Math.abs(ridge!.value / point.chi_max! - 1)).toBeLessThan(1e-12);
    }
  });

  it.each(['tanh', 'erf', 'sin', 'hard-tanh'])('is the highest point of a scan of χ_w over σw² for %s', (name) => {
    for (const bias of [1e-6, 0.003, 0.2]) {
      const ridge = widomLine(activation(name), bias)!;
      const scan = Array.from({ length: 300 }, (_, i) => meanFieldPoint(activation(name), 0.02 * (i + 1), bias));
      const highest = Math.max(...scan.map((point) => point.chiWeightVariance));
      expect(ridge.value).toBeGreaterThanOrEqual(highest * (1 - 1e-12));
      const here = meanFieldPoint(activation(name), ridge.weightVariance, bias);
      expect(Math.abs(here.chiWeightVariance / ridge.value - 1)).toBeLessThan(1e-9);
    }
  });

  it('has no maximum for relu, whose susceptibility diverges at σw² = 2', () => {
    expect(widomLine(activation('relu'), 0.1)).toBeUndefined();
    expect(widomLine(activation('linear'), 0)).toBeUndefined();
  });

  it('meets the edge of chaos at the critical point only', () => {
    for (const bias of [0, 1e-4, 0.01, 0.5]) {
      const edge = edgeOfChaos(activation('tanh'), bias)!;
      const ridge = widomLine(activation('tanh'), bias)!;
      if (bias === 0) expect(ridge.weightVariance).toBe(edge.weightVariance);
      else expect(ridge.weightVariance).toBeLessThan(edge.weightVariance);
    }
  });
});

describe('phaseCurves(activation, σb² list)', () => {
  it('lists the curves as far as they exist', () => {
    const rows = phaseCurves(activation('tanh'), [0.01, 0.5]).map(phaseCurveRow);
    expect(rows.map((row) => [row.curve, row.bias_variance])).toEqual([
      ['edge-of-chaos', 0.01],
      ['edge-of-chaos', 0.5],
      ['widom-weight-variance', 0.01],
      ['widom-weight-variance', 0.5],
      ['widom-weight-deviation', 0.01],
    ]);
    expect(rows[0]).toMatchObject({ activation: 'tanh', value: 1, s_star: expect.closeTo(0.5227818985563971, 12) });
  });
});

describe('curveBiasVariances(from, to)', () => {
  it('goes from one end to the other, ever denser towards 0', () => {
    const values = curveBiasVariances(0, 0.5);
    expect([values[0], values.at(-1)]).toEqual([0, 0.5]);
    expect(values.every((value, i) => i === 0 || value > values[i - 1]!)).toBe(true);
    expect(values.filter((value) => value > 0 && value < 1e-5).length).toBeGreaterThan(5);
    expect(values.filter((value) => value > 0.45).length).toBeGreaterThan(9);
  });

  it('stays within its ends, and is one value where they are one', () => {
    expect(Math.min(...curveBiasVariances(0.1, 0.3))).toBe(0.1);
    expect(curveBiasVariances(0, 0)).toEqual([0]);
  });
});
