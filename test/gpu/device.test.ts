import { afterEach, describe, expect, it, vi } from 'vitest';
import { openGpu } from '../../src/gpu/device.ts';
import { withoutGpu } from './adapter.ts';

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
