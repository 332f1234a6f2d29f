import { describe, expect, it } from 'vitest';
import { activation } from '../../src/network/activation.ts';
import type { ActivationFunction } from '../../src/theory/meanfield/activation-function.ts';
import { momentsOf } from '../../src/theory/meanfield/moments.ts';
import { pairMean } from '../../src/theory/meanfield/paired-quadrature.ts';
import { pairMoment } from '../../src/theory/meanfield/recursion.ts';
import { correlationRecursion, lengthRecursion, meanFieldPoint } from '../../src/theory/meanfield.ts';

describe('lengthRecursion(activation, variances, q0, layers)', () => {
  it('starts at q0, ends at q*, and gets there at the rate of ξ_q', () => {
    for (const [name, weightVariance, biasVariance] of [
      ['tanh', 1.5, 0.05],
      ['erf', 2, 0],
      ['silu', 1.5, 0.2],
    ] as const) {
      const point = meanFieldPoint(activation(name), weightVariance, biasVariance);
      const q = lengthRecursion(activation(name), { weightVariance, biasVariance }, point.qStar * 1.01, 200);
      expect(q).toHaveLength(201);
      expect(q[0]).toBe(point.qStar * 1.01);
      expect(q[200]! / point.qStar).toBeCloseTo(1, 13);
      const rate = (q[9]! - point.qStar) / (q[8]! - point.qStar);
      expect(-1 / Math.log(rate) / point.xiQ).toBeCloseTo(1, 3);
    }
  });

  // Found by a quadrature of another program: 3.105 and 9.286.
  it.each([
    ['gelu', 2.1, 0, 3.105],
    ['silu', 2, 0.5, 9.286],
  ] as const)(
    'of %s at σw² = %d, σb² = %d falls towards q* from below q_escape, and rises from above',
    (name, weightVariance, biasVariance, expected) => {
      const { qStar, qEscape } = meanFieldPoint(activation(name), weightVariance, biasVariance);
      expect(qEscape).toBeCloseTo(expected, 3);
      const later = (q: number) => lengthRecursion(activation(name), { weightVariance, biasVariance }, q, 20)[20]!;
      expect(later(qEscape * 0.98)).toBeLessThan(qEscape * 0.979);
      expect(later(qEscape * 0.98)).toBeGreaterThan(qStar);
      expect(later(qEscape * 1.02)).toBeGreaterThan(qEscape * 1.021);
    },
  );

  it('dies geometrically below, algebraically at and never above the critical point', () => {
    const layers = 2000;
    const strength = (weightVariance: number): Float64Array =>
      lengthRecursion(activation('tanh'), { weightVariance, biasVariance: 0 }, 0.01, layers);
    expect(strength(0.9)[layers]! / strength(0.9)[layers - 1]!).toBeCloseTo(0.9, 12);
    // dq/dl = −2q² at the critical point.
    expect(strength(1)[layers]! * 2 * layers).toBeCloseTo(1, 1);
    expect(strength(1.1)[layers]!).toBeCloseTo(meanFieldPoint(activation('tanh'), 1.1, 0).qStar, 12);
  });

  it('keeps silence silent, and runs to Infinity where relu explodes', () => {
    expect([...lengthRecursion(activation('tanh'), { weightVariance: 2, biasVariance: 0 }, 0, 3)]).toEqual([
      0, 0, 0, 0,
    ]);
    const relu = lengthRecursion(activation('relu'), { weightVariance: 8, biasVariance: 0 }, 1, 600);
    expect(relu[1]).toBe(4);
    expect(relu[600]).toBe(Infinity);
  });
});

