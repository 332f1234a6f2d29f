import { expect } from 'vitest';
import type { Ensemble } from '../../src/network/ensemble.ts';
import type { Engine, EngineOptions } from '../../src/propagation/engine.ts';

export const optionsOf = (ensemble: Ensemble, more: Partial<EngineOptions> = {}): EngineOptions => ({
  ensemble,
  seed: 7,
  observable: 'pre-activation',
  floor: ensemble.inputStrength,
  windowRows: 65_536,
  ...more,
});

export const range = (from: number, to: number): Float64Array =>
  Float64Array.from({ length: to - from }, (_, i) => from + i);

/** Strengths by perturbation; layers have to follow each other from 1. */
export async function traces(
  engine: Engine,
  ids: Float64Array,
  options: EngineOptions,
): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>();
  for await (const { length, perturbation, layer, strength } of engine.propagate(ids, options)) {
    expect(length).toBeLessThanOrEqual(options.windowRows);
    for (let i = 0; i < length; i++) {
      const trace = found.get(Number(perturbation[i])) ?? [];
      expect(layer[i]).toBe(trace.length + 1);
      trace.push(strength[i]!);
      found.set(Number(perturbation[i]), trace);
    }
  }
  return found;
}
