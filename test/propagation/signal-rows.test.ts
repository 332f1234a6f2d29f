import { describe, expect, it } from 'vitest';
import { SignalRows } from '../../src/propagation/signal-rows.ts';

/** Windows of so many rows, row i of perturbation 2³² + i in layer i + 1, as copies. */
function windows(rows: SignalRows, count: number) {
  const taken: { perturbation: bigint[]; layer: number[]; strength: number[] }[] = [];
  const take = () => {
    const { length, perturbation, layer, strength } = rows.take();
    expect([perturbation.length, layer.length, strength.length]).toEqual([length, length, length]);
    taken.push({ perturbation: [...perturbation], layer: [...layer], strength: [...strength] });
  };
  for (let i = 0; i < count; i++) {
    rows.push(2 ** 32 + i, i + 1, i / 4);
    if (rows.full) take();
  }
  take();
  return taken;
}

const counted = (first: number, length: number) => Array.from({ length }, (_, i) => first + i);

describe('the rows of a window', () => {
  it.each([false, true])('come as they were pushed, however many it holds (used again: %s)', (recycle) => {
    for (const [capacity, count] of [
      [1, 3],
      [5, 12],
      [2048, 4096],
      [10_000, 25_000],
      [65_536, 3],
    ] as const) {
      const all = windows(new SignalRows(capacity, recycle), count);
      const whole = Math.floor(count / capacity);
      expect(all.map(({ layer }) => layer.length)).toEqual([...Array(whole).fill(capacity), count - whole * capacity]);
      expect(all.flatMap(({ layer }) => layer)).toEqual(counted(1, count));
      expect(all.flatMap(({ strength }) => strength)).toEqual(counted(0, count).map((i) => i / 4));
      expect(all.flatMap(({ perturbation }) => perturbation.map(Number))).toEqual(counted(2 ** 32, count));
    }
  });

  it('that were taken stay as they are, where they are not used again, also after a window without rows', () => {
    const rows = new SignalRows(4);
    expect(rows.take().length).toBe(0);
    rows.push(7, 1, 0.5);
    const before = rows.take();
    expect(rows.take().length).toBe(0);
    rows.push(8, 2, 0.25);
    expect([...before.strength, ...rows.take().strength]).toEqual([0.5, 0.25]);
  });

  it('are refused where more were pushed than it holds', () => {
    for (const [capacity, pushed] of [
      [3, 4],
      [5000, 5001],
    ] as const) {
      const rows = new SignalRows(capacity);
      for (let i = 0; i < pushed; i++) rows.push(i, 1, 1);
      expect(() => rows.take()).toThrow(`pushed ${pushed} rows into a window of ${capacity}`);
    }
  });
});
