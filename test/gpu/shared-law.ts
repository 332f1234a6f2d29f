import type { Ensemble } from '../../src/network/ensemble.ts';
import { quenched } from '../../src/propagation/quenched.ts';
import { quenchedWebGpu } from '../../src/propagation/quenched-webgpu.ts';
import { engineAvalanches, jointColumns } from '../propagation/engine-avalanches.ts';
import { twoSample } from '../propagation/two-sample.ts';

const columns = ['sum', 'difference', 'largest', 'dead'] as const;

/**
 * Networks that perturbations share, on a card against processors: p of two-sample Kolmogorov–Smirnov tests, one value a network, of the logarithms of
 * the first two sizes added and subtracted, the largest size, and how many died at once.
 */
export async function sharedLaw(ensemble: Ensemble, networks: number, seed: number) {
  const { reuse } = ensemble;
  const [card, here] = [
    jointColumns(await engineAvalanches(quenchedWebGpu, ensemble, seed, networks * reuse), reuse),
    jointColumns(await engineAvalanches(quenched, ensemble, seed + 1, networks * reuse), reuse),
  ];
  return columns.map((column) => [column, twoSample(card[column], here[column]).p] as const);
}
