import { lastValueFrom, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { perturbationBatch } from '../../src/flow/perturbations.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { type SteadyStateOptions, steadyState } from '../../src/phase/steady-state.ts';
import type { Engine } from '../../src/propagation/engine.ts';
import { column } from '../../src/schema/batch.ts';

const base: Ensemble = {
  index: 2,
  activation: 'tanh',
  width: 48,
  depth: 3,
  weightVariance: 1.5,
  biasVariance: 0.05,
  inputStrength: 0.3,
  reuse: 1,
};

async function measure(options: SteadyStateOptions, { first = 0, count = 5, more = {} } = {}) {
  const ensemble = { ...base, ...more };
  const batch = perturbationBatch({ ensemble: 2, index: 0, first, count }, ensemble);
  const partition = { ensemble, seed: 3, drained: async () => {} };
  const out = await lastValueFrom(of(batch).pipe(steadyState(partition, options)));
  return {
    perturbation: Array.from(column<BigInt64Array>(out, 'perturbation'), Number),
    strength: Array.from(column<Float64Array>(out, 'strength')),
    susceptibility: Array.from(column<Float64Array>(out, 'susceptibility')),
  };
}

/** An engine whose strengths are (σw²)²·l + id, layer by layer over all perturbations, in windows of `size` rows. */
const square = (size: number): Engine => ({
  name: 'square',
  *propagate(ids, { ensemble }) {
    const rows = Array.from({ length: ensemble.depth }, (_, l) =>
      Array.from(ids, (id) => ({ id, layer: l + 1 })),
    ).flat();
    for (let at = 0; at < rows.length; at += size) {
      const some = rows.slice(at, at + size);
      yield {
        length: some.length,
        perturbation: BigInt64Array.from(some, ({ id }) => BigInt(id)),
        layer: Int32Array.from(some, ({ layer }) => layer),
        strength: Float32Array.from(some, ({ id, layer }) => ensemble.weightVariance ** 2 * layer + id),
      };
    }
  },
});

const meanOf = (values: readonly number[]) => {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
  return { mean, variance, error: Math.sqrt(variance / values.length) };
};

describe('steadyState(partition, options)', () => {
  it('averages the layers past the burn-in, and differs by σw²', async () => {
    for (const size of [1, 7, 1000]) {
      const { perturbation, strength, susceptibility } = await measure(
        { engine: square(size), burnIn: 10, window: 5, step: 1e-2 },
        { first: 40, count: 6 },
      );
      expect(perturbation).toEqual([40, 41, 42, 43, 44, 45]);
      // Layers 11 … 15 have the mean 13; (σw²)² has the derivative 2σw², exactly so in a central difference. float32: 1e-5.
      strength.forEach((s, i) => {
        expect(s).toBeCloseTo(1.5 ** 2 * 1.0001 * 13 + 40 + i, 4);
      });
      for (const chi of susceptibility) expect(Math.abs(chi / (2 * 1.5 * 13) - 1)).toBeLessThan(1e-4);
    }
  });

  it('differs to one side at σw² = 0', async () => {
    const { susceptibility } = await measure(
      { engine: square(9), burnIn: 0, window: 1, step: 0.1 },
      { count: 1, more: { weightVariance: 0 } },
    );
    expect(susceptibility[0]).toBeCloseTo(0.1, 6);
  });

  it('has a derivative that depends on the step to second order only, network by network', async () => {
    const options = { engine: 'effective', burnIn: 20, window: 50 };
    const [fine, coarse] = [await measure({ ...options, step: 1e-3 }), await measure({ ...options, step: 1e-2 })];
    fine.susceptibility.forEach((chi, i) => {
      // Independent random numbers would make these differ by ⟨s⟩-errors / step, a hundred times χ.
      expect(Math.abs(coarse.susceptibility[i]! / chi - 1)).toBeLessThan(2e-3);
    });
  });

  it('gives the same mean strength and susceptibility with every engine', async () => {
    const options = { burnIn: 12, window: 12 };
    const count = 240;
    const found = [];
    for (const engine of ['effective', 'annealed', 'quenched', 'naive']) {
      const { strength, susceptibility } = await measure({ ...options, engine }, { count });
      found.push({ engine, strength: meanOf(strength), susceptibility: meanOf(susceptibility) });
    }
    const [reference, ...others] = found;
    for (const other of others) {
      for (const key of ['strength', 'susceptibility'] as const) {
        const distance = Math.abs(other[key].mean - reference![key].mean);
        // 4 standard errors of the difference: false alarm 6e-5 each, and the seed is fixed.
        expect(distance, `${key}, ${other.engine}`).toBeLessThan(
          4 * Math.hypot(other[key].error, reference![key].error),
        );
        // Engines without weights have one law of the derivative; with weights held it spreads further.
        if (other.engine === 'naive') continue;
        expect(other[key].variance / reference![key].variance).toBeGreaterThan(0.6);
        expect(other[key].variance / reference![key].variance).toBeLessThan(1.7);
      }
    }
  });

  it('refuses windows and steps that make no average', async () => {
    await expect(measure({ engine: 'effective', burnIn: -1, window: 5 })).rejects.toThrow(ParameterError);
    await expect(measure({ engine: 'effective', burnIn: 1, window: 0 })).rejects.toThrow('window of at least 1 layers');
    await expect(measure({ engine: 'effective', burnIn: 1, window: 1, step: 0 })).rejects.toThrow('step must be');
  });
});
