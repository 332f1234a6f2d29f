import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exposeCollector } from '../../src/cli/tune-v8.ts';
import { zeroCounts } from '../../src/flow/counts.ts';
import type { Executor } from '../../src/flow/executor.ts';
import { threads } from '../../src/flow/pool.ts';

const opened = (pipeline: string, workers: number): Executor => {
  const module = pathToFileURL(resolve(import.meta.dirname, `../fixtures/pipelines/${pipeline}.ts`)).href;
  return threads({ module, values: {}, seed: 1, folder: undefined, record: [], records: [] }, workers);
};
const oneThread = (): Executor => opened('in-parts', 1);
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

describe('threads() that measure ensembles in turn', () => {
  it('give each to one that has measured fewest, if need be after its partition', async () => {
    await using pool = opened('which-thread', 2);
    const partitions = (...milliseconds: readonly number[]) =>
      Promise.all(milliseconds.map((index) => pool.execute({ ensemble: 0, index, first: 0, count: 1 })));
    const inTurn = async (): Promise<unknown> => (await pool.measure!({ ensemble: 0, counts, state: 0 }, true))?.made;
    const parts = (): Promise<unknown[]> =>
      Promise.all([0, 1].map(async (part) => (await pool.measure!({ ensemble: 0, counts, part, state: 0 }))?.made));
    // Until both have started.
    for (let found = await parts(); found[0] === found[1]; found = await parts()) await partitions(10, 10);
    const first = await inTurn();
    const second = await inTurn();
    expect(second).not.toBe(first);
    const third = await inTurn();
    // The thread that is free already gets the first, which it is done with long before.
    const [fourth] = await Promise.all([Promise.resolve().then(inTurn), partitions(1, 500)]);
    expect([third, fourth].sort()).toEqual([first, second].sort());
  });
});

it('threads() collect what partitions have left before they measure for the first time, and not again', async () => {
  exposeCollector();
  await using pool = opened('leaves-garbage', 1);
  const isLeft = async (): Promise<unknown> => {
    await pool.execute({ ensemble: 0, index: 0, first: 0, count: 1 });
    return (await pool.measure!({ ensemble: 0, counts, state: 0 }))?.made;
  };
  expect(await isLeft()).toBe(false);
  expect(await isLeft()).toBe(true);
});
