import { describe, expect, it } from 'vitest';
import { registerActivation } from '../../src/network/activation.ts';
import { layersOf } from '../../src/network/resnet/architecture.ts';
import { dense } from '../../src/propagation/dense.ts';
import { openResidualBackend } from '../../src/propagation/residual/open.ts';
import {
  architectureOf,
  images,
  initialStatistics,
  reference,
  setFormulaWeights,
} from '../propagation/residual-fixture.ts';
import { withoutGpu } from './adapter.ts';

const skip = await withoutGpu();

const ensemble = {
  index: 0,
  width: 19,
  depth: 4,
  weightVariance: 1.2,
  biasVariance: 0.01,
  inputStrength: 0.5,
  reuse: 5,
};

async function strengths(backend: string, name: string): Promise<number[]> {
  const found: number[] = [];
  const options = { seed: 3, observable: 'pre-activation', floor: null, windowRows: 1000 } as const;
  for await (const { strength } of dense({ backend }).propagate(
    Float64Array.from({ length: 10 }, (_, i) => i),
    {
      ensemble: { ...ensemble, activation: name },
      ...options,
    },
  )) {
    found.push(...strength);
  }
  return found;
}

/** Strengths of each of these perturbations, in several widths of a tile, until they fall below the floor. */
async function traces(from: number, to: number, windowRows: number): Promise<Map<bigint, number[]>> {
  const found = new Map<bigint, number[]>();
  const ids = Float64Array.from({ length: to - from }, (_, i) => from + i);
  const wide = { ...ensemble, index: 2, activation: 'tanh', width: 45, depth: 12, biasVariance: 0.05 };
  const options = { ensemble: wide, seed: 9, observable: 'pre-activation', floor: 0.4, windowRows } as const;
  for await (const { perturbation, strength } of dense({ backend: 'webgpu' }).propagate(ids, options)) {
    strength.forEach((s, row) => {
      found.set(perturbation[row]!, [...(found.get(perturbation[row]!) ?? []), s]);
    });
  }
  return found;
}

/** The whole agreement of backends, with networks as deep as they get, is for cards: CRACKLE_TEST_GPU=1. */
describe.skipIf(skip !== undefined)('TensorFlow.js on WebGPU', () => {
  it.each(['tanh', 'gelu'])('propagates through dense networks as the SIMD kernels do, to 2e-5: %s', async (name) => {
    const [here, there] = [await strengths('webgpu', name), await strengths('simd', name)];
    expect(here).toHaveLength(40);
    here.forEach((s, i) => {
      expect(Math.abs(s / there[i]! - 1)).toBeLessThan(2e-5);
    });
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
