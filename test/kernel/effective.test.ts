import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { effective } from '../../src/propagation/effective.ts';
import type { EngineOptions, SignalWindow } from '../../src/propagation/engine.ts';

const depth = 60;
const ids = Float64Array.from({ length: 150 }, (_, i) => i * 2 ** 26 + i);

function ensembleOf(activation: string, width: number, biasVariance: number, weightVariance: number): Ensemble {
  return { index: 3, activation, width, depth, weightVariance, biasVariance, inputStrength: 0.02, reuse: 1 };
}

/** Rows and a hash of all their bytes. */
function dataOf(variant: string, ensemble: Ensemble, more: Partial<EngineOptions>): string {
  vi.stubEnv('CRACKLE_KERNEL', variant);
  const options: EngineOptions = {
    ensemble,
    seed: 12_345_678_901,
    observable: 'pre-activation',
    floor: null,
    windowRows: 1000,
    ...more,
  };
  const hash = createHash('sha256');
  let rows = 0;
  for (const window of effective.propagate(ids, options) as Iterable<SignalWindow>) {
    rows += window.length;
    for (const { buffer, byteOffset, byteLength } of [window.perturbation, window.layer, window.strength]) {
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return `${rows} ${hash.digest('hex')}`;
}

const floors = new Float32Array(depth + 1).fill(0.01);
const settings: [string, Partial<EngineOptions>, number][] = [
  ['a constant floor', { floor: 0.02 }, 0],
  ['a floor by layer, post-activation, biased', { floor: floors, observable: 'post-activation' }, 0.05],
  ['full depth', { floor: null }, 0],
];

describe('the effective kernel', () => {
  beforeEach(() => void vi.unstubAllEnvs());
  afterEach(() => void vi.unstubAllEnvs());

  it.each(['linear', 'tanh', 'erf', 'sin', 'hard-tanh', 'relu', 'leaky-relu(0.1)', 'gelu', 'silu'])(
    'draws the bits of the plain laws for %s, narrow and wide, at every kind of floor',
    (name) => {
      const critical = /relu|gelu|silu/.test(name) ? 2 : 1;
      for (const width of name === 'tanh' || name === 'gelu' ? [33, 512, 100_000] : [8, 33]) {
        for (const [what, more, bias] of settings) {
          const ensemble = ensembleOf(name, width, bias, critical * 1.02);
          const plain = dataOf('reference', ensemble, more);
          expect(dataOf('simd', ensemble, more), `N = ${width}, ${what}`).toBe(plain);
        }
      }
    },
  );

  it('draws them far beyond the ends of its tables, too, and passes on what overflows', () => {
    for (const [name, variance] of [
      ['tanh', 1e-9],
      ['linear', 1e-3],
      ['linear', 1e12],
      ['gelu', 1e-6],
      ['relu', 1e9],
    ] as const) {
      const ensemble = ensembleOf(name, 64, 0, variance);
      const plain = dataOf('reference', ensemble, { floor: null });
      expect(dataOf('simd', ensemble, { floor: null }), `${name}, ${variance}`).toBe(plain);
    }
  });

  it('depends on no earlier partition that it served', () => {
    const ensemble = ensembleOf('tanh', 64, 0, 1.02);
    const first = dataOf('simd', ensemble, { floor: 0.02 });
    expect(dataOf('simd', ensemble, { floor: 0.02, seed: 2 })).not.toBe(first);
    expect(dataOf('simd', { ...ensemble, index: 4 }, { floor: 0.02 })).not.toBe(first);
    expect(dataOf('simd', { ...ensemble, width: 65 }, { floor: 0.02 })).not.toBe(first);
    expect(dataOf('simd', ensemble, { floor: 0.02 })).toBe(first);
  });
});
