import gammainc from '@stdlib/math-base-special-gammainc';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { registerActivation } from '../../src/network/activation.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { annealed } from '../../src/propagation/annealed.ts';
import type { Engine, EngineOptions, SignalWindow } from '../../src/propagation/engine.ts';
import { naive } from '../../src/propagation/naive.ts';
import { correlation, KOLMOGOROV_1E4, kolmogorov, kolmogorovTwo, NORMAL_1E4 } from '../numeric/random-statistics.ts';

function optionsOf(ensemble: Partial<Ensemble>, more: Partial<EngineOptions> = {}): EngineOptions {
  return {
    ensemble: {
      index: 3,
      activation: 'tanh',
      width: 16,
      depth: 10,
      weightVariance: 1.1,
      biasVariance: 0,
      inputStrength: 0.5,
      reuse: 1,
      ...ensemble,
    },
    seed: 2025,
    observable: 'pre-activation',
    floor: null,
    windowRows: 4096,
    ...more,
  };
}

const ids = (count: number, first = 0): Float64Array => Float64Array.from({ length: count }, (_, i) => first + i);

function windows(perturbations: Float64Array, options: EngineOptions, engine: Engine = annealed): SignalWindow[] {
  return [...(engine.propagate(perturbations, options) as Iterable<SignalWindow>)];
}

/** Rows as text, so that bits can be compared. */
function rows(perturbations: Float64Array, options: EngineOptions): string[] {
  return windows(perturbations, options).flatMap((w) =>
    Array.from(w.strength, (s, i) => `${w.perturbation[i]} ${w.layer[i]} ${s}`),
  );
}

/** Strengths at one layer, one a perturbation, at full depth. */
function strengths(count: number, layer: number, options: EngineOptions, engine: Engine = annealed): Float64Array {
  const all = windows(ids(count), options, engine).flatMap((w) =>
    [...w.strength].filter((_, i) => w.layer[i] === layer),
  );
  expect(all.length).toBe(count);
  return Float64Array.from(all);
}

