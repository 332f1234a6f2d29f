import { describe, expect, it, vi } from 'vitest';
import { type Gpu, openGpu } from '../../src/gpu/device.ts';
import { inTime } from '../../src/gpu/patience.ts';
import { trusted } from '../../src/gpu/self-test.ts';
import { withoutGpu } from './adapter.ts';

const skip = await withoutGpu();
const lanes = skip === undefined ? (await openGpu()).subgroup : 1;

describe('inTime(gpu, what, work, seconds)', () => {
  const card = (): Pick<Gpu, 'adapter' | 'lost'> => ({ adapter: 'a card', lost: undefined });

  it('gives what is computed in time, and what failed as it failed, and leaves the device alone', async () => {
    const gpu = card();
    expect(await inTime(gpu, 'answer', () => Promise.resolve(7), 60)).toBe(7);
    await expect(inTime(gpu, 'answer', () => Promise.reject(new Error('it broke')), 60)).rejects.toThrow('it broke');
    expect(gpu.lost).toBeUndefined();
  });

  it('gives the device up where there is no answer, in a sentence that names the card', async () => {
    const gpu = card();
    await expect(inTime(gpu, 'answer', () => new Promise(() => {}), 0.01)).rejects.toThrow(
      'no answer from a card within 0.01 s',
    );
    expect(gpu.lost).toContain('a card');
  });

  it('waits longer for a compiler than for an answer, and says which of them it was', async () => {
    vi.useFakeTimers();
    try {
      const gpu = card();
      const compiled = inTime(gpu, 'compile', () => new Promise(() => {}));
      const said = expect(compiled).rejects.toThrow('the driver of a card has not compiled a kernel');
      vi.advanceTimersByTime(120_000);
      expect(gpu.lost).toBeUndefined();
      vi.advanceTimersByTime(200_000);
      await said;
      expect(gpu.lost).toContain('a card');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe.skipIf(lanes === 1)('trusted(gpu) (needs an adapter with subgroups)', () => {
  it('adds without subgroups on a device of its own where kernels with them are never compiled, for all who ask', async () => {
    const card = Object.assign(await openGpu(), { software: false });
    const { device } = card;
    const { createShaderModule, createComputePipelineAsync } = device;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let withSubgroups = false;
      const asked = new Promise<void>((compiles) => {
        Object.assign(device, {
          createShaderModule: (descriptor: GPUShaderModuleDescriptor) => {
            withSubgroups = descriptor.code.includes('enable subgroups');
            return createShaderModule.call(device, descriptor);
          },
          createComputePipelineAsync: (descriptor: GPUComputePipelineDescriptor) => {
            if (!withSubgroups) return createComputePipelineAsync.call(device, descriptor);
            compiles();
            return new Promise(() => {});
          },
        });
      });
      const all = Promise.all([trusted(card), trusted(card)]);
      await asked;
      await new Promise(setImmediate);
      vi.advanceTimersByTime(301_000);
      const [first, second] = await all;
      expect(first).toBe(second);
      expect(first.device).not.toBe(device);
      expect(first.subgroup).toBe(1);
      expect(first.device.features.has('subgroups')).toBe(false);
      expect(card.lost).toBeDefined();
    } finally {
      vi.useRealTimers();
    }
  });
});
