import { describe, expect, it } from 'vitest';
import type { Ensemble } from '../../src/network/ensemble.ts';
import type { Engine } from '../../src/propagation/engine.ts';
import { quenched } from '../../src/propagation/quenched.ts';
import { quenchedWebGpu } from '../../src/propagation/quenched-webgpu.ts';
import { twoSample } from '../propagation/two-sample.ts';
import { withoutGpu } from './adapter.ts';
import { roads, sharedLaw } from './shared-law.ts';

/** Some 25 tests at 1e-4 each: a false alarm in 0.3 % of fresh seeds. The seeds here are fixed. */
const skip = await withoutGpu();
const falseAlarm = 1e-4;

const base: Ensemble = {
  index: 0,
  activation: 'tanh',
  width: 16,
  depth: 30,
  weightVariance: 1.1,
  biasVariance: 0,
  inputStrength: 0.5,
  reuse: 8,
};

/** Perturbations of six networks. */
const few = 6 * base.reuse;

/** Strengths of every layer, [network][perturbation][layer - 1]; nobody ends. */
async function strengths(engine: Engine, ensemble: Ensemble, networks: number, seed: number): Promise<number[][][]> {
  const { reuse } = ensemble;
  const found = Array.from({ length: networks }, () => Array.from({ length: reuse }, () => [] as number[]));
  const ids = Float64Array.from({ length: networks * reuse }, (_, i) => i);
  const options = { ensemble, seed, observable: 'pre-activation', floor: 0, windowRows: 10_000 } as const;
  for await (const { length, perturbation, strength } of engine.propagate(ids, options)) {
    for (let i = 0; i < length; i++) {
      const id = Number(perturbation[i]);
      found[Math.floor(id / reuse)]![id % reuse]!.push(strength[i]!);
    }
  }
  return found;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const error = (values: readonly number[]): number => {
  const m = mean(values);
  return Math.sqrt(mean(values.map((x) => (x - m) ** 2)) / values.length);
};

/** Products of deviations of two perturbations from their common mean: one a network, whose mean is their covariance. */
function products(rows: readonly number[][][], layer: number, of: (s: number) => number): number[] {
  const all = rows.flatMap((network) => network.map((trace) => of(trace[layer - 1]!)));
  const m = mean(all);
  return rows.map((network) => {
    const x = network.map((trace) => of(trace[layer - 1]!) - m);
    const sum = mean(x) * x.length;
    return (sum * sum - x.reduce((squares, y) => squares + y * y, 0)) / (x.length * (x.length - 1));
  });
}

describe.skipIf(skip !== undefined)('the quenched engine on WebGPU has the law of that on processors', () => {
  // Half of what there is to combine: each activation with each bias and each width, and these with each other. quenched.test.ts holds the rest, and other
  // activations, against the recursion.
  const laws = [
    ['tanh', 0, 3],
    ['tanh', 0.01, 100],
    ['relu', 0, 100],
    ['relu', 0.01, 3],
  ] as const;
  it.each(laws)(
    'avalanches that share a network: %s, bias variance %f, width %i',
    async (name, biasVariance, width) => {
      const critical = { tanh: 1, relu: 2 }[name];
      const ensemble = {
        ...base,
        activation: name,
        width,
        biasVariance,
        weightVariance: biasVariance > 0 ? 0.9 * critical : critical * (1 + 1 / width),
        inputStrength: biasVariance > 0 ? { tanh: 0.24, relu: 0.3 }[name] : 0.1 / Math.sqrt(width),
      };
      const networks = width === 3 ? 400 : 150;
      const law = await sharedLaw(ensemble, networks, 1, ['found']);
      for (const [column, p] of law) expect(p, column).toBeGreaterThan(falseAlarm);
      // Those of windows are the same ones, whose law needs no sample of its own.
      const [found, windows] = [await roads.found(ensemble, 1, few), await roads.windows(ensemble, 1, few)];
      expect(found.map(({ duration }) => duration)).toEqual(windows.map(({ duration }) => duration));
      found.forEach(({ size }, i) => {
        expect(Math.abs(size - windows[i]!.size)).toBeLessThanOrEqual(1e-6 * size);
      });
    },
  );

  // Four errors are 0.3 and 0.4 of the covariance.
  it.each([
    [8, 3, 0, 1000],
    [8, 100, 0.2, 3000],
  ])(
    'linear networks of %i perturbations at width %i, bias variance %f: the covariance of energies is known',
    async (reuse, width, biasVariance, networks) => {
      const ensemble = {
        ...base,
        activation: 'linear',
        reuse,
        width,
        biasVariance,
        weightVariance: 1,
        inputStrength: 1,
        depth: 1,
      };
      const energies = products(await strengths(quenchedWebGpu, ensemble, networks, 3), 1, (s) => s * s);
      // Neurons of two are bivariate normal with covariance c + σb², c the cosine of their inputs, whose square is 1/N in the mean.
      const expected = (2 / width) * (1 / width + biasVariance ** 2);
      expect(Math.abs(mean(energies) - expected)).toBeLessThan(4 * error(energies));
      expect(mean(energies)).toBeGreaterThan(8 * error(energies));
    },
  );

  it('covariances of strengths deep in a network, and none between networks', async () => {
    const ensemble = { ...base, weightVariance: 1.2, biasVariance: 0.05, depth: 12 };
    const log = (layer: number, rows: readonly number[][][]) => products(rows, layer, Math.log);
    const card = await strengths(quenchedWebGpu, ensemble, 1000, 4);
    const here = await strengths(quenched, ensemble, 2500, 5);
    for (const layer of [1, 4, 12]) {
      const [a, b] = [log(layer, card), log(layer, here)];
      expect(Math.abs(mean(a) - mean(b))).toBeLessThan(4 * Math.hypot(error(a), error(b)));
      expect(mean(a)).toBeGreaterThan(5 * error(a));
    }
    const apart = card.map((network, n) => network.map((_, k) => card[(n + k) % card.length]![k]!));
    const none = log(12, apart);
    expect(Math.abs(mean(none))).toBeLessThan(4 * error(none));
  });

  it('a single neuron has one strength for all perturbations, where φ is odd', async () => {
    const rows = await strengths(quenchedWebGpu, { ...base, width: 1, weightVariance: 1.5, depth: 8 }, 40, 6);
    for (const network of rows) {
      for (const trace of network) {
        trace.forEach((s, l) => {
          expect(Math.abs(s / network[0]![l]! - 1)).toBeLessThan(2e-6);
        });
      }
      expect(network[0]!.every((s) => s > 0)).toBe(true);
    }
    expect(new Set(rows.map(([trace]) => trace![7])).size).toBe(40);
  });

  it('more perturbations than neurons keep their mean energy', async () => {
    const ensemble = {
      ...base,
      activation: 'linear',
      width: 10,
      depth: 3,
      weightVariance: 1,
      reuse: 60,
      inputStrength: 1,
    };
    const rows = await strengths(quenchedWebGpu, ensemble, 150, 7);
    const energies = rows.map((network) => mean(network.map((trace) => trace[0]! ** 2)));
    expect(Math.abs(mean(energies) - 1)).toBeLessThan(4 * error(energies));
    // The mean over 60 inputs is near ‖W‖²/N, whose variance is 2/N².
    const deviation = error(energies) * Math.sqrt(energies.length);
    expect(deviation).toBeGreaterThan(0.1);
    expect(deviation).toBeLessThan(0.2);
    // Ten directions of 60: strengths of a later layer are those of a map of ten dimensions, too.
    expect(rows.every((network) => network.every((trace) => trace.every((s) => s > 0 && s < 10)))).toBe(true);
  });

  it('perturbations that collapse onto one go on as one, with the law of one', async () => {
    const ensemble = { ...base, weightVariance: 0.5, biasVariance: 0.3, depth: 20 };
    const [card, here] = [
      await strengths(quenchedWebGpu, ensemble, 200, 8),
      await strengths(quenched, ensemble, 1000, 9),
    ];
    for (const network of card) {
      for (const trace of network) expect(Math.abs(trace[19]! / network[0]![19]! - 1)).toBeLessThan(1e-3);
    }
    const last = (rows: readonly number[][][]): number[] => rows.map(([trace]) => trace![19]!);
    expect(twoSample(last(card), last(here)).p).toBeGreaterThan(falseAlarm);
    // Not by chance, in a network or in the first layer.
    expect(new Set(last(card)).size).toBe(200);
    expect(card.some((network) => Math.abs(network[1]![0]! / network[0]![0]! - 1) > 0.05)).toBe(true);
  });
});
