import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BackendError, ParameterError } from '../../src/error.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { createStream } from '../../src/numeric/random.ts';
import { portableTensorFlow } from '../../src/propagation/backend/tensorflow.ts';
import { type DenseOptions, dense } from '../../src/propagation/dense.ts';
import { type LayerWeights, modelWeights } from '../../src/propagation/dense-weights.ts';
import type { Engine, EngineOptions } from '../../src/propagation/engine.ts';
import { naive } from '../../src/propagation/naive.ts';
import { quenched } from '../../src/propagation/quenched.ts';
import { KOLMOGOROV_1E4, kolmogorovTwo } from '../numeric/random-statistics.ts';
import { backends } from './backends.ts';
import { engineAvalanches, jointColumns } from './engine-avalanches.ts';

const base: Ensemble = {
  index: 2,
  activation: 'tanh',
  width: 16,
  depth: 20,
  weightVariance: 1.2,
  biasVariance: 0.05,
  inputStrength: 0.5,
  reuse: 5,
};

const range = (n: number, from = 0) => Array.from({ length: n }, (_, i) => from + i);

async function traces(
  engine: Engine,
  ensemble: Ensemble,
  ids: readonly number[],
  options: Partial<EngineOptions> = {},
) {
  const all = { ensemble, seed: 9, observable: 'pre-activation', floor: null, windowRows: 5000, ...options } as const;
  const out = new Map<number, number[]>(ids.map((id) => [id, []]));
  for await (const window of engine.propagate(Float64Array.from(ids), all)) {
    expect(window.length).toBeLessThanOrEqual(all.windowRows);
    for (let r = 0; r < window.length; r++) {
      const trace = out.get(Number(window.perturbation[r]))!;
      expect(window.layer[r]).toBe(trace.length + 1);
      trace.push(window.strength[r]!);
    }
  }
  return out;
}

/** Largest relative difference between traces of the same length. */
function difference(a: Map<number, number[]>, b: Map<number, number[]>): number {
  let largest = 0;
  for (const [id, trace] of a) {
    expect(b.get(id)).toHaveLength(trace.length);
    for (const [l, s] of trace.entries()) largest = Math.max(largest, Math.abs(b.get(id)![l]! / s - 1));
  }
  return largest;
}

/** Strengths of a network of given weights, in float64. */
function byHand(inputs: readonly number[], weights: readonly LayerWeights[], phi: (x: number) => number): number[] {
  let h = [...inputs];
  return weights.map(({ inWidth, outWidth, kernel, bias }) => {
    const x = h.map(phi);
    h = range(outWidth).map((o) =>
      range(inWidth).reduce((sum, i) => sum + x[i]! * kernel[i * outWidth + o]!, bias?.[o] ?? 0),
    );
    return Math.sqrt(h.reduce((sum, v) => sum + v * v, 0) / outWidth);
  });
}

