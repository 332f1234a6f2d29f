import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { type Gpu, openGpu } from '../../src/gpu/device.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { checkParameters } from '../../src/parameter.ts';
import { dense } from '../../src/propagation/dense.ts';
import { kindsOf, ownRun } from '../../src/propagation/own-run.ts';
import { checkSameStrengths } from '../../src/propagation/strength-check.ts';
import { tryOwnKernels } from '../../src/run/own-kernels.ts';
import { withoutGpu } from '../gpu/adapter.ts';
import { gaussianFile } from '../trained/gaussian-file.ts';
import { temporaryFolder } from './temporary.ts';

const skip = await withoutGpu();

const folder = temporaryFolder();
const network: Ensemble = {
  index: 0,
  activation: 'tanh',
  width: 8,
  depth: 12,
  weightVariance: 1,
  biasVariance: 0,
  inputStrength: 0.1,
  reuse: 1,
};

/** From now on kernels in which such a text stands are compiled with another in its place. */
function breakKernels({ device }: Gpu, text: string, other: string): () => boolean {
  const create = device.createShaderModule;
  let broken = false;
  onTestFinished(() => void Object.assign(device, { createShaderModule: create }));
  Object.assign(device, {
    createShaderModule: (descriptor: GPUShaderModuleDescriptor) => {
      broken ||= descriptor.code.includes(text);
      return create.call(device, { ...descriptor, code: descriptor.code.replaceAll(text, other) });
    },
  });
  return () => broken;
}

/** What trying a run's kernels comes to: nothing, or a sentence. */
async function tried(
  given: Record<string, unknown>,
  pipeline?: string,
  ensembles?: Ensemble[],
  refused = false,
): Promise<string> {
  let kinds = 0;
  const url = pipeline === undefined ? undefined : pipelineUrl(pipeline);
  const values = url === undefined ? given : checkParameters((await loadPipeline(url)).parameters, given);
  const run = ownRun(values, url, ensembles)!;
  const failure = await tryOwnKernels(await openGpu(), run, () => kinds++).then(
    (untried) => (untried === undefined ? '' : `untried: ${untried}`),
    (error: Error) => error.message,
  );
  expect(kinds > 0).toBe(!refused);
  return failure;
}

describe('ownRun(values, module, ensembles)', () => {
  it('tries what a card computes: by a module, or by ensembles where there is none', () => {
    expect(ownRun({ engine: 'annealed', valid: 7 }, 'file:///a.js')).toEqual({
      module: 'file:///a.js',
      values: { engine: 'annealed', valid: 7 },
    });
    expect(ownRun({ backend: 'webgpu' }, 'file:///a.js')).toBeDefined();
    expect(ownRun({ engine: 'effective' }, 'file:///a.js')).toBeUndefined();
    expect(ownRun({ engine: 'annealed', observable: 'post-activation', valid: 7 }, undefined, [network])).toEqual({
      ensembles: [network],
      values: { engine: 'annealed', observable: 'post-activation' },
    });
    expect(ownRun({}, undefined, [network])).toBeUndefined();
    expect(ownRun({ engine: 'annealed' }, undefined)).toBeUndefined();
  });

  it('takes one ensemble of each kind, none of null models and processes', () => {
    const others: Ensemble[] = [
      { ...network, index: 1, weightVariance: 1.1 },
      { ...network, index: 2, activation: 'relu' },
      { ...network, index: 3, width: 9, surrogate: { kind: 'shuffled', of: 0 } },
      { ...network, index: 4, width: 10, process: { name: 'walk', parameters: {} } },
      { ...network, index: 5, model: 'resnet-18' },
    ];
    expect(kindsOf([network, ...others])).toEqual([0, 2, 5]);
  });
});

