import { afterEach, describe, expect, it, vi } from 'vitest';
import { BackendError } from '../../src/error.ts';
import { type Gpu, openGpu } from '../../src/gpu/device.ts';
import { watchBuffers } from '../../src/gpu/patience.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { annealedWebGpu } from '../../src/propagation/annealed-webgpu.ts';
import { dense } from '../../src/propagation/dense.ts';
import type { Engine } from '../../src/propagation/engine.ts';
import { quenchedWebGpu } from '../../src/propagation/quenched-webgpu.ts';
import { withoutGpu } from './adapter.ts';
import { optionsOf, range } from './traces.ts';

const skip = await withoutGpu();
const network: Ensemble = {
  index: 0,
  activation: 'linear',
  width: 8,
  depth: 3,
  weightVariance: 1,
  biasVariance: 0,
  inputStrength: 0.1,
  reuse: 1,
};
const engines: [string, Engine, number][] = [
  ['annealed', annealedWebGpu, 1],
  ['quenched', quenchedWebGpu, 2],
];

/** All that an engine gives of some perturbations. */
async function strengths(engine: Engine, reuse: number): Promise<number[]> {
  const found: number[] = [];
  const options = optionsOf({ ...network, reuse }, { floor: null });
  for await (const { strength } of engine.propagate(range(0, 2), options)) found.push(...strength);
  return found;
}

/** The device makes buffers in another way from now on. */
function otherBuffers({ device }: Gpu, make: (create: GPUDevice['createBuffer']) => GPUDevice['createBuffer']): void {
  device.createBuffer = make(device.createBuffer.bind(device));
}

afterEach(() => void vi.useRealTimers());

describe.skipIf(skip !== undefined)('a card that fails under way (needs an adapter)', () => {
  it.each(engines)(
    'and never answers ends engine %s in a sentence; the next device is another',
    async (_, engine, reuse) => {
      const gpu = await openGpu();
      const asked = new Promise<void>((resolve) => {
        otherBuffers(gpu, (create) => (descriptor) => {
          const never = (): Promise<undefined> => {
            resolve();
            return new Promise(() => {});
          };
          return Object.assign(create(descriptor), { mapAsync: never });
        });
      });
      // As a real card, which is not given all the time.
      watchBuffers(new Proxy(gpu, { get: (of, name) => (name === 'software' ? false : Reflect.get(of, name)) }));
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const ended = strengths(engine, reuse).catch((error: unknown) => error);
      await asked;
      vi.advanceTimersByTime(301_000);
      const error = await ended;
      expect(error).toBeInstanceOf(BackendError);
      expect((error as Error).message).toMatch(/^backend webgpu has no answer from .* within 300 s$/);
      vi.useRealTimers();
      expect(await strengths(engine, reuse)).toHaveLength(2 * network.depth);
    },
  );

  it.each([...engines, ['dense', dense({ backend: 'webgpu' }), 2] as const])(
    'for want of a buffer ends engine %s in a sentence, without strengths',
    async (_, engine, reuse) => {
      const gpu = await openGpu();
      const { maxBufferSize } = gpu.device.limits;
      let refused = 0;
      otherBuffers(gpu, (create) => (descriptor) => {
        // Of storage that is written.
        if ((descriptor.usage & 128) === 0 || ++refused !== 2) return create(descriptor);
        const invalid = create({ ...descriptor, size: 2 * maxBufferSize });
        return Object.defineProperty(invalid, 'size', { value: descriptor.size });
      });
      await expect(strengths(engine, reuse)).rejects.toThrow(/^backend webgpu on .* failed: Buffer size .* exceeds/);
      expect(refused).toBeGreaterThan(1);
    },
  );
});
