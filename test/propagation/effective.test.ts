import gammainc from '@stdlib/math-base-special-gammainc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { registerActivation } from '../../src/network/activation.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { effective, effectiveEngine } from '../../src/propagation/effective.ts';
import type { Engine, EngineOptions, SignalWindow } from '../../src/propagation/engine.ts';
import { oneSample, twoSample } from './two-sample.ts';

const base: Ensemble = {
  index: 0,
  activation: 'tanh',
  width: 64,
  depth: 100,
  weightVariance: 1 + 1 / 64,
  biasVariance: 0,
  inputStrength: 0.0125,
  reuse: 1,
};
const range = (from: number, to: number): Float64Array => Float64Array.from({ length: to - from }, (_, i) => from + i);

interface Rows {
  perturbation: number[];
  layer: number[];
  strength: number[];
  windows: number[];
}

function rowsOf(
  ensemble: Ensemble,
  ids: Float64Array,
  more: Partial<EngineOptions> = {},
  engine: Engine = effective,
): Rows {
  const options: EngineOptions = {
    ensemble,
    seed: 1,
    observable: 'pre-activation',
    floor: ensemble.inputStrength,
    windowRows: 65_536,
    ...more,
  };
  const rows: Rows = { perturbation: [], layer: [], strength: [], windows: [] };
  for (const window of engine.propagate(ids, options) as Iterable<SignalWindow>) {
    rows.windows.push(window.length);
    for (const id of window.perturbation) rows.perturbation.push(Number(id));
    for (const layer of window.layer) rows.layer.push(layer);
    for (const strength of window.strength) rows.strength.push(strength);
  }
  return rows;
}

/** The strengths of some layers of the same traces, full depth. */
function atLayers(ensemble: Ensemble, layers: number[], count: number, seed = 1, engine: Engine = effective) {
  const rows = rowsOf({ ...ensemble, depth: Math.max(...layers) }, range(0, count), { floor: null, seed }, engine);
  return layers.map((layer) => rows.strength.filter((_, i) => rows.layer[i] === layer));
}

const atLayer = (ensemble: Ensemble, layer: number, count: number): number[] => atLayers(ensemble, [layer], count)[0]!;