describe.each(await backends())('dense({ backend: "$name" })', ({ name: backend, skip }) => {
  const run = test.skipIf(skip !== undefined);
  const make = (more: DenseOptions = {}) => dense({ backend, ...more });

  // A card draws its own: there weights are given.
  const what = backend === 'webgpu' ? 'multiplies' : 'draws';
  run(`${what} the same networks as every other backend: strengths agree to 2e-5 over five layers`, async () => {
    const stream = createStream(8);
    const normals = (n: number, scale: number) => new Float32Array(n).map(() => scale * stream.normal());
    const weights = range(5).map(() => ({
      inWidth: 19,
      outWidth: 19,
      kernel: normals(361, Math.sqrt(base.weightVariance / 19)),
      bias: normals(19, Math.sqrt(base.biasVariance)),
    }));
    const given = backend === 'webgpu' ? { weights } : {};
    for (const name of ['tanh', 'erf', 'relu', 'leaky-relu(0.1)', 'hard-tanh', 'gelu', 'silu', 'sin', 'linear']) {
      for (const observable of ['pre-activation', 'post-activation'] as const) {
        const ensemble = { ...base, activation: name, depth: 5, width: 19 };
        const [here, there] = await Promise.all(
          [make(given), dense({ backend: 'simd', ...given })].map((engine) =>
            traces(engine, ensemble, range(23), { observable }),
          ),
        );
        // Sines are the driver's on WebGPU: an error of 2⁻¹¹ is allowed to them.
        const tolerance = backend === 'webgpu' && name === 'sin' ? 1e-3 : 2e-5;
        expect(difference(here!, there!), name).toBeLessThan(tolerance);
      }
    }
  });

  run('goes on to the full depth without a floor and ends at the first strength below one', async () => {
    const floor = Float32Array.from(range(base.depth + 1), (l) => 0.3 + 0.01 * l);
    const whole = await traces(make(), base, range(60));
    const cut = await traces(make(), base, range(60), { floor, windowRows: 37 });
    for (const [id, trace] of whole) {
      expect(trace).toHaveLength(base.depth);
      const end = trace.findIndex((s, i) => s < floor[i + 1]!);
      // A strength within rounding of the floor may fall on either side; none does with these seeds.
      expect(cut.get(id)).toHaveLength(end < 0 ? base.depth : end + 1);
    }
  });

  run('leaves no tensors behind, however often it runs', async () => {
    const engine = make();
    await traces(engine, base, range(40), { floor: 0.5 });
    const tf = await portableTensorFlow('cpu');
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) await traces(engine, base, range(40), { floor: 0.5 });
    // Left early, too.
    for await (const _ of engine.propagate(Float64Array.from(range(40)), {
      ensemble: base,
      seed: 1,
      observable: 'pre-activation',
      floor: null,
      windowRows: 50,
    })) {
      break;
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  run('propagates through given weights of any widths, by the same arithmetic as by hand', async () => {
    const stream = createStream(4);
    const widths = [7, 12, 5, 9];
    const weights = range(3).map((l) => ({
      inWidth: widths[l]!,
      outWidth: widths[l + 1]!,
      kernel: new Float32Array(widths[l]! * widths[l + 1]!).map(() => stream.normal() / 3),
      ...(l === 1 ? {} : { bias: new Float32Array(widths[l + 1]!).map(() => stream.normal()) }),
    }));
    // The kernel of an identity layer shows the inputs: its strengths are those of h^0.
    const ensemble = { ...base, width: 7, depth: 3, inputStrength: 2 };
    const ids = range(2000);
    const given = await traces(make({ weights }), ensemble, ids);
    const inputs = await Promise.all(
      range(7).map((i) => {
        const pick = { inWidth: 7, outWidth: 1, kernel: new Float32Array(7).map((_, k) => (k === i ? 1 : 0)) };
        const big = { ...pick, bias: new Float32Array([100]) };
        const linear = { ...ensemble, activation: 'linear', depth: 1 };
        return traces(make({ weights: [big] }), linear, ids);
      }),
    );
    for (const id of [0, 1, 17, 1999]) {
      const h = inputs.map((component) => component.get(id)![0]! - 100);
      expect(Math.sqrt(h.reduce((sum, v) => sum + v * v, 0) / 7)).toBeCloseTo(2, 4);
      const expected = byHand(h, weights, Math.tanh);
      for (const [l, s] of given.get(id)!.entries()) expect(s / expected[l]! - 1).toBeCloseTo(0, 4);
    }
  });

  run('takes an activation that only the user knows', async () => {
    const { registerActivation } = await import('../../src/network/activation.ts');
    registerActivation({ name: 'twice-tanh', phi: (x) => 2 * Math.tanh(x) });
    const doubled = { ...base, activation: 'twice-tanh', biasVariance: 0, depth: 3 };
    if (backend === 'webgpu') {
      await expect(traces(make(), doubled, range(10))).rejects.toThrow(/no operations for activation 'twice-tanh'/);
      return;
    }
    const twice = await traces(make(), doubled, range(10));
    const four = await traces(make(), { ...base, weightVariance: 4.8, biasVariance: 0, depth: 3 }, range(10));
    expect(difference(twice, four)).toBeLessThan(1e-5);
  });

  run('keeps strengths of 1e-30', async () => {
    const ensemble = { ...base, biasVariance: 0, depth: 4 };
    const [one, small] = await Promise.all(
      [1e-3, 1e-30].map((s) => traces(make(), { ...ensemble, activation: 'linear', inputStrength: s }, range(10))),
    );
    for (const [id, trace] of one!) {
      for (const [l, s] of trace.entries()) expect(small!.get(id)![l]! / 1e-27 / s - 1).toBeCloseTo(0, 4);
    }
  });

  // TensorFlow's library gives threads and vectors shares of a tensor by its size.
  test.skipIf(skip !== undefined || backend === 'tensorflow-gpu')(
    'depends on options and ids only, bit for bit',
    async () => {
      const engine = make();
      // Wide enough for the blocks of 48 that TensorFlow.js's WebAssembly adds in, where it multiplies several matrices.
      const ensemble = { ...base, width: 50, depth: 12 };
      const floor = 0.4;
      const whole = await traces(engine, ensemble, range(40), { floor });
      const cuts = fc
        .uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 3 })
        .map((c) => c.toSorted((a, b) => a - b));
      await fc.assert(
        fc.asyncProperty(cuts, fc.integer({ min: 1, max: 90 }), async (at, windowRows) => {
          const parts = [...at, 40].map((end, i) => range(end - (i === 0 ? 0 : at[i - 1]!), i === 0 ? 0 : at[i - 1]!));
          const found = await Promise.all(parts.map((ids) => traces(engine, ensemble, ids, { floor, windowRows })));
          expect(new Map(found.flatMap((part) => [...part]))).toEqual(whole);
        }),
        { numRuns: backend === 'simd' ? 20 : 5, examples: [[[5, 20], 300]] },
      );
    },
  );

  run('has the law of engine quenched for perturbations that share a network', async () => {
    for (const [reuse, networks] of [
      [2, 900],
      [16, 300],
    ] as const) {
      const ensemble = { ...base, activation: 'relu', weightVariance: 1.9, reuse, width: 12, depth: 12 };
      const a = jointColumns(await engineAvalanches(make(), ensemble, 21, networks * reuse), reuse);
      const b = jointColumns(await engineAvalanches(quenched, ensemble, 22, networks * reuse), reuse);
      for (const column of ['sum', 'difference', 'largest', 'dead'] as const) {
        expect(kolmogorovTwo(a[column], b[column]), `${column} of ${reuse}`).toBeLessThan(KOLMOGOROV_1E4);
      }
    }
  });
});

