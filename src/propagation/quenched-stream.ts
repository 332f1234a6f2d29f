import { hashKey } from '../numeric/random-key.ts';

/** What a network's random numbers are for. */
export const purpose = { quenched: 1, correlation: 2, denseWeights: 3, denseInputs: 4 } as const;

/** Starting words of the kernels' four-lane generator for one network: word j of lane i at 4j + i. */
export function networkWords(seed: number, ensemble: number, network: number, use: number): Uint32Array {
  const words = new Uint32Array(16);
  for (let lane = 0; lane < 4; lane++) {
    const state = hashKey(seed, [ensemble, network, use, lane]);
    for (let j = 0; j < 4; j++) words[4 * j + lane] = state[j]!;
  }
  return words;
}
