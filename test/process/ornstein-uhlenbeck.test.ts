import { describe, expect, it } from 'vitest';
import { processEnsemble } from '../../src/process/control.ts';
import { processEngine } from '../../src/process/engine.ts';
import { ornsteinUhlenbeckLaw } from '../../src/process/law/ornstein-uhlenbeck-law.ts';
import { ornsteinUhlenbeck } from '../../src/process/ornstein-uhlenbeck.ts';
import type { SignalWindow } from '../../src/propagation/engine.ts';
import { idsOf, largestSurvivalDeviation, windowsOf } from './realisations.ts';

// Each comparison with |z| < 4.5, at most 20 in a test: a false alarm in 7,000 tests.
const LIMIT = 4.5;

/** Traces of so many layers, one a row. */
function traces(n: number, depth: number, parameters: Record<string, number>): Float32Array[] {
  const out = Array.from({ length: n }, () => new Float32Array(depth));
  for (const { length, perturbation, layer, strength } of windowsOf(ornsteinUhlenbeck, idsOf(n), {
    parameters,
    depth,
    floor: null,
  })) {
    for (let i = 0; i < length; i++) out[Number(perturbation[i])]![layer[i]! - 1] = strength[i]!;
  }
  return out;
}

const meanOf = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

/** z of a mean against what it should be. */
function deviation(values: Float64Array, expected: number): number {
  const mean = meanOf(values);
  const variance = meanOf(values.map((x) => (x - mean) ** 2));
  return Math.abs(mean - expected) / Math.sqrt(variance / values.length);
}

describe('the Ornstein–Uhlenbeck chain', () => {
  it(`has mean 0, variance 1 and autocorrelation e^(−l/relaxation) once the crossing is forgotten (|z| < ${LIMIT})`, () => {
    const relaxation = 8;
    const all = traces(4000, 161, { relaxation, level: 0.5 });
    // Twelve relaxation times after the crossing its mean is 5e-6 of what it was; one product a trace, so that they are independent.
    const from = 12 * relaxation;
    const at = (lag: number): Float64Array => Float64Array.from(all, (trace) => trace[from]! * trace[from + lag]!);
    expect(
      deviation(
        Float64Array.from(all, (trace) => trace[from]!),
        0,
      ),
    ).toBeLessThan(LIMIT);
    for (const lag of [0, 1, 4, 8, 24, 64]) expect(deviation(at(lag), Math.exp(-lag / relaxation))).toBeLessThan(LIMIT);
  });

  it(`crosses its mean as often as a Gaussian chain does, arccos(ρ)/π a layer (|z| < ${LIMIT})`, () => {
    const relaxation = 20;
    const crossings = Float64Array.from(traces(400, 2000, { relaxation }), (trace) => {
      let n = 0;
      for (let l = 400; l < 2000; l++) if (trace[l]! >= 0 !== trace[l - 1]! >= 0) n++;
      return n / 1600;
    });
    expect(deviation(crossings, Math.acos(Math.exp(-1 / relaxation)) / Math.PI)).toBeLessThan(LIMIT);
  });

  it(`begins with a crossing as all others are: first excursions last as long as later ones (|z| < ${LIMIT})`, () => {
    const relaxation = 20;
    const all = traces(4000, 600, { relaxation });
    const longer = (from: (trace: Float32Array) => number): Float64Array =>
      Float64Array.from(all, (trace) => {
        const start = from(trace);
        let l = start;
        while (l < trace.length && trace[l]! >= 0) l++;
        return l - start >= 4 ? 1 : 0;
      });
    const first = longer(() => 0);
    // The first crossing after 300 layers, fifteen relaxation times.
    const later = longer((trace) => {
      let l = 300;
      while (!(trace[l - 1]! < 0 && trace[l]! >= 0)) l++;
      return l;
    });
    expect(all.every((trace) => trace[0]! >= 0)).toBe(true);
    const difference = first.map((value, i) => value - later[i]!);
    expect(deviation(difference, 0)).toBeLessThan(LIMIT);
  });

  for (const [relaxation, level] of [
    [50, 0],
    [6, 0.7],
  ] as const) {
    it(`has excursions of its law: durations, areas and mean areas, relaxation ${relaxation}, level ${level} (|z| < ${LIMIT})`, () => {
      const n = 40_000;
      const duration = new Int32Array(n);
      const size = new Float64Array(n);
      const parameters = { relaxation, level };
      const ids = idsOf(n);
      const ensemble = processEnsemble(ornsteinUhlenbeck, 0, parameters, { depth: 4096 });
      const options = { ensemble, seed: 5, observable: 'pre-activation', floor: level, windowRows: 65_536 } as const;
      for (const { length, perturbation, strength } of processEngine(ornsteinUhlenbeck).propagate(
        ids,
        options,
      ) as Iterable<SignalWindow>) {
        for (let i = 0; i < length; i++) {
          if (strength[i]! < level) continue;
          duration[Number(perturbation[i])]!++;
          size[Number(perturbation[i])]! += strength[i]! - level;
        }
      }
      const law = ornsteinUhlenbeckLaw(relaxation, level);
      const survival = law.survival(100);
      const limits = [2, 3, 5, 10, 20, 50, 100].filter((d) => survival[d]! > 1e-3);
      expect(
        largestSurvivalDeviation(
          duration,
          limits.map((d) => [d, survival[d]!]),
        ),
      ).toBeLessThan(LIMIT);
      const means = law.meanSizes(20);
      for (const d of [1, 2, 4, 10]) {
        expect(
          deviation(
            size.filter((_, i) => duration[i] === d),
            means[d]!,
          ),
        ).toBeLessThan(LIMIT);
      }
      // Areas of some steps and more, and among these: the grid, half a step wide, is felt in those of few steps.
      const { upper, count } = law.sizes(20);
      const above: [number, number][] = [];
      let left = 1;
      count.forEach((p, i) => {
        left -= p;
        if ([2, 4, 6, 8, 11, 16].some((s) => upper[i]! >= s && upper[i - 1]! < s)) above.push([upper[i]!, left]);
      });
      expect(above.length).toBe(6);
      const [least, whole] = above[0]!;
      const large = size.filter((s) => s >= least);
      expect(large.length / n / whole).toBeCloseTo(1, 1);
      expect(
        largestSurvivalDeviation(
          large,
          above.slice(1).map(([s, p]) => [s, p / whole]),
        ),
      ).toBeLessThan(LIMIT);
    });
  }
});
