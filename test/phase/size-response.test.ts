import gammainc from '@stdlib/math-base-special-gammainc';
import gammaln from '@stdlib/math-base-special-gammaln';
import { lastValueFrom, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { perturbationBatch } from '../../src/flow/perturbations.ts';
import { activation } from '../../src/network/activation.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { responseColumns, sizeResponse, sizeSusceptibility } from '../../src/phase/size-response.ts';
import { covariances } from '../../src/reduce/covariances.ts';
import { column } from '../../src/schema/batch.ts';
import { lengthRecursion, meanFieldPoint } from '../../src/theory/meanfield.ts';

const base: Ensemble = {
  index: 2,
  activation: 'linear',
  width: 24,
  depth: 1,
  weightVariance: 1.1,
  biasVariance: 0,
  inputStrength: 0.1,
  reuse: 1,
};

async function response(more: Partial<Ensemble>, networks: number, step = 0.02, seed = 3, engine = 'effective') {
  const ensemble = { ...base, ...more };
  const batch = perturbationBatch({ ensemble: 2, index: 0, first: 50, count: networks }, ensemble);
  const partition = { ensemble, seed, drained: async () => {} };
  const batches = await lastValueFrom(of(batch).pipe(sizeResponse(partition, { engine, step }), toArray()));
  const reducer = covariances(responseColumns);
  const found = reducer.finish(batches.reduce(reducer.step, reducer.init(0)));
  return { batches, ensemble, ...sizeSusceptibility(found, ensemble.weightVariance, step) };
}

/** E[X^k; X > t] of X = √(χ²_N/N), k = 0 or 1. */
function chiMoment(width: number, k: 0 | 1, t: number): number {
  const half = (width + k) / 2;
  const scale = k === 0 ? 1 : Math.sqrt(2 / width) * Math.exp(gammaln(half) - gammaln(width / 2));
  return scale * (t > 0 ? gammainc((width * t * t) / 2, half, true, true) : 1);
}

/** Simpson's rule. */
function integral(of: (x: number) => number, from: number, to: number, steps = 2000): number {
  const h = (to - from) / steps;
  let sum = of(from) + of(to);
  for (let i = 1; i < steps; i++) sum += of(from + i * h) * (i % 2 === 0 ? 2 : 4);
  return (sum * h) / 3;
}

const chiDensity = (width: number, x: number): number =>
  Math.exp(
    Math.log(2) +
      (width / 2) * Math.log(width / 2) -
      gammaln(width / 2) +
      (width - 1) * Math.log(x) -
      (width * x * x) / 2,
  );

/** Mean excess of the avalanches of a linear network of one or two layers: strengths are s0·√σw²·X₁ and s0·σw²·X₁X₂. */
function linearMeanSize({ width, depth, weightVariance, inputStrength: s0 }: Ensemble): number {
  const gain = Math.sqrt(weightVariance);
  const alive = chiMoment(width, 0, 1 / gain);
  const excess = (strength: number): number =>
    strength * gain * chiMoment(width, 1, s0 / (strength * gain)) - s0 * chiMoment(width, 0, s0 / (strength * gain));
  const first = excess(s0);
  const second =
    depth < 2
      ? 0
      : integral((x) => chiDensity(width, x) * excess(s0 * gain * x), 1 / gain, 1 / gain + 12 / Math.sqrt(width));
  return (width * (first + second)) / alive;
}

describe('sizeResponse(partition, options)', () => {
  it('is what a linear network of one or two layers has in closed form, within 4 standard errors (false alarm 6e-5 each)', async () => {
    for (const depth of [1, 2]) {
      for (const weightVariance of [0.7, 1, 1.6]) {
        const step = 0.05;
        const { value, error, ensemble } = await response({ depth, weightVariance }, 20_000, step);
        const at = (factor: number) => linearMeanSize({ ...ensemble, weightVariance: weightVariance * factor });
        const exact = (at(1 + step) - at(1 - step)) / (2 * step * weightVariance);
        expect(Math.abs(value - exact), `L = ${depth}, σw² = ${weightVariance}`).toBeLessThan(4 * error);
        // The test can fail: half the size of the effect would be seen.
        expect(error).toBeLessThan(Math.abs(exact) / 8);
      }
    }
  });

  it('goes to N Σ dq_l^(1/2)/dσw² of the mean-field recursion where nothing ends, at the rate 1/N', async () => {
    const point = { weightVariance: 1.5, biasVariance: 0.1 };
    const [step, depth, inputStrength] = [0.02, 60, 0.01];
    const sum = (weightVariance: number): number =>
      lengthRecursion(activation('tanh'), { ...point, weightVariance }, inputStrength ** 2, depth)
        .slice(1)
        .reduce((total, q) => total + Math.sqrt(q), 0);
    const exact = (sum(1.5 * (1 + step)) - sum(1.5 * (1 - step))) / (2 * step * 1.5);
    const deviations: number[] = [];
    for (const width of [64, 512]) {
      const tanh = { ...point, activation: 'tanh', width, depth, inputStrength };
      const { value, error } = await response(tanh, 2000, step);
      expect(error / (width * exact)).toBeLessThan(0.005);
      deviations.push(Math.abs(value / (width * exact) - 1));
      expect(deviations.at(-1)).toBeLessThan((4 * error) / (width * exact) + 8 / width);
    }
    // Over long depths each layer has the susceptibility of the steady state.
    const chi = meanFieldPoint(activation('tanh'), 1.5, 0.1).chiWeightVariance;
    expect(Math.abs(exact / (depth * chi) - 1)).toBeLessThan(0.2);
  });

  it('has errors as large as the scatter over 60 seeds, within 30 %, and far below those of independent runs', async () => {
    const found = [];
    for (let seed = 1; seed <= 60; seed++) found.push(await response({ depth: 40, width: 48 }, 300, 0.02, seed));
    const mean = found.reduce((sum, { value }) => sum + value, 0) / found.length;
    const scatter = Math.sqrt(found.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (found.length - 1));
    const quoted = Math.sqrt(found.reduce((sum, { error }) => sum + error ** 2, 0) / found.length);
    expect(scatter / quoted).toBeGreaterThan(0.7);
    expect(scatter / quoted).toBeLessThan(1.3);
    const { batches } = found[0]!;
    const high = column<Float64Array>(batches[0]!, 'size_high');
    const alive = column<Int32Array>(batches[0]!, 'alive_high').reduce((sum, one) => sum + one, 0);
    const average = high.reduce((sum, size) => sum + size, 0) / alive;
    const variance = high.reduce((sum, size) => sum + (size > 0 ? (size - average) ** 2 : 0), 0) / (alive - 1);
    const independent = Math.sqrt((2 * variance) / alive) / (2 * 0.02 * 1.1);
    expect(quoted).toBeLessThan(independent / 2);
  });

  it('has a row for each perturbation, dead ones with size 0, the same alone and among others', async () => {
    const { batches } = await response({ weightVariance: 0.5, width: 8, depth: 5 }, 40);
    const read = (name: string) => Array.from(column<Float64Array>(batches[0]!, name), Number);
    expect(read('perturbation')).toEqual(Array.from({ length: 40 }, (_, i) => 50 + i));
    for (const side of ['low', 'high']) {
      read(`alive_${side}`).forEach((alive, i) => {
        expect(read(`size_${side}`)[i]! > 0).toBe(alive === 1);
      });
    }
    const dead = read('alive_low').filter((alive) => alive === 0).length;
    expect(dead).toBeGreaterThan(20);
    expect(dead).toBeLessThan(40);
    const fewer = await response({ weightVariance: 0.5, width: 8, depth: 5 }, 10);
    expect([...column<Float64Array>(fewer.batches[0]!, 'size_high')]).toEqual(read('size_high').slice(0, 10));
  });

  it('says nothing where fewer than two avalanches are left', async () => {
    const { value, error } = await response({ weightVariance: 0.01, depth: 5 }, 20);
    expect([value, error]).toEqual([Number.NaN, Number.NaN]);
  });

  it('refuses steps that make no difference', () => {
    expect(() =>
      sizeResponse({ ensemble: base, seed: 1, drained: async () => {} }, { engine: 'effective', step: 0 }),
    ).toThrow(ParameterError);
  });
});
