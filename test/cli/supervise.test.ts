import { expect, it } from 'vitest';
import { supervise } from '../../src/cli/supervise.ts';
import { exposeCollector } from '../../src/cli/tune-v8.ts';
import type { Snapshot } from '../../src/run/options.ts';

const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

it('collects what the simulation has left in the main thread as fits begin', async () => {
  exposeCollector();
  const enough = new Error('enough');
  let isLeft: boolean | undefined;
  const run = supervise({ progress: 'none', logLevel: 'error' }, 'a run', async ({ onSnapshot }) => {
    const garbage = new WeakRef(new Array(1000).fill(0));
    await turn();
    onSnapshot!({ stage: 'fitting' } as Snapshot);
    await turn();
    isLeft = garbage.deref() !== undefined;
    throw enough;
  });
  await expect(run).rejects.toBe(enough);
  expect(isLeft).toBe(false);
});
