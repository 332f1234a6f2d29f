import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activation, registerActivation } from '../../src/network/activation.ts';
import { meanFieldPoint, meanFieldRow, meanFieldSweep } from '../../src/theory/meanfield.ts';

type Expected = Record<string, number | string | null>;
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));
const reference = read('meanfield.json') as { points: Expected[] };
const precise = [read('meanfield-points.json'), read('meanfield-far.json')].flat() as Expected[];

/** Column of the meanfield table ← name in the float64 reference. */
const names: Record<string, string> = {
  q_star: 'q_star',
  s_star: 's_star',
  q_map_slope: 'q_map_slope',
  chi_weight_variance: 'chi_w_sw2',
  chi_weight_deviation: 'chi_w_sw',
  chi_bias_variance: 'chi_b_sb2',
  chi_1: 'chi_1',
  c_star: 'c_star',
  xi_q: 'xi_q',
  xi_c: 'xi_c',
};

function relativeError(got: number | string | undefined, want: number | string): number {
  const target = Number(want);
  if (got === target) return 0;
  return Math.abs(Number(got) - target) / Math.abs(target === 0 ? 1 : target);
}

describe('meanFieldPoint(activation, σw², σb²) against an independent float64 reference', () => {
  it.each(reference.points)('agrees to 1e-8 at $phi, σw² = $sw2, σb² = $sb2', (point) => {
    const row: Record<string, number | string> = meanFieldRow(
      meanFieldPoint(activation(String(point.phi)), Number(point.sw2), Number(point.sb2)),
    );
    for (const [column, name] of Object.entries(names)) {
      const want = point[name];
      if (want === null || want === undefined) continue;
      const error = relativeError(row[column], want);
      expect(error, `${column}: ${row[column]}, expected ${want}`).toBeLessThan(1e-8);
    }
  });
});

describe('meanFieldPoint against arithmetic of 40 digits and more', () => {
  it.each(precise)('agrees to 1e-11 at $activation, σw² = $weight_variance, σb² = $bias_variance', (point) => {
    const at = [Number(point.weight_variance), Number(point.bias_variance)] as const;
    const row: Record<string, number | string> = meanFieldRow(
      meanFieldPoint(activation(String(point.activation)), ...at),
    );
    for (const [column, want] of Object.entries(point)) {
      if (column === 'activation' || want === null) continue;
      const error = relativeError(row[column], want);
      expect(error, `${column}: ${row[column]}, expected ${want}`).toBeLessThan(1e-11);
    }
  });
});

