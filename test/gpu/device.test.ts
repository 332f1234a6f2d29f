import { afterEach, describe, expect, it, vi } from 'vitest';
import { AnnealedGpu } from '../../src/gpu/annealed.ts';
import { openGpu } from '../../src/gpu/device.ts';
import type { Pace } from '../../src/gpu/pace.ts';
import { annealedLaw } from '../../src/propagation/annealed-law.ts';
import { withoutGpu } from './adapter.ts';
import { optionsOf } from './traces.ts';

const skip = await withoutGpu();

describe.skipIf(skip !== undefined)('openGpu (needs an adapter)', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('opens one device for all who ask at once, and one anew once it is lost', async () => {
    const ask = () => Promise.all([openGpu(), openGpu(), openGpu()]);
    const first = await ask();
    expect(new Set(first).size).toBe(1);
    first[0].device.destroy();
    await first[0].device.lost;
    const second = await ask();
    expect(new Set([...first, ...second]).size).toBe(2);
  });

  it('takes the adapter of a name, or says which there are', async () => {
    const { adapter, device } = await openGpu();
    device.destroy();
    const opened = async (name: string) => {
      vi.stubEnv('CRACKLE_ADAPTER', name);
      vi.resetModules();
      return (await import('../../src/gpu/device.ts')).openGpu();
    };
    const { message } = (await opened('no such card').catch((error: unknown) => error)) as Error;
    const [, name] = /finds no adapter 'no such card' \(CRACKLE_ADAPTER\); there are: (\w+)/.exec(message)!;
    const found = await opened(name!);
    expect(found.adapter).toBe(adapter);
    found.device.destroy();
  });
});

describe.skipIf(skip !== undefined)('AnnealedGpu (needs an adapter)', () => {
  const count = 600;
  const plan = { output: 'avalanches', slots: count, leavesOut: false, points: 0, excessProfile: true } as const;
  const law = () => {
    const ensemble = { index: 0, activation: 'tanh', width: 8, depth: 60, weightVariance: 1.1, biasVariance: 0 };
    return annealedLaw(optionsOf({ ...ensemble, inputStrength: 0.05, reuse: 1 }));
  };

  it('leaves its thread idle while an adapter compiles', async () => {
    const gpu = await openGpu();
    const { eventLoopUtilization } = performance;
    const before = eventLoopUtilization();
    const kernel = await new AnnealedGpu(gpu, law(), plan).start();
    expect(eventLoopUtilization(before).utilization).toBeLessThan(0.5);
    kernel.close();
  });

  it('gives dispatches as many perturbations as go on have time, and takes no card for faster for those that have ended', async () => {
    const gpu = await openGpu();
    // So slow that some fifty perturbations have time for two layers.
    const card = { ...gpu, slowest: 3e-5, paces: new Map<string, Pace>() };
    const kernel = await new AnnealedGpu(card, law(), plan).start();
    const [pace] = card.paces.values();
    const learned = vi.spyOn(pace!, 'learn').mockReturnValue();
    const dispatches = async (layers: number, going?: number) => {
      learned.mockClear();
      const left = await kernel.round(count, layers, 'avalanches', going);
      const begun = learned.mock.calls.reduce((sum, [dispatch]) => sum + dispatch.begun, 0);
      return { left, begun, made: learned.mock.calls.length };
    };
    for (let slot = 0; slot < count; slot++) kernel.enter(slot, slot, slot, 1);
    const first = await dispatches(2);
    expect(first).toMatchObject({ made: 12, begun: count });
    const { left } = await dispatches(10, first.left);
    expect(left).toBeLessThan(count / 5);
    const second = await dispatches(2, left);
    expect(second.made).toBeLessThan(1.5 * first.made * (left / count) + 2);
    expect(second.begun).toBe(0);
    kernel.close();
  });
});
