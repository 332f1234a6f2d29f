import erf from '@stdlib/math-base-special-erf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quenchedKernel } from '../../src/kernel/quenched.ts';
import { activation } from '../../src/network/activation.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { annealed } from '../../src/propagation/annealed.ts';
import type { EngineOptions, SignalWindow } from '../../src/propagation/engine.ts';
import { naive } from '../../src/propagation/naive.ts';
import { quenched } from '../../src/propagation/quenched.ts';
import { networkWords, purpose } from '../../src/propagation/quenched-stream.ts';
import { KOLMOGOROV_1E4, kolmogorov, kolmogorovTwo } from '../numeric/random-statistics.ts';
import { engineAvalanches, jointColumns } from './engine-avalanches.ts';

/** Kolmogorov–Smirnov at 1e-4 each, some 40 of them: a false alarm in 0.4 % of fresh seeds. The seeds here are fixed. */
const base: Ensemble = {
  index: 0,
  activation: 'tanh',
  width: 16,
  depth: 40,
  weightVariance: 1 + 1 / 16,
  biasVariance: 0,
  inputStrength: 0.5,
  reuse: 1,
};

const range = (n: number, from = 0) => Array.from({ length: n }, (_, i) => from + i);

interface Row {
  perturbation: number;
  layer: number;
  strength: number;
}

function rowsOf(ensemble: Ensemble, ids: readonly number[], options: Partial<EngineOptions> = {}): Row[] {
  const all = { ensemble, seed: 3, observable: 'pre-activation', floor: null, windowRows: 1000, ...options } as const;
  const rows: Row[] = [];
  for (const window of quenched.propagate(Float64Array.from(ids), all) as Iterable<SignalWindow>) {
    expect(window.length).toBeLessThanOrEqual(all.windowRows);
    for (let r = 0; r < window.length; r++) {
      rows.push({
        perturbation: Number(window.perturbation[r]),
        layer: window.layer[r]!,
        strength: window.strength[r]!,
      });
    }
  }
  return rows;
}

function grouped(rows: readonly Row[], key: (row: Row) => number): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}

const sorted = (rows: readonly Row[]) => rows.toSorted((a, b) => a.perturbation - b.perturbation || a.layer - b.layer);

