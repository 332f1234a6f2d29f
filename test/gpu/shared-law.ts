import type { Ensemble } from '../../src/network/ensemble.ts';
import { followedQuenched } from '../../src/propagation/first-passage-quenched-webgpu.ts';
import { quenched } from '../../src/propagation/quenched.ts';
import { quenchedWebGpu } from '../../src/propagation/quenched-webgpu.ts';
import { type Avalanche, engineAvalanches, jointColumns } from '../propagation/engine-avalanches.ts';
import { twoSample } from '../propagation/two-sample.ts';
import { firstPassage } from './first-passage-request.ts';
import { optionsOf } from './traces.ts';

const columns = ['sum', 'difference', 'largest', 'dead'] as const;

/** What `engineAvalanches` makes of the strengths of a card, as the card finds it. */
async function found(ensemble: Ensemble, seed: number, count: number): Promise<Avalanche[]> {
  const out = Array.from({ length: count }, () => ({ duration: 0, size: 0 }));
  const ids = Float64Array.from({ length: count }, (_, i) => i);
  const request = firstPassage(ensemble);
  for await (const some of followedQuenched(ids, optionsOf(ensemble, { seed }), request, () => false)!) {
    for (let i = 0; i < some.length; i++) {
      out[Number(some.perturbation[i])] = { duration: some.duration[i]!, size: some.signalSize[i]! };
    }
  }
  return out;
}

/** Avalanches of perturbations 0 to count − 1 from a card: by a detector over windows of strengths, or found there. */
export const roads = {
  windows: (ensemble: Ensemble, seed: number, count: number) => engineAvalanches(quenchedWebGpu, ensemble, seed, count),
  found,
};

/**
 * Networks that perturbations share, on a card against processors: p of two-sample Kolmogorov–Smirnov tests, one value a network, of the logarithms of
 * the first two sizes added and subtracted, the largest size, and how many died at once. By each of the roads of a card, with a seed of its own.
 */
export async function sharedLaw(
  ensemble: Ensemble,
  networks: number,
  seed: number,
  by: readonly (keyof typeof roads)[],
) {
  const { reuse } = ensemble;
  const count = networks * reuse;
  const here = jointColumns(await engineAvalanches(quenched, ensemble, seed + 1, count), reuse);
  const compared = async (road: keyof typeof roads, own: number) => {
    const card = jointColumns(await roads[road](ensemble, own, count), reuse);
    return columns.map((column) => [`${road}: ${column}`, twoSample(card[column], here[column]).p] as const);
  };
  const all = [];
  for (const [i, road] of by.entries()) all.push(...(await compared(road, seed + 2 * i)));
  return all;
}
