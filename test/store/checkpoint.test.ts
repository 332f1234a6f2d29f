import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadCheckpoint, saveCheckpoint } from '../../src/store/checkpoint.ts';
import { scratchFolder } from './scratch.ts';

const bytes = ({ buffer, byteOffset, byteLength }: Float64Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

it('a checkpoint copies no more of a state than a piece, and brings all of it back', async () => {
  const path = join(scratchFolder(), 'checkpoint');
  const state = Array.from({ length: 500 }, (_, k) => new Float64Array(8000 + k).fill(1 / (k + 1)));
  const before = process.memoryUsage().external;
  await saveCheckpoint(
    path,
    { identity: 'this run', journal: undefined, entries: [state, 'more'] },
    { durable: false },
  );
  // The state has 33 MB, and the piece, of half a megabyte, is freed.
  expect(process.memoryUsage().external - before).toBeLessThan(2 ** 18);
  const { entries, ...found } = (await loadCheckpoint(path))!;
  expect(found).toEqual({ identity: 'this run', journal: undefined });
  expect(entries).toHaveLength(2);
  expect(entries[1]).toBe('more');
  // By bytes: toEqual looks at four million numbers for a quarter of a minute.
  const loaded = entries[0] as Float64Array[];
  expect(loaded.map((array) => array.constructor)).toEqual(state.map(() => Float64Array));
  expect(Buffer.concat(loaded.map(bytes)).equals(Buffer.concat(state.map(bytes)))).toBe(true);
  expect(loaded.map(({ length }) => length)).toEqual(state.map(({ length }) => length));
});