describe('quenched.propagate has the law of the textbook simulation', () => {
  test.each([
    ['tanh', 1 + 1 / 16, 0],
    ['tanh', 0.9, 0.05],
    ['relu', 2, 0],
    ['relu', 1.7, 0.05],
    ['linear', 1, 0],
    ['silu', 3, 0.01],
  ])(
    'sizes and durations of %s, weight variance %f, bias variance %f, one perturbation a network',
    async (name, weightVariance, biasVariance) => {
      const ensemble = { ...base, activation: name, weightVariance, biasVariance };
      const n = 4000;
      const fast = await engineAvalanches(quenched, ensemble, 11, n);
      const slow = await engineAvalanches(naive, ensemble, 12, n);
      for (const column of ['size', 'duration'] as const) {
        const distance = kolmogorovTwo(
          Float64Array.from(fast, (a) => a[column]),
          Float64Array.from(slow, (a) => a[column]),
        );
        expect(distance, column).toBeLessThan(KOLMOGOROV_1E4);
      }
    },
  );

  test.each([
    ['tanh', 2, 1.2, 0],
    ['tanh', 16, 1.2, 0.1],
    ['relu', 2, 2, 0],
    ['relu', 16, 1.8, 0.05],
    ['gelu', 7, 4, 0],
    ['linear', 40, 1, 0],
  ])(
    'avalanches of %s that share a network, %i at a time, weight variance %f, bias variance %f',
    async (name, reuse, weightVariance, biasVariance) => {
      const ensemble = { ...base, activation: name, weightVariance, biasVariance, reuse, depth: 15 };
      const networks = 1500;
      const fast = jointColumns(await engineAvalanches(quenched, ensemble, 13, networks * reuse), reuse);
      const slow = jointColumns(await engineAvalanches(naive, ensemble, 14, networks * reuse), reuse);
      for (const column of ['sum', 'difference', 'largest', 'dead'] as const) {
        expect(kolmogorovTwo(fast[column], slow[column]), column).toBeLessThan(KOLMOGOROV_1E4);
      }
    },
  );

  test.each([
    ['tanh', 1 + 1 / 128, 0],
    ['gelu', 2, 0.01],
    ['leaky-relu(0.2)', 1.9, 0],
  ])(
    'sizes and durations of %s are those of engine annealed at width 128, weight variance %f, bias variance %f',
    async (name, weightVariance, biasVariance) => {
      const wide = { ...base, activation: name, weightVariance, biasVariance, width: 128, depth: 300 };
      const [one, other] = await Promise.all(
        [annealed, quenched].map((engine, i) => engineAvalanches(engine, wide, i, 10_000)),
      );
      for (const column of ['size', 'duration'] as const) {
        const [a, b] = [one!, other!].map((rows) => Float64Array.from(rows, (row) => row[column]));
        expect(kolmogorovTwo(a!, b!), column).toBeLessThan(KOLMOGOROV_1E4);
      }
    },
  );

  test('avalanches that share a network are told from avalanches that do not', async () => {
    const ensemble = { ...base, activation: 'relu', weightVariance: 1.8, biasVariance: 0.05, depth: 25, reuse: 16 };
    const shared = jointColumns(await engineAvalanches(quenched, ensemble, 15, 4000 * 16), 16);
    const apart = jointColumns(await engineAvalanches(quenched, { ...ensemble, reuse: 1 }, 15, 4000 * 16), 16);
    expect(kolmogorovTwo(shared.dead, apart.dead)).toBeGreaterThan(KOLMOGOROV_1E4);
  });

  test('one linear neuron and one layer give the absolute value of a normal number, tail included', () => {
    const n = 200_000;
    const ensemble = { ...base, activation: 'linear', width: 1, depth: 1, weightVariance: 1, inputStrength: 1 };
    const rows = rowsOf({ ...ensemble, reuse: 50 }, range(5000));
    const single = rowsOf(ensemble, range(n), { windowRows: n });
    // Of 50 that share the one weight, all have its strength.
    for (const network of grouped(rows, (row) => Math.floor(row.perturbation / 50)).values()) {
      for (const row of network) expect(Math.abs(row.strength / network[0]!.strength - 1)).toBeLessThan(1e-6);
    }
    const z = Float64Array.from(single, (row) => row.strength);
    expect(kolmogorov(z, (x) => erf(x / Math.SQRT2))).toBeLessThan(KOLMOGOROV_1E4);
    const expected = n * 6.334248e-5;
    expect(Math.abs(z.filter((x) => x > 4).length - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });
});

describe('quenched.propagate depends on options and ids only', () => {
  const ensemble = { ...base, reuse: 5, biasVariance: 0.01, weightVariance: 1.1 };

  test('however the ids are batched', () => {
    const whole = sorted(rowsOf(ensemble, range(40), { floor: 0.5 }));
    const cuts = fc
      .uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 4 })
      .map((c) => c.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(cuts, fc.integer({ min: 1, max: 90 }), (at, windowRows) => {
        const parts = [...at, 40].map((end, i) => range(end - (i === 0 ? 0 : at[i - 1]!), i === 0 ? 0 : at[i - 1]!));
        const rows = parts.flatMap((ids) => rowsOf(ensemble, ids, { floor: 0.5, windowRows }));
        expect(sorted(rows)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  test('and differs between seeds and ensembles', () => {
    const strengths = (e: Ensemble, seed: number) => rowsOf(e, range(5), { seed }).map((row) => row.strength);
    expect(strengths(ensemble, 3)).toEqual(strengths(ensemble, 3));
    expect(strengths(ensemble, 4)).not.toEqual(strengths(ensemble, 3));
    expect(strengths({ ...ensemble, index: 1 }, 3)).not.toEqual(strengths(ensemble, 3));
  });

  test('rows of a perturbation are layers 1, 2, … without a gap, and end with the first strength below the floor', () => {
    const floor = Float32Array.from(range(ensemble.depth + 1), (l) => 0.3 + 0.005 * l);
    const traces = grouped(sorted(rowsOf(ensemble, range(200), { floor })), (row) => row.perturbation);
    expect(traces.size).toBe(200);
    for (const trace of traces.values()) {
      expect(trace.map((row) => row.layer)).toEqual(range(trace.length, 1));
      for (const row of trace.slice(0, -1)) expect(row.strength).toBeGreaterThanOrEqual(floor[row.layer]!);
      const end = trace.at(-1)!;
      if (end.layer < ensemble.depth) expect(end.strength).toBeLessThan(floor[end.layer]!);
    }
  });

  test('ids beyond 2^32 come back whole', () => {
    const first = 5 * 2 ** 40;
    expect(new Set(rowsOf(ensemble, range(5, first)).map((row) => row.perturbation))).toEqual(new Set(range(5, first)));
  });
});

describe('quenched.propagate refuses', () => {
  test('more perturbations a network than memory holds, naming them', () => {
    expect(() => rowsOf({ ...base, reuse: 50_000 }, [0])).toThrow('engine quenched has no memory for reuse 50000');
  });
});

describe('quenched.propagate keeps its digits', () => {
  const names = ['tanh', 'erf', 'relu', 'leaky-relu(0.1)', 'hard-tanh', 'gelu', 'silu', 'sin', 'linear'];

  test.each(names)('%s in lanes agrees with the same function called back in float64', (name) => {
    for (const [inputStrength, biasVariance] of [
      [1e-3, 0],
      [0.7, 0.1],
      [5, 0.1],
      [40, 0],
    ] as const) {
      const setup = { reuse: 6, width: 100, depth: 3, weightVariance: 1.3, biasVariance, inputStrength, capacity: 60 };
      const strengths = [name, 'called-back'].map((label) => {
        const kernel = quenchedKernel({ ...setup, activation: { ...activation(name), name: label } })!;
        kernel.open(networkWords(1, 0, 0, purpose.quenched));
        kernel.ignite();
        const { length, slot, layer, strength } = kernel.advance();
        const out = new Float64Array(30);
        for (let r = 0; r < length; r++) out[layer[r]! * 6 + slot[r]!] = strength[r]!;
        return out;
      });
      // Pivots may be chosen apart where two are equal to the last digits; 1e-5 is 80 float32 roundings over three layers.
      for (const [i, s] of strengths[0]!.entries())
        expect(Math.abs(s - strengths[1]![i]!)).toBeLessThanOrEqual(1e-5 * s);
    }
  });

  test('strengths of 1e-30 and 1e30 are those of 1 but for the scale, for linear and relu', () => {
    for (const name of ['linear', 'relu', 'leaky-relu(0.1)']) {
      const ensemble = { ...base, activation: name, weightVariance: 1.9, reuse: 6, depth: 15 };
      const strengths = (inputStrength: number) =>
        rowsOf({ ...ensemble, inputStrength }, range(6)).map((r) => r.strength);
      const one = strengths(1);
      for (const scale of [1e-30, 1e30]) {
        for (const [i, s] of strengths(scale).entries()) expect(Math.abs(s / (scale * one[i]!) - 1)).toBeLessThan(1e-6);
      }
    }
  });

  test('tanh at 1e-30 is linear', () => {
    const ensemble = { ...base, weightVariance: 1, reuse: 6, inputStrength: 1e-30, depth: 20 };
    const linear = rowsOf({ ...ensemble, activation: 'linear' }, range(6)).map((row) => row.strength);
    const tanh = rowsOf(ensemble, range(6)).map((row) => row.strength);
    for (const [i, s] of tanh.entries()) expect(Math.abs(s / linear[i]! - 1)).toBeLessThan(1e-5);
  });

  test('a million neurons: strengths stay within five standard errors of the mean-field recursion', () => {
    const ensemble = { ...base, activation: 'linear', width: 1_000_000, depth: 3, weightVariance: 0.5, reuse: 2 };
    for (const { layer, strength } of rowsOf(ensemble, [0, 1])) {
      const expected = 0.5 * Math.sqrt(0.5) ** layer;
      expect(Math.abs(strength / expected - 1)).toBeLessThan(5 * Math.sqrt(layer / 2e6) + 1e-6);
    }
  });

  test('strengths beyond float32 and float64 come out as Infinity, those below as 0', () => {
    const ensemble = { ...base, activation: 'linear', width: 8, depth: 2500, weightVariance: 4, reuse: 3 };
    const high = rowsOf(ensemble, range(3), { windowRows: 10_000 });
    expect(high).toHaveLength(3 * 2500);
    expect(high.filter((row) => row.layer === 2500).map((row) => row.strength)).toEqual([Infinity, Infinity, Infinity]);
    const low = rowsOf({ ...ensemble, weightVariance: 1e-4 }, range(3), { windowRows: 10_000 });
    expect(low).toHaveLength(3 * 2500);
    expect(low.filter((row) => row.layer === 2500).map((row) => row.strength)).toEqual([0, 0, 0]);
  });

  test('post-activation strengths are sqrt(mean φ(h)²): those of relu hold half the energy', () => {
    const ensemble = { ...base, activation: 'relu', width: 4000, depth: 1, weightVariance: 2, reuse: 2 };
    const before = rowsOf(ensemble, [0, 1]);
    const after = rowsOf(ensemble, [0, 1], { observable: 'post-activation' });
    for (const [i, row] of after.entries())
      expect(Math.abs((row.strength / before[i]!.strength) ** 2 - 0.5)).toBeLessThan(0.06);
    const bounded = { ...base, width: 4000, depth: 1, weightVariance: 100, inputStrength: 30, reuse: 2 };
    for (const row of rowsOf(bounded, [0, 1], { observable: 'post-activation' })) {
      expect(row.strength).toBeLessThan(1);
      expect(row.strength).toBeGreaterThan(0.9);
    }
  });
});

describe('the quenched kernel takes collinear inputs', () => {
  /** Inputs as sums of raw ones; every row of coefficients has to have mean square 1 once the raw ones have. */
  function traces(mix: readonly (readonly number[])[], name: string, biasVariance: number) {
    const reuse = mix.length;
    const setup = {
      reuse,
      width: 30,
      depth: 200,
      weightVariance: 1.5,
      biasVariance,
      inputStrength: 1,
      capacity: 200 * reuse,
    };
    const kernel = quenchedKernel({ ...setup, activation: { name, phi: activation(name).phi } })!;
    kernel.open(networkWords(5, 0, 1, purpose.quenched));
    const scale = range(reuse).map((i) => 1 / Math.sqrt(kernel.inputOverlap(i, i)));
    for (const i of range(reuse)) {
      for (const k of range(i + 1)) kernel.mixInput(i, k, (mix[i]![k] ?? 0) * scale[k]!);
    }
    kernel.ignite();
    const { length, slot, layer, strength } = kernel.advance();
    const out = range(reuse).map(() => new Float32Array(200));
    for (let r = 0; r < length; r++) out[slot[r]!]![layer[r]! - 1] = strength[r]!;
    return out;
  }

  test.each([
    ['tanh', 0],
    ['tanh', 0.1],
    ['relu', 0],
    ['relu', 0.1],
    ['gelu', 0.1],
  ])(
    'two identical inputs of %s, bias variance %f, have identical traces, whatever runs beside them',
    (name, biasVariance) => {
      const others = [
        [0, 0, 0, 1],
        [0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0, 1],
        [0.6, 0, 0.8],
        [0, 0, 0, 0, 0, 0, 0, 1],
      ];
      for (const count of [0, 1, 5]) {
        const [first, second, third] = traces([[1], [1], [0, 0, 1], ...others.slice(0, count)], name, biasVariance);
        expect(second).toEqual(first);
        expect(third).not.toEqual(first);
        expect(first!.every((s) => s > 0 && s < 100)).toBe(true);
      }
    },
  );

  test('an input and its negative have the same strengths for odd φ without bias', () => {
    const [first, second] = traces([[1], [-1], [0, 0, 1]], 'tanh', 0);
    expect(second).toEqual(first);
  });

  test('more inputs than neurons stay finite and keep their mean strength', () => {
    const ensemble = {
      ...base,
      activation: 'linear',
      width: 10,
      depth: 1,
      weightVariance: 1,
      reuse: 60,
      inputStrength: 1,
    };
    const rows = rowsOf(ensemble, range(60 * 200), { windowRows: 100_000 });
    const means = [...grouped(rows, (row) => Math.floor(row.perturbation / 60)).values()].map(
      (group) => group.reduce((sum, row) => sum + row.strength ** 2, 0) / group.length,
    );
    const mean = means.reduce((a, b) => a + b) / means.length;
    const deviation = Math.sqrt(means.reduce((sum, m) => sum + (m - mean) ** 2, 0) / (means.length - 1));
    // Mean over 60 inputs of |W x|²/N with x on the sphere: near ‖W‖²/N, variance 2/N² and a little more.
    expect(Math.abs(mean - 1)).toBeLessThan((4 * deviation) / Math.sqrt(means.length));
    expect(deviation).toBeGreaterThan(0.1);
    expect(deviation).toBeLessThan(0.2);
  });
});