describe('meanFieldPoint at special points', () => {
  const tanh = activation('tanh');

  it('reports divergences at the critical point as Infinity', () => {
    const point = meanFieldPoint(tanh, 1, 0);
    expect(point).toMatchObject({ qStar: 0, sStar: 0, qMapSlope: 1, chi1: 1, xiQ: Infinity, xiC: Infinity });
    expect(point).toMatchObject({ chiWeightVariance: Infinity, chiBiasVariance: Infinity, cStar: Number.NaN });
  });

  it('takes the absorbing phase for what it is, an ulp below the critical point too', () => {
    for (const weight of [0, 0.5, 1 - 2 ** -53]) {
      const point = meanFieldPoint(tanh, weight, 0);
      expect(point).toMatchObject({ qStar: 0, chiWeightVariance: 0, chiBiasVariance: Infinity, chi1: weight });
    }
    expect(meanFieldPoint(tanh, 0.5, 0).xiC).toBeCloseTo(1 / Math.LN2, 14);
  });

  it('follows q* ≈ (σw² − 1)/2 to one ulp above the critical point', () => {
    const point = meanFieldPoint(tanh, 1 + 2 ** -52, 0);
    expect(point.qStar / 2 ** -53).toBeCloseTo(1, 12);
    expect(point.chiWeightVariance / (2 ** 26 / (2 * Math.SQRT2))).toBeCloseTo(1, 12);
    expect(point.xiQ / 2 ** 52).toBeCloseTo(1, 12);
  });

  it('follows q* ≈ √(σb²/2) to biases of 1e-200', () => {
    expect(meanFieldPoint(tanh, 1, 1e-200).qStar / Math.sqrt(0.5e-200)).toBeCloseTo(1, 12);
  });

  // Far up on the plateaus V = 1 − ∫(1 − φ²)/√(2πq) and ∫Dz φ'² = ∫φ'²/√(2πq).
  it.each([
    ['tanh', 2, 4 / 3],
    ['hard-tanh', 4 / 3, 2],
  ] as const)('keeps its digits at energies of 1e15 and far beyond, for %s', (name, missing, steep) => {
    for (const [weight, bias] of [
      [1, 1e15],
      [1.9, 1e20],
      [1, 1e41],
      [1e16, 0.1],
      [1e20, 0],
    ] as const) {
      const { qStar, chi1, chiWeightVariance, qMapSlope } = meanFieldPoint(activation(name), weight, bias);
      const plateau = 1 - missing / Math.sqrt(2 * Math.PI * (weight + bias));
      expect(relativeError(qStar, weight * plateau + bias)).toBeLessThan(1e-14);
      expect(relativeError(chi1, (weight * steep) / Math.sqrt(2 * Math.PI * qStar))).toBeLessThan(1e-12);
      expect(relativeError(chiWeightVariance, plateau / (2 * Math.sqrt(qStar) * (1 - qMapSlope)))).toBeLessThan(1e-12);
    }
  });

  it('makes no number of rounding where x + sin² x runs along the diagonal', () => {
    const phi = {
      name: 'x + sin² x',
      phi: (x: number) => x + Math.sin(x) ** 2,
      derivative: (x: number) => 1 + Math.sin(2 * x),
      secondDerivative: (x: number) => 2 * Math.cos(2 * x),
    };
    // V/q = 1 + 3/(8q) + …: at σw² = 1 signals grow without bound; just below, at σb² = 0.5, the slope at q* is 1 but for rounding.
    expect(meanFieldPoint(phi, 1, 0)).toMatchObject({ qStar: Infinity, chiWeightVariance: Number.NaN });
    expect(meanFieldPoint(phi, 1, 0.5)).toMatchObject({ qStar: Infinity, chiWeightVariance: Number.NaN });
    const { chiWeightVariance, xiQ, xiC } = meanFieldPoint(phi, 1 - 1e-9, 0.5);
    for (const value of [chiWeightVariance, xiQ, xiC]) expect(value).not.toBeLessThan(0);
    const { qStar, chiWeightVariance: chi } = meanFieldPoint(phi, 0.9, 0.5);
    expect(qStar).toBeCloseTo((0.9 * 0.375 + 0.5) / 0.1, 4);
    expect(chi).toBeCloseTo((qStar + 0.375) / (2 * Math.sqrt(qStar) * 0.1), 3);
  });

  it('reports a relu that explodes as Infinity, and undefined values as NaN', () => {
    const relu = activation('relu');
    expect(meanFieldPoint(relu, 2.5, 0.1)).toMatchObject({
      qStar: Infinity,
      sStar: Infinity,
      chi1: 1.25,
      xiC: Number.NaN,
    });
    expect(meanFieldPoint(relu, 2, 0.1)).toMatchObject({ qStar: Infinity, chi1: 1, xiQ: Infinity, xiC: Infinity });
    expect(meanFieldPoint(relu, 2, 0)).toMatchObject({ qStar: Number.NaN, chi1: 1, xiQ: Infinity });
    for (const name of ['gelu', 'silu']) {
      const swish = activation(name);
      expect(meanFieldPoint(swish, 2.5, 2)).toMatchObject({ qStar: Infinity, qMapSlope: 1.25, chi1: 1.25 });
      expect(meanFieldPoint(swish, 4.5, 0)).toMatchObject({ qStar: Infinity });
      expect(meanFieldPoint(swish, 3, 0)).toMatchObject({ qStar: 0, chi1: 0.75 });
    }
  });

  it('finds the energy from which a gelu at σw² = 2 drifts away, however little the map rises above the diagonal', () => {
    // V = q/2 − C/√(2πq) far out, C = ∫ x² (θ(x) − Φ(x)²) dx = 5/(6√π).
    for (const bias of [1e-3, 3e-3, 1e-2]) {
      const { qStar, qEscape } = meanFieldPoint(activation('gelu'), 2, bias);
      expect(qStar).toBeLessThan(1);
      expect(qEscape / ((5 / (3 * Math.sqrt(Math.PI) * bias)) ** 2 / (2 * Math.PI))).toBeCloseTo(1, 2);
    }
  });

  it('finds what there is of fixed points where φ grows as the exponential function, and says Infinity where there are none', () => {
    const derivative = Math.exp;
    // V is convex, and V'(0) = 1: from σw² = 1 on the map lies above the diagonal everywhere, below where its least distance from it does.
    const cases = [
      ['expm1', Math.expm1, derivative, (q: number) => Math.exp(2 * q) - 2 * Math.exp(q / 2) + 1],
      ['sinh', Math.sinh, Math.cosh, (q: number) => Math.expm1(2 * q) / 2],
    ] as const;
    for (const [name, phi, rate, energy] of cases) {
      const own = { name, phi, derivative: rate, secondDerivative: name === 'sinh' ? Math.sinh : derivative };
      for (const [weight, bias] of [
        [1, 0],
        [1.5, 0],
        [1, 0.1],
        [0.5, 0.1],
        [0.9, 0.01],
        [2, 3],
      ] as const) {
        const point = meanFieldPoint(own, weight, bias);
        expect(point).toMatchObject({ qStar: Infinity, qMapSlope: Infinity, chi1: Infinity, cStar: Number.NaN });
        for (let q = 1e-3; q < 20; q *= 1.02) expect(weight * energy(q) + bias).toBeGreaterThan(q);
      }
      for (const [weight, bias] of [
        [0.1, 0.5],
        [1e-3, 1],
        [1e-8, 8],
        [1e-30, 30],
      ] as const) {
        const { qStar, qEscape, qMapSlope } = meanFieldPoint(own, weight, bias);
        for (const q of [qStar, qEscape]) expect(relativeError(weight * energy(q) + bias, q)).toBeLessThan(1e-12);
        expect(qMapSlope).toBeLessThan(1);
        expect(qEscape).toBeGreaterThan(qStar);
      }
      expect(meanFieldPoint(own, 0.5, 0)).toMatchObject({ qStar: 0, chi1: 0.5 });
    }
  });

  it('has the biases alone left at σw² = 0', () => {
    expect(meanFieldPoint(tanh, 0, 0.3)).toMatchObject({
      qStar: 0.3,
      chi1: 0,
      cStar: 1,
      xiQ: 0,
      xiC: 0,
      chiWeightDeviation: 0,
    });
  });

  it.each(['linear', 'relu', 'leaky-relu(0.25)'])('is exact for %s', (name) => {
    const a = name === 'linear' ? 1 : name === 'relu' ? 0 : 0.25;
    const gain = (1 + a * a) / 2;
    const point = meanFieldPoint(activation(name), 0.5, 0.25);
    expect(point.qStar).toBeCloseTo(0.25 / (1 - gain / 2), 15);
    expect(point).toMatchObject({ chi1: gain / 2, qMapSlope: gain / 2, cStar: 1 });
  });

  it('refuses variances that are negative or not finite', () => {
    expect(() => meanFieldPoint(tanh, 1e308, 0)).toThrow('weight-variance must be at most 1e100, got 1e+308');
    expect(() => meanFieldPoint(tanh, 1, 1e101)).toThrow('bias-variance must be at most 1e100, got 1e+101');
    expect(meanFieldPoint(tanh, 1e100, 1e100).sStar).toBeCloseTo(Math.SQRT2 * 1e50, -36);
    // c* = σb²/q* where biases are most of q*: e^(−q) is nothing there.
    for (const [weight, bias] of [
      [1e100, 1e100],
      [4, 3000],
      [200, 3000],
      [2.1, 1e6],
    ] as const) {
      const { qStar, cStar } = meanFieldPoint(activation('sin'), weight, bias);
      expect(qStar / (weight / 2 + bias)).toBeCloseTo(1, 12);
      if (weight > 100) expect(cStar! / (bias / qStar)).toBeCloseTo(1, 12);
      else expect(cStar).toBeGreaterThan(bias / qStar);
    }
    expect(() => meanFieldPoint(tanh, -1, 0)).toThrow('weight-variance must be a finite number of at least 0, got -1');
    expect(() => meanFieldPoint(tanh, 1, Number.NaN)).toThrow(
      'bias-variance must be a finite number of at least 0, got NaN',
    );
    expect(() => meanFieldPoint(tanh, Infinity, 0)).toThrow('got Infinity');
  });
});

