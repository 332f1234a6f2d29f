import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { threadCount } from '../src/thread-count.ts';

it('starts as many threads as are asked for, but no more than four a core, and says so', () => {
  const cores = availableParallelism();
  const said: string[] = [];
  const count = (asked?: number): number => threadCount(asked, (text) => said.push(text));
  expect([count(), count(1), count(4 * cores)]).toEqual([cores, 1, 4 * cores]);
  expect(said).toEqual([]);
  expect(count(100 * cores)).toBe(4 * cores);
  expect(said).toEqual([expect.stringContaining(`more than ${4 * cores} gain nothing on ${cores} cores`)]);
});