describe('correlationRecursion(activation, variances, { energies, correlation }, layers)', () => {
  it.each([
    ['tanh', 1.5, 0.05],
    ['tanh', 3, 0.1],
    ['erf', 2.5, 0],
    ['hard-tanh', 3, 0.2],
    ['gelu', 1.5, 0.3],
  ])('approaches c* at the rate of ξ_c for %s at σw² = %f, σb² = %f', (name, weightVariance, biasVariance) => {
    const phi = activation(name);
    const { qStar, cStar, xiC } = meanFieldPoint(phi, weightVariance, biasVariance);
    const start = { energies: [qStar, qStar] as const, correlation: cStar + (cStar > 0.5 ? -1e-3 : 1e-3) };
    const { correlations } = correlationRecursion(phi, { weightVariance, biasVariance }, start, 30);
    const layer = Math.min(12, Math.round(3 * xiC));
    const rate = (correlations[layer]! - cStar) / (correlations[layer - 1]! - cStar);
    expect(-1 / Math.log(rate) / xiC).toBeCloseTo(1, 2);
  });

  it('stays at c*, by two-dimensional quadrature where φ has kinks', () => {
    for (const [name, weightVariance, biasVariance] of [
      ['hard-tanh', 3, 0.2],
      ['hard-tanh', 1.6, 0.25],
      ['tanh', 16, 0.5],
      ['sin', 4, 0.25],
    ] as const) {
      const { qStar, cStar } = meanFieldPoint(activation(name), weightVariance, biasVariance);
      const start = { energies: [qStar, qStar] as const, correlation: cStar };
      const { correlations } = correlationRecursion(activation(name), { weightVariance, biasVariance }, start, 1);
      expect(correlations[1]).toBeCloseTo(cStar, 12);
    }
  });

  it('follows inputs of different energy to the same fixed point', () => {
    const variances = { weightVariance: 3, biasVariance: 0.1 };
    const point = meanFieldPoint(activation('tanh'), 3, 0.1);
    const pair = correlationRecursion(activation('tanh'), variances, { energies: [0.01, 9], correlation: -0.4 }, 250);
    expect(pair.energies[0][250]).toBeCloseTo(point.qStar, 12);
    expect(pair.energies[1][250]).toBeCloseTo(point.qStar, 12);
    expect(pair.correlations[250]).toBeCloseTo(point.cStar, 11);
  });

  it('keeps identical inputs identical, and opposite ones opposite without biases', () => {
    const variances = { weightVariance: 2.5, biasVariance: 0 };
    const same = correlationRecursion(activation('tanh'), variances, { energies: [1, 1], correlation: 1 }, 20);
    expect([...same.correlations]).toEqual(new Array(21).fill(1));
    const opposite = correlationRecursion(activation('tanh'), variances, { energies: [1, 1], correlation: -1 }, 5);
    for (const c of opposite.correlations) expect(c).toBeCloseTo(-1, 12);
  });

  it('follows opposite correlations alike, to the last bit', () => {
    const variances = { weightVariance: 1.6, biasVariance: 0 };
    const from = (correlation: number) =>
      correlationRecursion(activation('tanh'), variances, { energies: [1, 1], correlation }, 30).correlations;
    expect(from(-0.7)).toEqual(from(0.7).map((c) => -c));
  });

  it('ends where the energies of a smooth φ do', () => {
    const variances = { weightVariance: 100, biasVariance: 0 };
    const start = { energies: [1e303, 1e303] as const, correlation: 1 };
    const { correlations } = correlationRecursion(activation('gelu'), variances, start, 9);
    expect([...correlations.slice(0, 3), ...correlations.slice(7)]).toEqual([
      1,
      1,
      1,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });

  it('agrees with a sampled pair of inputs of a wide network, to 4.5 standard errors', () => {
    // One layer, sampled: c₁ from 200,000 pairs of Gaussian pre-activations.
    const c0 = 0.6;
    const [w, b, qa, qb] = [1.8, 0.1, 0.5, 2];
    const n = 200_000;
    let state = 12345;
    const uniform = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const r = Math.sqrt(-2 * Math.log(uniform()));
      const angle = 2 * Math.PI * uniform();
      const [z1, z2] = [r * Math.cos(angle), r * Math.sin(angle)];
      const product = Math.tanh(Math.sqrt(qa) * z1) * Math.tanh(Math.sqrt(qb) * (c0 * z1 + 0.8 * z2));
      sum += product;
      squares += product * product;
    }
    const error = Math.sqrt((squares / n - (sum / n) ** 2) / n);
    const start = { energies: [qa, qb] as const, correlation: c0 };
    const pair = correlationRecursion(activation('tanh'), { weightVariance: w, biasVariance: b }, start, 1);
    const overlap = (pair.correlations[1]! * Math.sqrt(pair.energies[0][1]! * pair.energies[1][1]!) - b) / w;
    expect(Math.abs(sum / n - overlap)).toBeLessThan(4.5 * error);
  });

  it('holds its own where energies are far beyond those whose products are numbers, and is NaN where they end', () => {
    const start = { energies: [1, 1] as const, correlation: 0.5 };
    const linear = correlationRecursion(activation('linear'), { weightVariance: 0.5, biasVariance: 0 }, start, 1100);
    for (const l of [100, 538, 700, 1000]) expect(linear.correlations[l]).toBeCloseTo(0.5, 12);
    expect(linear.energies[0][1022]).toBe(2 ** -1022);
    expect(linear.correlations[1022]).toBeCloseTo(0.5, 12);
    for (const l of [1023, 1080, 1100]) expect(linear.correlations[l]).toBeNaN();
    const growing = (energies: readonly [number, number]) =>
      correlationRecursion(
        activation('linear'),
        { weightVariance: 4, biasVariance: 0 },
        { energies, correlation: 0.5 },
        600,
      );
    for (const energies of [
      [1, 1],
      [1, 3],
    ] as const) {
      for (const l of [200, 300, 500]) expect(growing(energies).correlations[l]).toBeCloseTo(0.5, 12);
      expect(growing(energies).correlations[600]).toBeNaN();
    }
  });

  const bent: ActivationFunction = {
    name: 'bent at 1, with a step that is smooth',
    phi: (x: number) => 0.7 * x + Math.tanh(x) + (x > 1 ? 0.2 * (x - 1) : 0),
    derivative: (x: number) => 0.7 + 1 / Math.cosh(x) ** 2 + (x > 1 ? 0.2 : 0),
    secondDerivative: (x: number) => (-2 * Math.tanh(x)) / Math.cosh(x) ** 2,
    kinks: [1],
  };

  it.each<ActivationFunction>([activation('gelu'), activation('silu'), bent])(
    'evaluates $name next to never where energies are large, and has the digits of two-dimensional quadrature',
    (phi) => {
      let evaluations = 0;
      const counted = (x: number): number => {
        evaluations++;
        return phi.phi(x);
      };
      const moments = momentsOf({ ...phi, phi: counted });
      pairMoment(moments, 16, 16, 0.5);
      evaluations = 0;
      const pairs: readonly (readonly [number, number, number])[] = [
        [16, 20, 0.5],
        [1e3, 200, 0.99],
        [1e6, 1e6, -0.3],
        [1e16, 1e16, 0.9],
      ];
      const found = pairs.map((pair) => pairMoment(moments, ...pair));
      expect(evaluations).toBe(0);
      for (const [i, [qa, qb, c]] of pairs.entries()) {
        const whole = pairMean(phi.kinks ?? [], qa, qb, c, (a, b) => phi.phi(a) * phi.phi(b));
        expect(found[i]! / whole).toBeCloseTo(1, 13);
      }
    },
  );
});
