import { describe, expect, it } from 'vitest';
import { activation, registerActivation } from '../../src/network/activation.ts';
import { hermiteSeries } from '../../src/theory/meanfield/hermite-series.ts';
import { kinksOf } from '../../src/theory/meanfield/kinks.ts';
import { momentsOf, quadratureOnly } from '../../src/theory/meanfield/moments.ts';
import { pairMean } from '../../src/theory/meanfield/paired-quadrature.ts';
import { pairMoment } from '../../src/theory/meanfield/recursion.ts';

const energies = [1e-9, 1e-4, 0.005, 0.02, 0.3, 1, 4, 30, 400];

/** SplitMix-like generator and Box–Muller, for the Monte Carlo checks. */
function gaussians(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

describe('momentsOf(activation)', () => {
  it.each(['erf', 'sin', 'hard-tanh', 'linear', 'relu', 'leaky-relu(0.3)'])(
    'has closed forms of %s that quadrature confirms',
    (name) => {
      const closed = momentsOf(activation(name));
      const numerical = quadratureOnly(activation(name));
      for (const q of energies) {
        for (const moment of ['second', 'gradient', 'slope'] as const) {
          const want = closed[moment](q);
          const error = Math.abs(numerical[moment](q) - want);
          expect(error, `${moment}(${q}) = ${want}`).toBeLessThan(1e-12 * want + 1e-13);
        }
        for (const moment of ['bend', 'spread', 'gainLoss'] as const) {
          expect(Math.abs(numerical[moment](q) - closed[moment](q)), `${moment}(${q})`).toBeLessThan(1e-13);
        }
      }
    },
  );

  it.each(['tanh', 'erf', 'sin'])('keeps the differences of %s to 1e-11 down to q = 1e-30', (name) => {
    // φ = x + t x³ + …: V/q − V' = −6 t q, ∫φ'² − V/q = 6 t² q² to leading order.
    const third = name === 'tanh' ? -1 / 3 : name === 'sin' ? -1 / 6 : -Math.PI / 12;
    const { bend, spread, gainLoss } = momentsOf(activation(name));
    for (const q of [1e-30, 1e-16, 1e-12]) {
      expect(bend(q) / (-6 * third * q)).toBeCloseTo(1, 10);
      expect(gainLoss(q) / (-6 * third * q)).toBeCloseTo(1, 10);
      expect(spread(q) / (12 * third * third * q * q)).toBeCloseTo(1, 10);
    }
  });

  it('tells saturating activations from those with several fixed points', () => {
    const saturating = ['tanh', 'erf', 'sin', 'hard-tanh', 'relu'].map(
      (name) => momentsOf(activation(name)).saturating,
    );
    expect(saturating).toEqual([true, true, true, true, true]);
    expect(['gelu', 'silu'].map((name) => momentsOf(activation(name)).saturating)).toEqual([false, false]);
  });

  it('does not take another function for the one whose name it has', () => {
    const impostor = { ...activation('tanh'), name: 'erf' };
    expect(momentsOf(impostor).second(1)).toBe(momentsOf(activation('tanh')).second(1));
  });

  it.each(['tanh', 'gelu', 'silu', 'hard-tanh'])(
    'agrees with Monte Carlo for %s, within 4.5 standard errors (false alarm 1e-5)',
    (name) => {
      const phi = activation(name);
      const moments = momentsOf(phi);
      const next = gaussians(11);
      const n = 50_000;
      for (const q of [0.2, 5]) {
        const sums = { second: [0, 0], gradient: [0, 0], slope: [0, 0] };
        for (let i = 0; i < n; i++) {
          const x = Math.sqrt(q) * next();
          const values = {
            second: phi.phi(x) ** 2,
            gradient: phi.derivative(x) ** 2,
            slope: (x * phi.phi(x) * phi.derivative(x)) / q,
          };
          for (const moment of ['second', 'gradient', 'slope'] as const) {
            sums[moment][0]! += values[moment];
            sums[moment][1]! += values[moment] ** 2;
          }
        }
        for (const moment of ['second', 'gradient', 'slope'] as const) {
          const mean = sums[moment][0]! / n;
          const error = Math.sqrt((sums[moment][1]! / n - mean * mean) / n);
          expect(Math.abs(mean - moments[moment](q)), `${moment}(${q})`).toBeLessThan(4.5 * error);
        }
      }
    },
  );
});

describe('kinksOf(activation)', () => {
  it('finds jumps of the first two derivatives, and none where φ is only steep', () => {
    expect(kinksOf(activation('hard-tanh'))).toEqual([-1, 1]);
    expect(kinksOf(activation('relu'))).toEqual([0]);
    const elu = {
      name: 'elu',
      phi: (x: number) => (x > 0 ? x : Math.expm1(x)),
      derivative: (x: number) => (x > 0 ? 1 : Math.exp(x)),
      secondDerivative: (x: number) => (x > 0 ? 0 : Math.exp(x)),
    };
    expect(kinksOf(elu)).toEqual([0]);
    expect(['tanh', 'gelu', 'silu', 'erf', 'sin'].flatMap((name) => kinksOf(activation(name)))).toEqual([]);
    const steep = {
      name: 'steep',
      phi: () => 0,
      derivative: (x: number) => 50 / Math.cosh(50 * x) ** 2,
      secondDerivative: () => 0,
    };
    expect(kinksOf(steep)).toEqual([]);
  });

  it('makes a clipped activation with kinks away from 0 integrate as exactly as its closed form', () => {
    const clipped = registerActivation({
      name: 'clipped-at-two',
      phi: (x) => Math.max(-2, Math.min(2, x)),
      derivative: (x) => (Math.abs(x) < 2 ? 1 : 0),
      secondDerivative: () => 0,
    });
    const unit = momentsOf(activation('hard-tanh'));
    for (const q of [0.1, 1, 10]) {
      expect(momentsOf(clipped).second(q) / (4 * unit.second(q / 4))).toBeCloseTo(1, 12);
      expect(momentsOf(clipped).gradient(q) / unit.gradient(q / 4)).toBeCloseTo(1, 12);
    }
  });
});

describe('hermiteSeries(moments, q, order)', () => {
  it.each(['tanh', 'gelu', 'silu', 'sin'])('satisfies Parseval for %s and its slope', (name) => {
    const moments = momentsOf(activation(name));
    for (const q of [0.005, 0.4, 1.5]) {
      const alpha = hermiteSeries(moments, q, 512);
      const sum = (weight: (n: number) => number): number => alpha.reduce((s, a, n) => s + weight(n) * a * a, 0);
      expect(sum(() => 1)).toBeCloseTo(moments.second(q) / q, 13);
      expect(sum((n) => n)).toBeCloseTo(moments.gradient(q), 12);
    }
  });

  it('has the coefficients of sin, e^(−q/2) qⁿ/√n!, n odd', () => {
    const q = 1.7;
    const alpha = hermiteSeries(momentsOf(activation('sin')), q, 64);
    let factor = Math.exp(-q / 2);
    for (let n = 1; n <= 21; n++) {
      factor *= Math.sqrt(q) / Math.sqrt(n);
      const sign = n % 4 === 1 ? 1 : -1;
      expect(alpha[n]! * Math.sqrt(q)).toBeCloseTo(n % 2 === 0 ? 0 : sign * factor, 15);
    }
  });
});

describe('pairMoment(moments, qa, qb, c)', () => {
  it('is the arcsine kernel for erf (Williams 1998)', () => {
    const moments = momentsOf(activation('erf'));
    for (const [qa, qb] of [
      [0.01, 0.01],
      [1, 2],
      [8, 8],
      [40, 0.3],
    ] as const) {
      for (const c of [-0.9, 0, 0.3, 0.999]) {
        const [a, b] = [(Math.PI / 2) * qa, (Math.PI / 2) * qb];
        const want = (2 / Math.PI) * Math.asin((Math.sqrt(a * b) * c) / Math.sqrt((1 + a) * (1 + b)));
        expect(Math.abs(pairMoment(moments, qa, qb, c) - want)).toBeLessThan(1e-13);
      }
    }
  });

  it('is the arc-cosine kernel for relu and its like, and two-dimensional quadrature agrees', () => {
    for (const name of ['relu', 'leaky-relu(0.2)', 'linear']) {
      const phi = activation(name);
      for (const c of [-0.7, 0, 0.5, 0.99]) {
        const direct = pairMean([0], 1.3, 0.4, c, (a, b) => phi.phi(a) * phi.phi(b));
        expect(pairMoment(momentsOf(phi), 1.3, 0.4, c)).toBeCloseTo(direct, 12);
      }
    }
  });

  it('agrees with two-dimensional quadrature for tanh and silu', () => {
    for (const name of ['tanh', 'silu']) {
      const phi = activation(name);
      const moments = momentsOf(phi);
      for (const c of [-0.5, 0.2, 0.97]) {
        const direct = pairMean(moments.kinks, 3, 0.7, c, (a, b) => phi.phi(a) * phi.phi(b));
        expect(pairMoment(moments, 3, 0.7, c)).toBeCloseTo(direct, 12);
      }
      expect(pairMoment(moments, 3, 3, 1)).toBe(moments.second(3));
    }
  });
});
