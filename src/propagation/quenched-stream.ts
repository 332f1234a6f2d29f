import { hashKey } from '../numeric/random-key.ts';

/** What random numbers are for: sets the streams of different engines apart. */
export const purpose = {
  quenched: 0x7175656e,
  correlation: 0x636f7272,
  denseWeights: 0x64656e77,
  denseOnDevice: 0x64656e64,
  denseInputs: 0x64656e69,
} as const;

/** Starting words of the kernels' four-lane generator for one network (or perturbation): word j of lane i at 4j + i. */
export function networkWords(seed: number, ensemble: number, network: number, use: number): Uint32Array {
  const words = new Uint32Array(16);
  for (let lane = 0; lane < 4; lane++) {
    const state = hashKey(seed, [ensemble, use, network, lane]);
    for (let j = 0; j < 4; j++) words[4 * j + lane] = state[j]!;
  }
  return words;
}
