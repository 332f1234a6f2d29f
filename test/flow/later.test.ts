import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { later } from '../../src/flow/later.ts';

const day = 86_400; // s

describe('later(seconds, act)', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  for (const days of [1, 24, 24.9, 60, 400]) {
    it(`acts once after ${days} days, and not before`, () => {
      const act = vi.fn();
      later(days * day, act);
      vi.advanceTimersByTime(days * day * 1000 - 1);
      expect(act).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(act).toHaveBeenCalledTimes(1);
      expect(vi.getTimerCount()).toBe(0);
    });
  }

  it('does not act where it is called off, whenever that is', () => {
    const act = vi.fn();
    for (const days of [0, 10, 30]) {
      const callOff = later(60 * day, act);
      vi.advanceTimersByTime(days * day * 1000);
      callOff();
      expect(vi.getTimerCount()).toBe(0);
    }
    expect(act).not.toHaveBeenCalled();
  });
});
