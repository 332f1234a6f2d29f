import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nowAndThen } from '../src/garbage.ts';

let cores = 0;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({
    user: 1000 * cores * performance.now(),
    system: 0,
  }));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** How often it collects in so many milliseconds, called once in each, where it takes `took` ms and the process has a share of the cores. */
function collections(milliseconds: number, every: number, { took = 0, had = 1 } = {}): number {
  cores = had * availableParallelism();
  const collect = vi.fn(() => void vi.advanceTimersByTime(took));
  const tidy = nowAndThen(collect, every);
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    vi.advanceTimersByTime(1);
    tidy();
  }
  return collect.mock.calls.length;
}

it('collects as often as it may', () => {
  expect(collections(10_500, 1000)).toBe(10);
});

it('does so by the time that the process has had of the cores', () => {
  expect(collections(10_500, 1000, { had: 0.25 })).toBe(2);
});

it('takes a hundredth of the time at most: more often than not a large heap is left alone', () => {
  // One and a half seconds each, so that two are 150 s from each other.
  expect(collections(310_000, 1000, { took: 1500 })).toBe(3);
});

it('does nothing where V8 gives no collector', () => {
  expect(() => nowAndThen(undefined, 0)()).not.toThrow();
});
