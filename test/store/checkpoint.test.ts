import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadCheckpoint, saveCheckpoint } from '../../src/store/checkpoint.ts';
import { scratchFolder } from './scratch.ts';

it('a checkpoint copies no more of a state than a piece, and brings all of it back', async () => {
  const path = join(scratchFolder(), 'checkpoint');
  const state = Array.from({ length: 500 }, (_, k) => new Float64Array(8000 + k).fill(1 / (k + 1)));
  const before = process.memoryUsage().external;
  await saveCheckpoint(
    path,
    { identity: 'this run', journal: undefined, entries: [state, 'more'] },
    { durable: false },
  );
  // The state has 33 MB.
  expect(process.memoryUsage().external - before).toBeLessThan(2 ** 21);
  const found = await loadCheckpoint(path);
  expect(found).toEqual({ identity: 'this run', journal: undefined, entries: [state, 'more'] });
});
