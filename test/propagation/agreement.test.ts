import gammainc from '@stdlib/math-base-special-gammainc';
import gammaln from '@stdlib/math-base-special-gammaln';
import { describe, expect, it } from 'vitest';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { panelRule } from '../../src/numeric/quadrature.ts';
import { annealed } from '../../src/propagation/annealed.ts';
import { effective } from '../../src/propagation/effective.ts';
import type { Engine } from '../../src/propagation/engine.ts';
import { naive } from '../../src/propagation/naive.ts';
import { twoSample } from './two-sample.ts';

/** Durations and sizes under the first-passage rule, one a perturbation (0 for the dead; those alive at the last layer count up to it). */
async function avalanches(engine: Engine, ensemble: Ensemble, count: number, seed: number) {
  const duration = new Float64Array(count);
  const size = new Float64Array(count);
  const threshold = Math.fround(ensemble.inputStrength);
  const ids = Float64Array.from({ length: count }, (_, i) => i);
  const options = {
    ensemble,
    seed,
    observable: 'pre-activation',
    floor: ensemble.inputStrength,
    windowRows: 10_000,
  } as const;
  for await (const { length, perturbation, strength } of engine.propagate(ids, options)) {
    for (let i = 0; i < length; i++) {
      if (strength[i]! < threshold) continue;
      const id = Number(perturbation[i]);
      duration[id]!++;
      size[id]! += ensemble.width * strength[i]!;
    }
  }
  return { duration, size };
}

/** Near criticality: at σb² > 0 the threshold lies near the fixed point, so that avalanches end. */
function ensembleOf(activation: string, width: number, biasVariance: number): Ensemble {
  const critical = activation === 'relu' ? 2 : 1;
  const base = { index: 0, activation, width, depth: 80, reuse: 1, biasVariance };
  return biasVariance === 0
    ? { ...base, weightVariance: critical * (1 + 1 / width), inputStrength: 0.1 / Math.sqrt(width) }
    : { ...base, weightVariance: 0.9 * critical, inputStrength: activation === 'tanh' ? 0.24 : 0.3 };
}

const falseAlarm = 1e-4;
const cases = ['tanh', 'relu', 'linear'].flatMap((activation) =>
  [32, 128].flatMap((width) => [0, 0.01].map((biasVariance) => ({ activation, width, biasVariance }))),
);

describe('engines agree on sizes and durations (two-sample KS, false alarm 1e-4 a test)', () => {
  // Of linear networks the law is known, which the tests below hold both to.
  it.each(cases)(
    'effective = annealed = naive for $activation, N = $width, σb² = $biasVariance',
    async ({ activation, width, biasVariance }) => {
      const ensemble = ensembleOf(activation, width, biasVariance);
      const a = await avalanches(effective, ensemble, 30_000, 11);
      const b = await avalanches(annealed, ensemble, 30_000, 12);
      const pairs = [[a, b]];
      if (activation !== 'linear') {
        const reference = await avalanches(naive, ensemble, width === 32 ? 4000 : 400, 13);
        pairs.push([a, reference], [b, reference]);
      }
      for (const [one, other] of pairs) {
        expect(twoSample(one!.size, other!.size).p).toBeGreaterThan(falseAlarm);
        expect(twoSample(one!.duration, other!.duration).p).toBeGreaterThan(falseAlarm);
      }
      // The comparison has something to compare.
      expect(new Set(a.duration).size).toBeGreaterThan(30);
    },
  );

  it('is a comparison that can fail: another σw² by 5 % is told apart', async () => {
    const ensemble = ensembleOf('tanh', 32, 0);
    const a = await avalanches(effective, ensemble, 30_000, 15);
    const b = await avalanches(effective, { ...ensemble, weightVariance: 1.05 * ensemble.weightVariance }, 30_000, 16);
    expect(twoSample(a.size, b.size).p).toBeLessThan(falseAlarm);
  });
});

/** Density of χ²_N/N. */
function density(n: number, x: number): number {
  return Math.exp((n / 2) * Math.log(n / 2) + (n / 2 - 1) * Math.log(x) - (n * x) / 2 - gammaln(n / 2));
}

describe('linear φ is the chain of χ² products, ln s_l² = ln s0² + Σ ln(σw²·χ²_N/N)', () => {
  const count = 40_000;
  it.each([
    ['effective', 4, effective],
    ['effective', 50, effective],
    ['annealed', 4, annealed],
    ['annealed', 50, annealed],
  ] as const)('%s at N = %i has P(D ≥ 1) and P(D ≥ 2) within five standard errors', async (_name, width, engine) => {
    const ensemble = { ...ensembleOf('linear', width, 0), depth: 200 };
    const { duration } = await avalanches(engine, ensemble, count, 21);
    const c = 1 / ensemble.weightVariance;
    const survival = (x: number): number => 1 - gammainc((width * x) / 2, width / 2);
    const edges = Array.from({ length: 200 }, (_, i) => c * 1.02 ** i);
    const { nodes, weights } = panelRule(edges, 8);
    // Two layers: r1 ≥ c and r1·r2 ≥ c², r = χ²_N/N.
    let second = 0;
    nodes.forEach((r, i) => {
      second += weights[i]! * density(width, r) * survival((c * c) / r);
    });
    const expected = [survival(c), second];
    expected.forEach((p, i) => {
      const share = duration.filter((d) => d > i).length / count;
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / count));
    });
  });

  it('effective has mean and variance of ln s² of the law after 50 layers at N = 1, 3 and 64 (five standard errors)', () => {
    const traces = 20_000;
    for (const width of [1, 3, 64]) {
      const ensemble = { ...ensembleOf('linear', width, 0), depth: 50, weightVariance: 1, inputStrength: 1 };
      const ids = Float64Array.from({ length: traces }, (_, i) => i);
      const options = { ensemble, seed: 22, observable: 'pre-activation', floor: null, windowRows: 50 } as const;
      let [sum, squares] = [0, 0];
      for (const { strength } of effective.propagate(ids, options) as Iterable<{ strength: Float32Array }>) {
        const log = 2 * Math.log(strength[49]!);
        sum += log;
        squares += log * log;
      }
      // Cumulants of ln χ²_N/N: differences of ln Γ(N/2 + t) − t ln(N/2) in t.
      const k = (t: number): number => gammaln(width / 2 + t) - t * Math.log(width / 2);
      const step = 1e-3;
      const mean = (50 * (k(step) - k(-step))) / (2 * step);
      const variance = (50 * (k(step) - 2 * k(0) + k(-step))) / step ** 2;
      const observed = sum / traces;
      expect(Math.abs(observed - mean)).toBeLessThan(5 * Math.sqrt(variance / traces) + 1e-4 * Math.abs(mean));
      const spread = squares / traces - observed ** 2;
      expect(Math.abs(spread / variance - 1)).toBeLessThan(5 * Math.sqrt(2.5 / traces));
    }
  });
});
