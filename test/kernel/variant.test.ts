import { afterEach, describe, expect, it, vi } from 'vitest';
import { BackendError, ParameterError } from '../../src/error.ts';
import { type AnnealedSetup, createAnnealedKernel } from '../../src/kernel/annealed.ts';
import { createReference } from '../../src/kernel/annealed-reference.ts';
import { instantiate } from '../../src/kernel/load.ts';
import { kernelVariant } from '../../src/kernel/variant.ts';
import { activation } from '../../src/network/activation.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const setup: AnnealedSetup = {
  activation: activation('tanh'),
  width: 20,
  depth: 30,
  weightVariance: 1.2,
  biasVariance: 0,
  inputStrength: 0.1,
  postActivation: false,
  floor: null,
  seed: 1,
  ensemble: 0,
  capacity: 30,
  batch: 1,
};

describe('kernelVariant', () => {
  it('is relaxed SIMD from Node 22 on, plain SIMD before', () => {
    vi.stubEnv('CRACKLE_KERNEL', '');
    const major = Number(process.versions.node.split('.')[0]);
    const flagged = process.execArgv.includes('--experimental-wasm-relaxed-simd');
    expect(kernelVariant()).toBe(major >= 22 || flagged ? 'relaxed-simd' : 'simd');
  });

  it('is what CRACKLE_KERNEL says', () => {
    for (const name of ['simd', 'reference']) {
      vi.stubEnv('CRACKLE_KERNEL', name);
      expect(kernelVariant()).toBe(name);
    }
    const kernel = createAnnealedKernel(setup);
    const reference = createReference(setup);
    kernel.start(Float64Array.of(0));
    reference.start(Float64Array.of(0));
    expect(kernel.run().strength).toEqual(reference.run().strength);
  });

  it('refuses an unknown name, and relaxed SIMD where Node has none', () => {
    vi.stubEnv('CRACKLE_KERNEL', 'avx');
    expect(() => kernelVariant()).toThrow(ParameterError);
    expect(() => kernelVariant()).toThrow("CRACKLE_KERNEL must be one of relaxed-simd, simd, reference, got 'avx'");
    vi.stubEnv('CRACKLE_KERNEL', '');
    const relaxed = kernelVariant() === 'relaxed-simd';
    vi.stubEnv('CRACKLE_KERNEL', 'relaxed-simd');
    if (relaxed) expect(kernelVariant()).toBe('relaxed-simd');
    else expect(() => kernelVariant()).toThrow(BackendError);
  });
});

describe('instantiate', () => {
  it('says how to build a kernel that is missing', () => {
    expect(() => instantiate('nonesuch')).toThrow(BackendError);
    expect(() => instantiate('nonesuch')).toThrow(/nonesuch.*\.wasm is missing; build it with `npm run build`/);
  });

  it('gives every instance a memory of its own', () => {
    const memories = [1, 2].map(() => (instantiate('annealed') as { memory: { buffer: ArrayBuffer } }).memory.buffer);
    expect(memories[0]).not.toBe(memories[1]);
  });
});
