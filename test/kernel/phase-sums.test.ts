import { describe, expect, it } from 'vitest';
import { createPhaseSums, type PhaseSums } from '../../src/kernel/phase-sums.ts';

const places = 5;
const frequencies = 11;

/** Sums of many traces, for which more room is made on the way. */
function filled(sums: PhaseSums): number[] {
  const table = Float64Array.from({ length: 2 * places * frequencies }, (_, i) => Math.sin(1 + i * i));
  sums.table.set(table);
  const add = (trace: number, place: number, ...excess: number[]): void => {
    sums.excess.set(excess);
    sums.add(trace, place, excess.length);
  };
  for (let step = 0; step < 400; step++) add((step * 7) % 60, step % places, Math.exp(-step / 50));
  for (let step = 0; step < 60; step++) add(step, step % 3, 1 / (2 + step), 0.3, step / 7);
  sums.reserve(3000);
  expect([...sums.table.subarray(0, table.length)]).toEqual([...table]);
  for (let step = 0; step < 400; step++) add(step % 3000, step % places, 1 / (1 + step));
  add(2999, 1, 0.1, 0.2);
  return [...sums.sums.subarray(0, 2 * frequencies * 3000)];
}

describe('sums with phases', () => {
  it('are the same to the last bit in WebAssembly, also after room was made for more traces', () => {
    const plain = filled(createPhaseSums(places, frequencies, 'reference'));
    expect(plain.filter((x) => x !== 0).length).toBeGreaterThan(1000);
    for (const variant of ['simd', 'relaxed-simd'] as const) {
      if (variant === 'relaxed-simd' && !relaxed()) continue;
      expect(filled(createPhaseSums(places, frequencies, variant))).toEqual(plain);
    }
  });
});

/** Whether this engine knows relaxed SIMD. */
function relaxed(): boolean {
  try {
    createPhaseSums(1, 1, 'relaxed-simd');
    return true;
  } catch {
    return false;
  }
}