describe('dense({ backend: "simd" })', () => {
  const engine = dense({ backend: 'simd' });

  test.each([
    ['tanh', 1.2, 0],
    ['relu', 1.8, 0.05],
    ['linear', 1, 0],
  ])('has the law of the textbook simulation: %s, weight variance %f, bias variance %f', async (name, wv, bv) => {
    const ensemble = { ...base, activation: name, weightVariance: wv, biasVariance: bv, reuse: 1, depth: 30 };
    const n = 3000;
    const fast = await engineAvalanches(engine, ensemble, 31, n);
    const slow = await engineAvalanches(naive, ensemble, 32, n);
    for (const column of ['size', 'duration'] as const) {
      const [a, b] = [fast, slow].map((rows) => Float64Array.from(rows, (row) => row[column]));
      expect(kolmogorovTwo(a!, b!), column).toBeLessThan(KOLMOGOROV_1E4);
    }
  });

  test('given weights must fit the ensemble', async () => {
    const layer = { inWidth: 3, outWidth: 3, kernel: new Float32Array(9) };
    const attempt = (weights: LayerWeights[], depth = 1) =>
      traces(dense({ weights }), { ...base, width: 3, depth }, [0]);
    await expect(attempt([layer], 2)).rejects.toThrow('weights must have one layer for each of depth 2, got 1');
    await expect(attempt([{ ...layer, inWidth: 4 }])).rejects.toThrow('layer 1 must take 3 inputs, its weights take 4');
    await expect(attempt([{ ...layer, kernel: new Float32Array(8) }])).rejects.toThrow(ParameterError);
    await expect(attempt([{ ...layer, bias: new Float32Array(2) }])).rejects.toThrow('must have 3 biases, got 2');
  });

  test('takes the dense layers of a TensorFlow.js model, and says which layer it can not take', async () => {
    // The engine's own copy first, which keeps this one from telling that all kernels are there already.
    await portableTensorFlow('cpu');
    const { tensor2d } = await import('@tensorflow/tfjs-core');
    await import('@tensorflow/tfjs-backend-cpu');
    const tf = await import('@tensorflow/tfjs-layers');
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [6], units: 9, activation: 'tanh', biasInitializer: 'randomNormal' }),
        tf.layers.dropout({ rate: 0.5 }),
        tf.layers.dense({ units: 4, useBias: false }),
      ],
    });
    const weights = modelWeights(model);
    expect(weights.map(({ inWidth, outWidth, bias }) => [inWidth, outWidth, bias?.length])).toEqual([
      [6, 9, 9],
      [9, 4, undefined],
    ]);
    // The model's own outputs for the engine's inputs, which a model of one identity layer a component would show: here the inputs
    // are ±s for width 1.
    const line = tf.sequential({
      layers: [tf.layers.dense({ inputShape: [1], units: 5, biasInitializer: 'randomNormal' })],
    });
    const strengths = [0.7, -0.7].map((x) => {
      const h = Float32Array.from((line.predict(tensor2d([[x]])) as import('@tensorflow/tfjs-core').Tensor).dataSync());
      return Math.sqrt(h.reduce((sum, v) => sum + v * v, 0) / 5);
    });
    const ensemble = { ...base, width: 1, depth: 1, inputStrength: 0.7 };
    const made = dense({ backend: 'simd', weights: modelWeights(line), input: 'post-activation' });
    for (const [s] of (await traces(made, ensemble, range(20))).values()) {
      expect(Math.min(...strengths.map((expected) => Math.abs(s! / expected - 1)))).toBeLessThan(1e-5);
    }
    const other = tf.sequential({ layers: [tf.layers.reshape({ inputShape: [6], targetShape: [2, 3] })] });
    expect(() => modelWeights(other)).toThrow(/is a Reshape; engine dense takes Dense layers only/);
  });

  test('says what is missing for memory that no machine has', async () => {
    await expect(traces(engine, { ...base, width: 60_000 }, [0])).rejects.toThrow(BackendError);
  });
});
