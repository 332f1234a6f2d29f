import { describe, expect, it } from 'vitest';
import { openGpu } from '../../src/gpu/device.ts';
import { MATRICES } from '../../src/gpu/matrices.wgsl.ts';
import { registerActivation } from '../../src/network/activation.ts';
import { layersOf } from '../../src/network/resnet/architecture.ts';
import { arithmeticOf } from '../../src/propagation/arithmetic.ts';
import { chooseBackend } from '../../src/propagation/backend/choose.ts';
import { dense } from '../../src/propagation/dense.ts';
import { DenseGroup } from '../../src/propagation/dense-group.ts';
import type { LayerWeights } from '../../src/propagation/dense-weights.ts';
import { openResidualBackend } from '../../src/propagation/residual/open.ts';
import { KOLMOGOROV_1E4, kolmogorovTwo } from '../numeric/random-statistics.ts';
import { engineAvalanches, jointColumns } from '../propagation/engine-avalanches.ts';
import { phiError } from '../propagation/phi-error.ts';
import {
  architectureOf,
  images,
  initialStatistics,
  reference,
  setFormulaWeights,
} from '../propagation/residual-fixture.ts';
import { withoutGpu } from './adapter.ts';
import { weightOf } from './reference.ts';

const skip = await withoutGpu();

interface MemoryOfCard {
  readonly numTensors: number;
  readonly numBytesInGPU: number;
  readonly numBytesAllocatedInGPU: number;
}

const ensemble = {
  index: 0,
  width: 19,
  depth: 4,
  weightVariance: 1.2,
  biasVariance: 0.01,
  inputStrength: 0.5,
  reuse: 10,
};

async function strengths(backend: string, name: string, weights?: readonly LayerWeights[]): Promise<number[]> {
  const found: number[] = [];
  const options = { seed: 3, observable: 'pre-activation', floor: null, windowRows: 1000 } as const;
  const engine = dense({ backend, ...(weights === undefined ? {} : { weights }) });
  for await (const { strength } of engine.propagate(
    Float64Array.from({ length: 10 }, (_, i) => i),
    { ensemble: { ...ensemble, activation: name }, ...options },
  )) {
    found.push(...strength);
  }
  return found;
}

/** The weights that a card draws, in float64, for one network of all perturbations. */
function defined(): LayerWeights[] {
  const { width, depth, weightVariance, biasVariance } = ensemble;
  const group = new DenseGroup({ ...ensemble, activation: 'tanh' }, 3, [{ network: 0, ids: [0] }]);
  const key = [...group.onDevice().keys];
  return Array.from({ length: depth }, (_, l) => ({
    inWidth: width,
    outWidth: width,
    kernel: Float32Array.from(
      { length: width ** 2 },
      (_, i) => Math.sqrt(weightVariance / width) * weightOf(key, l + 1, Math.floor(i / width), i % width),
    ),
    bias: Float32Array.from({ length: width }, (_, i) => Math.sqrt(biasVariance) * weightOf(key, l + 1, width, i)),
  }));
}

/**
 * Strengths of each of these perturbations, in several widths of a tile, until they fall below the floor.
 * @param lostAt the window at which the device is lost
 */
async function traces(from: number, to: number, windowRows: number, lostAt?: number): Promise<Map<bigint, number[]>> {
  const found = new Map<bigint, number[]>();
  const ids = Float64Array.from({ length: to - from }, (_, i) => from + i);
  const wide = { ...ensemble, index: 2, reuse: 5, activation: 'tanh', width: 45, depth: 12, biasVariance: 0.05 };
  const options = { ensemble: wide, seed: 9, observable: 'pre-activation', floor: 0.4, windowRows } as const;
  let windows = 0;
  for await (const { perturbation, strength } of dense({ backend: 'webgpu' }).propagate(ids, options)) {
    if (++windows === lostAt) (await openGpu()).device.destroy();
    strength.forEach((s, row) => {
      found.set(perturbation[row]!, [...(found.get(perturbation[row]!) ?? []), s]);
    });
  }
  return found;
}

