import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { kernelArithmetic } from '../../src/kernel/variant.ts';
import { arithmeticOf } from '../../src/propagation/arithmetic.ts';
import { temporaryFolder } from '../run/temporary.ts';

const folder = temporaryFolder();

/** A package that says of itself what TensorFlow's native library does: which one loads here is not what this is about. */
function library(version: string, gpu: boolean): void {
  const path = join(folder, `${version}-${gpu}`);
  mkdirSync(path, { recursive: true });
  const backend = `{ binding: { TF_Version: '${version}' }, isUsingGpuDevice: ${gpu} }`;
  writeFileSync(join(path, 'index.js'), `module.exports = { findBackend: () => (${backend}), enableProdMode() {} };`);
  vi.stubEnv('CRACKLE_TFJS_NODE', path);
}

afterEach(() => vi.unstubAllEnvs());

describe('arithmeticOf(values)', () => {
  const kernel = kernelArithmetic();

  it('names the native library where matrices are multiplied by it, asked for or by itself', async () => {
    library('2.9.1', false);
    expect(await arithmeticOf({ engine: 'dense', backend: 'auto' })).toBe(`${kernel}; tensorflow 2.9.1 on CPUs`);
    library('2.9.1', true);
    expect(await arithmeticOf({ backend: 'tensorflow-gpu' })).toBe(`${kernel}; tensorflow 2.9.1 on a GPU`);
  });

  it('is that of the kernels where nothing else computes', async () => {
    library('2.9.1', false);
    for (const values of [
      { engine: 'effective', backend: 'auto' },
      { engine: 'annealed', backend: 'auto' },
      { engine: 'dense', backend: 'simd' },
      { around: 'points.npy', backend: 'auto' },
      {},
    ]) {
      expect(await arithmeticOf(values)).toBe(kernel);
    }
    vi.stubEnv('CRACKLE_TFJS_NODE', join(folder, 'nothing'));
    expect(await arithmeticOf({ engine: 'dense', backend: 'auto' })).toBe(kernel);
    await expect(arithmeticOf({ backend: 'tensorflow-gpu' })).rejects.toThrow("tensorflow-gpu can't be loaded");
  });
});