describe.skipIf(skip !== undefined)('tryOwnKernels(gpu, run, told) (needs an adapter)', () => {
  const strength = 'let s = sqrt(v.m * mean)';

  it('of a pipeline that lives in no module follows its ensembles', async () => {
    const values = { engine: 'annealed' };
    expect(await tried(values, undefined, [{ ...network, activation: 'erf' }])).toBe('');
    const broken = breakKernels(await openGpu(), strength, 'let s = 0.5 * sqrt(v.m * mean)');
    expect(await tried(values, undefined, [{ ...network, activation: 'gelu' }])).toMatch(
      /computes wrongly on .*: a mean strength of 0\.0\d+ in place of 0\.0\d+ behind layer 1 of networks of 8 neurons with gelu/,
    );
    expect(broken()).toBe(true);
  });

  it('of engine dense holds strengths of its own activation against the law', async () => {
    const values = (activation: string) => ({
      engine: 'dense',
      backend: 'webgpu',
      widths: [64],
      depth: 12,
      reuse: 4,
      valid: 10,
      activation,
    });
    const broken = breakKernels(await openGpu(), 'let absA = abs(a);', 'let absA = 8.0 + abs(a);');
    expect(await tried(values('tanh'), 'gaussian-avalanches')).toBe('');
    expect(broken()).toBe(false);
    expect(await tried(values('gelu'), 'gaussian-avalanches')).toMatch(
      /computes wrongly on .*: a mean strength of .* in place of .* behind layer \d of networks of 64 neurons with gelu/,
    );
    expect(broken()).toBe(true);
  });
});

describe.skipIf(skip !== undefined)('tryOwnKernels(gpu, run, told) of trainings (needs an adapter)', () => {
  // TensorFlow.js keeps what it has compiled as long as its device.
  const another = async (): Promise<void> => (await openGpu()).device.destroy();
  const training = (activation: string) => ({ backend: 'webgpu', width: 24, weightVariances: [1.5], activation });

  it('holds a step against processors, backwards, too', async () => {
    await another();
    onTestFinished(another);
    expect(await tried(training('tanh'), 'trainability')).toBe('');
    await another();
    const broken = breakKernels(await openGpu(), 'return a * a;', 'return 0.9 * a * a;');
    expect(await tried(training('tanh'), 'trainability')).toMatch(
      /computes wrongly on .*: weights of layer 1 are off by .* of what a step moves them in training of networks of 24 neurons with tanh/,
    );
    expect(broken()).toBe(true);
  });

  it('says why it can not, where the run itself will be refused', async () => {
    expect(await tried(training('gelu'), 'trainability', undefined, true)).toMatch(
      /^untried: backend webgpu has no operations for activation 'gelu'/,
    );
  });
});

describe.skipIf(skip !== undefined)('tryOwnKernels(gpu, run, told) of trained networks (needs an adapter)', () => {
  it('holds layers of each shape against processors, and what goes on when others have ended', async () => {
    const weights = [gaussianFile(24, 9, 1, 11, join(folder, 'net.safetensors'))];
    const of = (activation: string) => ({ backend: 'webgpu', weights, activation, controls: ['none'] });
    expect(await tried(of('tanh'), 'trained-avalanches')).toBe('');
    const broken = breakKernels(await openGpu(), 'let absA = abs(a);', 'let absA = 8.0 + abs(a);');
    expect(await tried(of('gelu'), 'trained-avalanches')).toMatch(
      /computes wrongly on .*: a strength of .* in place of .* behind layer 1 of layers 1 to 3 of net$/,
    );
    expect(broken()).toBe(true);
  });
});

describe('checkSameStrengths(card, here, count, options, of)', () => {
  it('names the first strength that differs', async () => {
    const { width } = network;
    const by = (factor: number) => {
      const kernel = Float32Array.from({ length: width ** 2 }, (_, i) => (factor * ((7 * i) % 5)) / width);
      return dense({ backend: 'simd', weights: [{ inWidth: width, outWidth: width, kernel }] });
    };
    const ensemble = { ...network, depth: 1, reuse: 3 };
    const options = { ensemble, seed: 1, observable: 'pre-activation', floor: null, windowRows: 100 } as const;
    const of = { what: 'a network', adapter: 'a card' };
    await checkSameStrengths(by(1.001), by(1), 3, options, of);
    await expect(checkSameStrengths(by(1.01), by(1), 3, options, of)).rejects.toThrow(
      /^backend webgpu computes wrongly on a card: a strength of .* in place of .* behind layer 1 of a network$/,
    );
  });
});
