import { hashKey } from '../numeric/random-key.ts';

/** Third word of the key of every lane: (seed, ensemble, purpose, perturbation, lane). */
const PURPOSE = 0x616e6e65;

/** The hash that the lanes of a perturbation continue from. */
export function lanePrefix(seed: number, ensemble: number): Int32Array {
  return hashKey(seed, [ensemble, PURPOSE], 4);
}
