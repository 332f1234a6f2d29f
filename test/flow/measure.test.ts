import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { zeroCounts } from '../../src/flow/counts.ts';
import type { Executor } from '../../src/flow/executor.ts';
import { threads } from '../../src/flow/pool.ts';

const module = pathToFileURL(resolve(import.meta.dirname, '../fixtures/pipelines/in-parts.ts')).href;
const oneThread = (): Executor =>
  threads({ module, values: {}, seed: 1, folder: undefined, record: [], records: [] }, 1);
const counts = zeroCounts();

describe('threads() that measure ensembles in parts', () => {
  it('takes no part for that of another ensemble where one came to no result', async () => {
    await using pool = oneThread();
    const part = async (ensemble: number, state: number, number: number): Promise<unknown> =>
      (await pool.measure!({ ensemble, counts, part: number, state }))?.made;
    expect(await part(0, 4, 0)).toBe(40);
    expect(await part(0, 4, 1)).toBe(41);
    expect(await part(1, -1, 0)).toBeUndefined();
    expect(await part(1, -1, 1)).toBeUndefined();
    expect(await part(0, 4, 2)).toBe(42);
  });

  it('leaves to who asked what doesn’t cross threads, and goes on', async () => {
    await using pool = oneThread();
    const states: unknown[] = [1, () => 1, 2];
    const asked = states.map((state) => pool.measure!({ ensemble: 0, counts, state }));
    expect((await Promise.all(asked)).map((one) => one?.made)).toEqual([10, undefined, 20]);
  });
});
