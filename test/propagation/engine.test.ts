import { describe, expect, it } from 'vitest';
import { retires } from '../../src/propagation/engine.ts';

describe('retires(floor)', () => {
  const layers = Float32Array.of(0, 0.1, 0.2);

  it('keeps what is at the floor or above it, as float32 has it', () => {
    expect([0.3, Math.fround(0.1), 0.09].map((strength) => retires(0.1)(strength, 1))).toEqual([false, false, true]);
    expect([1, 2].map((layer) => retires(layers)(Math.fround(0.1), layer))).toEqual([false, true]);
  });

  it('ends what is not finite any more, and nothing where there is no floor', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY].map((strength) => retires(layers)(strength, 2))).toEqual([
      true,
      true,
    ]);
    expect([0, Number.NaN].map((strength) => retires(null)(strength, 1))).toEqual([false, false]);
  });
});
