import { describe, expect, it } from 'vitest';
import { inTime } from '../../src/gpu/self-test.ts';

describe('inTime(gpu, work, seconds)', () => {
  const card = () => {
    let destroyed = 0;
    const device = { destroy: () => void destroyed++ } as unknown as GPUDevice;
    return { gpu: { adapter: 'a card', device }, destroyed: () => destroyed };
  };

  it('gives what is computed in time, and what failed as it failed, and leaves the device alone', async () => {
    const { gpu, destroyed } = card();
    expect(await inTime(gpu, Promise.resolve(7), 60)).toBe(7);
    await expect(inTime(gpu, Promise.reject(new Error('it broke')), 60)).rejects.toThrow('it broke');
    expect(destroyed()).toBe(0);
  });

  it('gives the device up where there is no answer, in a sentence that names the card', async () => {
    const { gpu, destroyed } = card();
    await expect(inTime(gpu, new Promise(() => {}), 0.01)).rejects.toThrow('no answer from a card within 0.01 s');
    expect(destroyed()).toBe(1);
  });
});