describe('effective.propagate(perturbations, options)', () => {
  it('gives rows that depend on seed, ensemble and id only, however ids and windows are cut', () => {
    const whole = rowsOf(base, range(0, 60));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 60 }), (windowRows, cut) => {
        const first = rowsOf(base, range(0, cut), { windowRows });
        const second = rowsOf(base, range(cut, 60), { windowRows });
        expect([...first.perturbation, ...second.perturbation]).toEqual(whole.perturbation);
        expect([...first.layer, ...second.layer]).toEqual(whole.layer);
        expect([...first.strength, ...second.strength]).toEqual(whole.strength);
        for (const length of first.windows.slice(0, -1)) expect(length).toBe(windowRows);
      }),
      { seed: 1, numRuns: 40 },
    );
    expect(rowsOf(base, range(0, 60), { seed: 2 }).strength).not.toEqual(whole.strength);
    expect(rowsOf({ ...base, index: 1 }, range(0, 60)).strength).not.toEqual(whole.strength);
  });

  it('starts a window afresh: earlier windows keep their rows', () => {
    const windows = [
      ...(effective.propagate(range(0, 3), {
        ensemble: base,
        seed: 1,
        observable: 'pre-activation',
        floor: null,
        windowRows: 70,
      }) as Iterable<SignalWindow>),
    ];
    expect(windows.map(({ length }) => length)).toEqual([70, 70, 70, 70, 20]);
    expect([...windows[0]!.layer]).toEqual(Array.from({ length: 70 }, (_, i) => i + 1));
    expect([...windows[4]!.perturbation]).toEqual(new Array(20).fill(2n));
  });

  it('retires a perturbation after its first layer below the floor, constant or by layer, and never where it is null', () => {
    const rows = rowsOf(base, range(0, 200));
    rows.strength.forEach((strength, i) => {
      const ended = rows.perturbation[i + 1] !== rows.perturbation[i];
      expect(ended).toBe(strength < Math.fround(base.inputStrength) || rows.layer[i] === base.depth);
    });
    const floor = new Float32Array(base.depth + 1);
    floor[5] = Number.POSITIVE_INFINITY;
    expect(rowsOf(base, range(0, 3), { floor }).layer).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
    expect(rowsOf(base, range(0, 3), { floor: null }).layer).toHaveLength(3 * base.depth);
  });

  it('keeps ids beyond 2³¹ and tells them apart', () => {
    const rows = rowsOf({ ...base, depth: 1 }, Float64Array.from([5, 2 ** 31 + 5, 2 ** 40 + 5]));
    expect(rows.perturbation).toEqual([5, 2 ** 31 + 5, 2 ** 40 + 5]);
    expect(new Set(rows.strength).size).toBe(3);
  });

  it('is χ²_N exactly after one linear layer, for N from 1 to 10⁶ (one-sample KS, false alarm 1e-4 each)', () => {
    for (const [width, biasVariance] of [1, 2, 3, 7, 8, 33, 1000, 1e6].map((n, i) => [n, 0.2 * (i % 2)] as const)) {
      const strengths = atLayer(
        { ...base, activation: 'linear', width, weightVariance: 1.3, biasVariance, inputStrength: 1 },
        1,
        20_000,
      );
      const chi = strengths.map((s) => (s * s * width) / (1.3 + biasVariance) / 2);
      // float32 strengths carry 6e-8, against a standard deviation of √(2/N).
      expect(oneSample(chi, (x) => gammainc(x, width / 2)).p).toBeGreaterThan(1e-4);
    }
  });

  it('drifts by ψ(N/2) − ln(N/2) ≈ −1/N a layer at N = 10⁶ over 2·10⁵ layers (five standard errors)', () => {
    const [width, depth, count] = [1e6, 2e5, 20];
    const ends = atLayer({ ...base, width, depth, weightVariance: 1, inputStrength: 1e-12 }, depth, count);
    const logs = ends.map((s) => 2 * Math.log(s / 1e-12));
    const mean = logs.reduce((sum, x) => sum + x, 0) / count;
    const spread = Math.sqrt((2 * depth) / width);
    expect(Math.abs(mean + depth / width)).toBeLessThan((5 * spread) / Math.sqrt(count));
    const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1);
    expect(variance / spread ** 2).toBeGreaterThan(0.2);
    expect(variance / spread ** 2).toBeLessThan(3);
  });

  it('scales down to strengths of 1e-30 without loss: tanh is linear there, and the random numbers are the same', () => {
    const small = rowsOf({ ...base, inputStrength: 1e-30 }, range(0, 20), { floor: null });
    const larger = rowsOf({ ...base, inputStrength: 1e-10 }, range(0, 20), { floor: null });
    small.strength.forEach((strength, i) => {
      expect(Math.abs((strength / larger.strength[i]!) * 1e20 - 1)).toBeLessThan(1e-6);
    });
  });

  it('streams a trace of 10⁶ layers in windows', () => {
    let [rows, windows] = [0, 0];
    const ensemble = { ...base, width: 1e6, depth: 1e6, weightVariance: 1.5, biasVariance: 0.1 };
    const options: EngineOptions = { ensemble, seed: 1, observable: 'pre-activation', floor: null, windowRows: 65_536 };
    for (const window of effective.propagate(range(0, 1), options) as Iterable<SignalWindow>) {
      windows++;
      expect(window.layer[0]).toBe(rows + 1);
      rows += window.length;
      expect(Number.isFinite(window.strength[window.length - 1])).toBe(true);
    }
    expect([rows, windows]).toEqual([1e6, 16]);
  });

  it('takes any activation at any width, biased or not, and gives finite strengths', () => {
    for (const activation of ['tanh', 'erf', 'hard-tanh', 'linear', 'sin', 'relu', 'leaky-relu(0.1)', 'gelu', 'silu']) {
      // 24 and 12 are tabulated for the tests below, too.
      for (const width of [1, 2, 24, 257]) {
        for (const biasVariance of [0, 0.1]) {
          const rows = rowsOf({ ...base, activation, width, biasVariance, depth: 20 }, range(0, 20), { floor: null });
          expect(rows.strength).toHaveLength(400);
          expect(rows.strength.every((s) => Number.isFinite(s) && s >= 0)).toBe(true);
        }
      }
    }
  });

  it('observes (1/N)Σ φ(h)² where asked to', () => {
    const options = { floor: null, observable: 'post-activation' } as const;
    const linear = { ...base, activation: 'linear' };
    expect(rowsOf(linear, range(0, 5), options).strength).toEqual(
      rowsOf(linear, range(0, 5), { floor: null }).strength,
    );
    const driven = { ...base, inputStrength: 1, biasVariance: 100, depth: 1 };
    expect(rowsOf(driven, range(0, 100), options).strength.every((s) => s > 0.8 && s < 1)).toBe(true);
    const relu = { ...base, activation: 'relu', inputStrength: 1, weightVariance: 2, width: 1000, depth: 1 };
    const ratio = rowsOf(relu, range(0, 2000), options).strength.reduce((sum, s) => sum + s * s, 0) / 2000;
    // E (1/N)Σ relu(h)² = v/2 with v = 2·(1/2); standard error ≈ √(5/N/count).
    expect(Math.abs(ratio - 0.5)).toBeLessThan(5 * Math.sqrt(5 / 1000 / 2000));
  });

  it('refuses reuse above 1 and a width limit that is no integer', () => {
    expect(() => rowsOf({ ...base, reuse: 2 }, range(0, 2))).toThrow(ParameterError);
    expect(() => effectiveEngine({ exactBelow: 0.5 })).toThrow('exactBelow must be an integer of at least 1, got 0.5');
  });
});

registerActivation({ name: 'test-softplus', phi: (x) => Math.log1p(Math.exp(x)) });

describe('effectiveEngine({ exactBelow })', () => {
  const neurons = effectiveEngine({ exactBelow: 1e9 });
  const closed = effectiveEngine({ exactBelow: 1 });

  it.each(['tanh', 'erf', 'hard-tanh', 'sin', 'relu', 'leaky-relu(0.3)', 'gelu', 'silu', 'test-softplus'])(
    'has the law of drawn neurons for %s at N = 24 (KS on layers 2 and 8 of 20,000 traces, false alarm 1e-4 each)',
    (activation) => {
      for (const [weightVariance, biasVariance] of [
        [1.04, 0],
        [3, 0.1],
      ] as const) {
        const ensemble = { ...base, activation, width: 24, weightVariance, biasVariance, inputStrength: 1 };
        const a = atLayers(ensemble, [2, 8], 20_000, 1, closed);
        const b = atLayers(ensemble, [2, 8], 20_000, 2, neurons);
        for (const [l, strengths] of a.entries()) expect(twoSample(strengths, b[l]!).p).toBeGreaterThan(1e-4);
      }
    },
  );
});