/** The whole agreement of backends, with networks as deep as they get, is for cards: CRACKLE_TEST_GPU=1. */
describe.skipIf(skip !== undefined)('TensorFlow.js on WebGPU', () => {
  it.each(['tanh', 'erf', 'sin', 'silu'])('has φ(x) to 2e-6 of itself at any size of x: %s', async (name) => {
    expect(await phiError('webgpu', name)).toBeLessThan(2e-6);
  });

  it.each(['tanh', 'gelu', 'sin'])(
    'propagates through dense networks, given or drawn, as the SIMD kernels do, to 2e-5: %s',
    async (name) => {
      const weights = defined();
      const there = await strengths('simd', name, weights);
      for (const here of [await strengths('webgpu', name, weights), await strengths('webgpu', name)]) {
        expect(here).toHaveLength(40);
        here.forEach((s, i) => {
          expect(Math.abs(s / there[i]! - 1)).toBeLessThan(2e-5);
        });
      }
    },
  );

  it('has the law of dense networks on the SIMD kernels, of perturbations alone and of two of a network', async () => {
    const small = { ...ensemble, activation: 'tanh', width: 12, depth: 15, reuse: 2 };
    const [here, there] = await Promise.all(
      (['webgpu', 'simd'] as const).map(async (backend, i) =>
        jointColumns(await engineAvalanches(dense({ backend }), small, 21 + i, 2000), 2),
      ),
    );
    for (const column of ['sum', 'difference', 'largest', 'dead'] as const) {
      expect(kolmogorovTwo(here![column], there![column]), column).toBeLessThan(KOLMOGOROV_1E4);
    }
  });

  it('has how weights are drawn in the arithmetic of what multiplies matrices alone', async () => {
    const [dense, annealed, training] = await Promise.all(
      [{ engine: 'dense' }, { engine: 'annealed' }, {}].map((values) => arithmeticOf({ ...values, backend: 'webgpu' })),
    );
    expect(training).toBe(dense);
    expect(dense).toBe(`${annealed}, ${MATRICES}`);
  });

  it('keeps no memory for weights that it drew', async () => {
    const { tf } = (await chooseBackend('webgpu')).tensors!;
    const taken = async (): Promise<unknown> => {
      await traces(0, 40, 300);
      const { numTensors, numBytesInGPU, numBytesAllocatedInGPU } = tf.memory() as unknown as MemoryOfCard;
      return { numTensors, numBytesInGPU, numBytesAllocatedInGPU };
    };
    await taken();
    const once = await taken();
    for (let i = 0; i < 2; i++) expect(await taken()).toEqual(once);
  });

  it('gives the strengths of dense networks their bits whatever goes through with them', async () => {
    const whole = await traces(0, 40, 5000);
    expect(new Set([...whole.values()].map(({ length }) => length)).size).toBeGreaterThan(1);
    for (const [from, to] of [
      [0, 3],
      [1, 2],
      [5, 40],
    ] as const) {
      for (const [id, trace] of await traces(from, to, 300)) expect(trace, `${id}`).toEqual(whole.get(id));
    }
  });

  it('goes on with dense networks where a device was lost, with what it would have given, and keeps nothing of it', async () => {
    const whole = await traces(0, 40, 100);
    const { tf } = (await chooseBackend('webgpu')).tensors!;
    const { numTensors } = tf.memory();
    const gpu = await openGpu();
    expect(await traces(0, 40, 100, 2)).toEqual(whole);
    expect(await openGpu()).not.toBe(gpu);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('gives the strength of every layer of a residual network as PyTorch does, to 5e-6', async () => {
    const one = reference.cases.find(({ model, stem }) => model === 'resnet-18' && stem === 'imagenet')!;
    const architecture = architectureOf(one);
    const network = (await openResidualBackend('webgpu')).open(architecture, reference.batch);
    setFormulaWeights(network, architecture);
    const all = await network.forward(images(architecture, 0), initialStatistics(architecture));
    layersOf(architecture).forEach((number, l) => {
      const row = one.initial.strengths[l]!;
      const scale = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0) / row.length);
      row.forEach((x, i) => {
        expect(Math.abs(all[(number - 1) * reference.batch + i]! - x)).toBeLessThan(5e-6 * scale);
      });
    });
    network.close();
  });

  it('names an activation that only the user knows', async () => {
    registerActivation({ name: 'twice-tanh', phi: (x) => 2 * Math.tanh(x) });
    await expect(strengths('webgpu', 'twice-tanh')).rejects.toThrow(/no operations for activation 'twice-tanh'/);
  });
});
