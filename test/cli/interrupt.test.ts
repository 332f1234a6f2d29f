import { afterEach, expect, it, vi } from 'vitest';
import { interruptible } from '../../src/cli/interrupt.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('an interrupt that comes twice at once, as from timeout or npx, is one; a later one ends the process', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const onFirst = vi.fn();
  const { signal, interrupt, release } = interruptible(onFirst);
  interrupt();
  interrupt();
  expect([signal.aborted, onFirst.mock.calls.length, exit.mock.calls]).toEqual([true, 1, []]);
  vi.advanceTimersByTime(1000);
  interrupt();
  expect(exit.mock.calls).toEqual([[130]]);
  release();
});