describe('meanFieldPoint, laws', () => {
  const variances = {
    weight: fc.double({ min: 0.05, max: 8, noNaN: true }),
    bias: fc.oneof(fc.constant(0), fc.double({ min: 1e-8, max: 3, noNaN: true })),
  };

  it('maps φ(kx) at (σw², σb²) onto φ(x) at (k²σw², k²σb²), also where φ is steep', () => {
    for (const k of [0.1, 10]) {
      const scaled = registerActivation({
        name: `tanh-of-${k === 10 ? 'ten' : 'tenth'}-x`,
        phi: (x) => Math.tanh(k * x),
        derivative: (x) => k / Math.cosh(k * x) ** 2,
        secondDerivative: (x) => (-2 * k * k * Math.tanh(k * x)) / Math.cosh(k * x) ** 2,
      });
      fc.assert(
        fc.property(variances.weight, variances.bias, (weight, bias) => {
          const plain = meanFieldPoint(activation('tanh'), weight, bias);
          const other = meanFieldPoint(scaled, weight / k ** 2, bias / k ** 2);
          if (Math.abs(weight - 1) < 1e-3) return;
          expect(relativeError(other.qStar * k ** 2, plain.qStar)).toBeLessThan(1e-9);
          expect(relativeError(other.chi1, plain.chi1)).toBeLessThan(1e-9);
          expect(Math.abs(other.cStar - plain.cStar) > 1e-7).toBe(false);
        }),
        { seed: 2, numRuns: 60 },
      );
    }
  });

  it('finds for 2 clip(x/2) by series and two-dimensional quadrature what the closed forms of the hard tanh give', () => {
    const wide = registerActivation({
      name: 'clipped-twice-as-wide',
      phi: (x) => Math.max(-2, Math.min(2, x)),
      derivative: (x) => (Math.abs(x) < 2 ? 1 : 0),
      secondDerivative: () => 0,
    });
    for (const [weight, bias] of [
      [1.2, 0.5],
      [1.6, 0.25],
      [2, 0.5],
      [4, 1],
      [3, 0],
    ] as const) {
      const numerical = meanFieldPoint(wide, weight, bias);
      const closed = meanFieldPoint(activation('hard-tanh'), weight, bias / 4);
      expect(relativeError(numerical.qStar, 4 * closed.qStar)).toBeLessThan(1e-11);
      expect(relativeError(numerical.chiWeightVariance, 2 * closed.chiWeightVariance)).toBeLessThan(1e-11);
      expect(relativeError(numerical.cStar, closed.cStar)).toBeLessThan(1e-9);
      expect(relativeError(numerical.xiC, closed.xiC)).toBeLessThan(1e-8);
    }
  });

  it('takes activations that do not vanish at 0: cos has V = (1 + e^(−2q))/2 and C = (σw² e^(−q) cosh(qc) + σb²)/q', () => {
    const cos = registerActivation({
      name: 'cosine',
      phi: Math.cos,
      derivative: (x) => -Math.sin(x),
      secondDerivative: (x) => -Math.cos(x),
    });
    for (const [weight, bias] of [
      [0.5, 0],
      [1.5, 0.1],
      [6, 0.2],
      [20, 1],
    ] as const) {
      const { qStar: q, cStar: c, chi1, qMapSlope, xiC } = meanFieldPoint(cos, weight, bias);
      expect(relativeError((weight * (1 + Math.exp(-2 * q))) / 2 + bias, q)).toBeLessThan(1e-13);
      expect(chi1).toBeCloseTo((weight * (1 - Math.exp(-2 * q))) / 2, 12);
      expect(qMapSlope).toBeCloseTo(-weight * Math.exp(-2 * q), 12);
      expect((weight * Math.exp(-q) * Math.cosh(q * c) + bias) / q).toBeCloseTo(c, 12);
      expect(relativeError(-1 / Math.log(weight * Math.exp(-q) * Math.sinh(q * c)), xiC)).toBeLessThan(1e-10);
    }
  });

  it.each(['tanh', 'erf', 'sin', 'hard-tanh', 'gelu', 'silu'])(
    'gives %s the derivatives that differences give',
    (name) => {
      fc.assert(
        fc.property(variances.weight, fc.double({ min: 0.01, max: 2, noNaN: true }), (weight, bias) => {
          const phi = activation(name);
          const here = meanFieldPoint(phi, weight, bias);
          if (!(here.xiQ < 5)) return;
          const h = 1e-4;
          const strength = (w: number, b: number): number => meanFieldPoint(phi, w, b).sStar;
          const byWeight = (strength(weight * (1 + h), bias) - strength(weight * (1 - h), bias)) / (2 * h * weight);
          const byBias = (strength(weight, bias * (1 + h)) - strength(weight, bias * (1 - h))) / (2 * h * bias);
          expect(relativeError(byWeight, here.chiWeightVariance)).toBeLessThan(1e-5);
          expect(relativeError(byBias, here.chiBiasVariance)).toBeLessThan(1e-5);
        }),
        { seed: 3, numRuns: 40 },
      );
    },
  );

  it('has c* = 1 exactly where χ₁ ≤ 1, and ξ_c finite on both sides', () => {
    fc.assert(
      fc.property(variances.weight, variances.bias, (weight, bias) => {
        const { chi1, cStar, qStar, xiC } = meanFieldPoint(activation('tanh'), weight, bias);
        if (qStar === 0) return;
        if (chi1 <= 1) expect(cStar).toBe(1);
        else expect(cStar).toBeLessThan(1);
        expect(cStar).toBeGreaterThanOrEqual(0);
        expect(xiC).toBeGreaterThan(0);
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

describe('meanFieldSweep(activation, σw² list, σb² list)', () => {
  it('is the points one by one, σw² running fastest', () => {
    const erf = activation('erf');
    const sweep = meanFieldSweep(erf, [0.5, 1.5], [0, 0.1]);
    expect(sweep.map((p) => [p.weightVariance, p.biasVariance])).toEqual([
      [0.5, 0],
      [1.5, 0],
      [0.5, 0.1],
      [1.5, 0.1],
    ]);
    expect(sweep[3]).toEqual(meanFieldPoint(erf, 1.5, 0.1));
  });
});

describe('meanFieldPoint of an activation that jumps', () => {
  const sign = registerActivation({ name: 'sign', phi: Math.sign, evenSquare: true });
  const lifted = registerActivation({ name: 'lifted', phi: (x) => (Math.abs(x) > 1 ? 2 * Math.sign(x) : x) });

  it('has the closed forms of the sign: V = 1, C = (2σw²/π · arcsin c + σb²)/q*, and an infinite χ₁', () => {
    const { qStar, chi1, chiBiasVariance, cStar, xiC } = meanFieldPoint(sign, 2, 0.3);
    expect(qStar).toBeCloseTo(2.3, 12);
    expect(chi1).toBe(Infinity);
    expect(chiBiasVariance).toBeCloseTo(1 / (2 * Math.sqrt(2.3)), 12);
    expect(((4 / Math.PI) * Math.asin(cStar) + 0.3) / 2.3).toBeCloseTo(cStar, 12);
    expect(xiC).toBeCloseTo(-1 / Math.log(4 / Math.PI / Math.sqrt(1 - cStar * cStar) / 2.3), 9);
    const alone = meanFieldPoint(sign, 1, 0);
    expect([alone.qStar, alone.cStar]).toEqual([expect.closeTo(1, 12), 0]);
    expect(alone.xiC).toBeCloseTo(-1 / Math.log(2 / Math.PI), 9);
    expect(meanFieldPoint(registerActivation({ name: 'step', phi: (x) => (x > 0 ? 1 : 0) }), 1, 0).qStar).toBeCloseTo(
      0.5,
      12,
    );
  });

  // x up to |x| = 1, ±2 beyond; by scipy.integrate.quad between the jumps, slopes by central differences of 1e-4.
  it.each([
    [2, 0.3, 5.964839807780814, 0.1858286, 0.7122171167, 0.21797296716, 4.00803],
    [0.5, 1, 2.050268238121916, 0.1989371, 0.915647466, 0.9739769999, 3.16153],
  ])('agrees with independent quadrature at σw² = %d, σb² = %d', (weight, bias, q, slope, chi, c, xi) => {
    const point = meanFieldPoint(lifted, weight, bias);
    expect(relativeError(point.qStar, q)).toBeLessThan(1e-12);
    expect(relativeError(point.qMapSlope, slope)).toBeLessThan(1e-6);
    expect(relativeError(point.chiWeightVariance, chi)).toBeLessThan(1e-9);
    expect(point.chi1).toBe(Infinity);
    expect(relativeError(point.cStar, c)).toBeLessThan(1e-9);
    expect(relativeError(point.xiC, xi)).toBeLessThan(1e-5);
  });

  it('lets small signals be where φ jumps beyond them only, and escape from where they come upon the jump', () => {
    expect(meanFieldPoint(lifted, 0.9, 0)).toMatchObject({ qStar: 0, chi1: 0.9, qEscape: expect.closeTo(0.1277, 3) });
    // At the critical point the surplus is exponentially small, and drowns in rounding.
    expect(meanFieldPoint(lifted, 1, 0).qEscape).toBeLessThan(0.05);
  });
});