// Seeded. Under a fresh seed each statistical check has a false-alarm rate of 1e-4.
describe('annealed', () => {
  it.each([
    [1, 0],
    [2, 0],
    [3, 0],
    [16, 0],
    [65, 0],
    [1, 0.2],
    [16, 0.2],
  ])(
    'has the exact χ² chain with φ linear, N·s²/(σw²·s² + σb²) of the layer before, N = %d, σb² = %f',
    (width, biasVariance) => {
      const options = optionsOf({ activation: 'linear', width, depth: 8, weightVariance: 0.9, biasVariance });
      const count = 20_000;
      let before: Float64Array = new Float64Array(count).fill(0.5);
      let earlier: Float64Array | undefined;
      for (let layer = 1; layer <= 3; layer++) {
        const s = strengths(count, layer, options);
        const chi = s.map((x, i) => (x ** 2 * width) / (0.9 * before[i]! ** 2 + biasVariance));
        expect(kolmogorov(chi, (x) => gammainc(x / 2, width / 2))).toBeLessThan(KOLMOGOROV_1E4);
        const u = chi.map((x) => gammainc(x / 2, width / 2));
        expect(Math.abs(correlation(u.subarray(1), u.subarray(0, count - 1)))).toBeLessThan(NORMAL_1E4);
        if (earlier !== undefined) expect(Math.abs(correlation(u, earlier))).toBeLessThan(NORMAL_1E4);
        earlier = u;
        before = s;
      }
    },
  );

  const cases: [string, Partial<Ensemble>, EngineOptions['observable']][] = [
    ['tanh', { activation: 'tanh', weightVariance: 1.5 }, 'pre-activation'],
    ['tanh with bias', { activation: 'tanh', biasVariance: 0.2, inputStrength: 3 }, 'pre-activation'],
    ['tanh at small signal', { activation: 'tanh', inputStrength: 0.01 }, 'pre-activation'],
    ['tanh, one neuron', { activation: 'tanh', width: 1, weightVariance: 2 }, 'pre-activation'],
    ['tanh, three neurons, post-activation', { activation: 'tanh', width: 3, weightVariance: 2 }, 'post-activation'],
    ['relu with bias', { activation: 'relu', weightVariance: 2, biasVariance: 0.1 }, 'pre-activation'],
    ['relu, three neurons', { activation: 'relu', width: 3, weightVariance: 2, biasVariance: 0.1 }, 'post-activation'],
    ['leaky-relu', { activation: 'leaky-relu(0.3)', weightVariance: 2 }, 'pre-activation'],
    ['gelu', { activation: 'gelu', weightVariance: 3, biasVariance: 0.1, width: 7 }, 'pre-activation'],
    ['silu', { activation: 'silu', weightVariance: 3, biasVariance: 0.1 }, 'post-activation'],
    ['sin', { activation: 'sin', weightVariance: 4 }, 'pre-activation'],
    ['erf', { activation: 'erf', weightVariance: 2 }, 'pre-activation'],
    ['hard-tanh', { activation: 'hard-tanh', weightVariance: 2 }, 'pre-activation'],
  ];
  it.each(cases)('has the law of a dense simulation: %s', (_, ensemble, observable) => {
    const options = optionsOf({ depth: 4, ...ensemble }, { observable });
    const count = 3000;
    expect(kolmogorovTwo(strengths(count, 4, options), strengths(count, 4, options, naive))).toBeLessThan(
      KOLMOGOROV_1E4,
    );
  });

  it('takes a registered activation with φ(0) ≠ 0, odd or even', () => {
    registerActivation({ name: 'shifted', phi: (x) => Math.tanh(x + 0.5) });
    registerActivation({ name: 'cosine-wave', phi: Math.cos, evenSquare: true });
    for (const name of ['shifted', 'cosine-wave']) {
      const options = optionsOf({ activation: name, depth: 3, width: 7 });
      expect(kolmogorovTwo(strengths(1500, 3, options), strengths(1500, 3, options, naive))).toBeLessThan(
        KOLMOGOROV_1E4,
      );
    }
  });

  it('has the signal strength s0 at layer 0 exactly: relu and tanh see h⁰ of fixed norm', () => {
    // For N = 1 layer 1 is N(0, σw²·φ(±s0)²): |h| / (√σw²·tanh s0) is the size of a standard normal.
    const options = optionsOf({ width: 1, depth: 1, inputStrength: 0.7, weightVariance: 1.3 });
    const z = strengths(20_000, 1, options).map((s) => s ** 2 / (1.3 * Math.tanh(0.7) ** 2));
    expect(kolmogorov(z, (x) => gammainc(x / 2, 0.5))).toBeLessThan(KOLMOGOROV_1E4);
  });

  it('gives the same rows for any batching of the perturbations and any window', () => {
    const floor = 0.4;
    const whole = rows(ids(60, 1000), optionsOf({}, { floor }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 60 }), (windowRows, cut) => {
        const all = ids(60, 1000);
        const options = optionsOf({}, { floor, windowRows });
        expect([...rows(all.subarray(0, cut), options), ...rows(all.subarray(cut), options)]).toEqual(whole);
      }),
      { numRuns: 25, seed: 5 },
    );
  });

  it('fills windows with up to windowRows rows in arrays of their own', () => {
    const all = windows(ids(30), optionsOf({}, { windowRows: 64 }));
    expect(all.map((w) => w.length)).toEqual([64, 64, 64, 64, 44]);
    expect(new Set(all.map((w) => w.strength.buffer)).size).toBe(all.length);
    for (const w of all)
      expect([w.perturbation.length, w.layer.length, w.strength.length]).toEqual([w.length, w.length, w.length]);
  });

  it('goes on within a trace, so that a window may be shorter than the depth', () => {
    const deep = windows(ids(1), optionsOf({ depth: 1000 }, { windowRows: 300 }));
    expect(deep.flatMap((w) => [...w.layer])).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
  });

  it('retires a perturbation after its first layer below the floor', () => {
    const table = new Float32Array(11).fill(0.45);
    table[2] = 0;
    for (const floor of [0.45, table]) {
      const free = new Map<bigint, number[]>();
      for (const w of windows(ids(300), optionsOf({}))) {
        w.strength.forEach((s, i) => {
          free.set(w.perturbation[i]!, [...(free.get(w.perturbation[i]!) ?? []), s]);
        });
      }
      const expected = [...free].flatMap(([id, s]) => {
        const last = s.findIndex((x, i) => x < (typeof floor === 'number' ? Math.fround(floor) : floor[i + 1]!));
        return s.slice(0, last < 0 ? s.length : last + 1).map((x, i) => `${id} ${i + 1} ${x}`);
      });
      expect(rows(ids(300), optionsOf({}, { floor }))).toEqual(expected);
    }
  });

  it('has other rows for another seed, ensemble or perturbation', () => {
    const first = rows(ids(1), optionsOf({ depth: 3 }));
    const others = [
      rows(ids(1), optionsOf({ depth: 3 }, { seed: 2026 })),
      rows(ids(1), optionsOf({ depth: 3, index: 4 })),
      rows(ids(1, 1), optionsOf({ depth: 3 })),
      rows(ids(1, 2 ** 32), optionsOf({ depth: 3 })),
    ];
    const strength = (list: string[]): string => list.map((row) => row.split(' ')[2]).join();
    expect(new Set([first, ...others].map(strength)).size).toBe(5);
  });

  it('refuses reuse beyond 1, an unknown activation, a floor of the wrong length and empty windows', () => {
    expect(() => windows(ids(1), optionsOf({}, { windowRows: 0 }))).toThrow(
      'windowRows must be a positive integer, got 0',
    );
    expect(() => windows(ids(1), optionsOf({ reuse: 4 }))).toThrow(ParameterError);
    expect(() => windows(ids(1), optionsOf({ reuse: 4 }))).toThrow('reuse must be 1, got 4');
    expect(() => windows(ids(1), optionsOf({ activation: 'unheard-of' }))).toThrow("unknown activation 'unheard-of'");
    expect(() => windows(ids(1), optionsOf({}, { floor: new Float32Array(4) }))).toThrow(
      'depth + 1 = 11 values, got 4',
    );
  });

  it('has nothing to say of no perturbations', () => {
    expect(windows(ids(0), optionsOf({}))).toEqual([]);
  });
});
