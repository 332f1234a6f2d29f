import { createStream } from '../numeric/random.ts';
import { shuffleInPlace } from '../numeric/shuffle.ts';

/** Values of two samples together, ascending, and which of the independent blocks each is of. */
export interface PooledValues {
  readonly value: Float64Array;
  /** Block of each value; blocks of the first sample come first. */
  readonly block: Int32Array;
  /** Number of blocks of either sample. */
  readonly blocks: readonly [number, number];
}

/** Names the draws of this room among the keys of random streams. */
const purpose = 0x7065726d;

/**
 * Whether two samples are of one law, by the Kolmogorov–Smirnov distance of the two and how often it is as large once blocks have changed sides by chance: exact
 * for any law, ties included, where blocks are exchangeable. A value that is a block of its own changes sides alone.
 * @returns the distance, and (1 + permutations that reach it) / (1 + permutations)
 */
export function permutedDistance(
  pooled: PooledValues,
  permutations: number,
  seed: number,
): { readonly ks: number; readonly pValue: number } {
  const [first, second] = pooled.blocks;
  const side = new Uint8Array(first + second).fill(1, first);
  const ks = distance(pooled, side);
  let reached = 0;
  for (let i = 0; i < permutations; i++) {
    shuffleInPlace(side, createStream(seed, purpose, i));
    // Equal but for the order of additions counts as equal.
    if (distance(pooled, side) >= ks * (1 - 1e-12)) reached++;
  }
  return { ks, pValue: (1 + reached) / (1 + permutations) };
}

/** The largest difference of the two distribution functions; 1 where a side is empty. */
function distance({ value, block }: PooledValues, side: Uint8Array): number {
  let second = 0;
  for (let i = 0; i < block.length; i++) second += side[block[i]!]!;
  const first = block.length - second;
  if (first === 0 || second === 0) return 1;
  let [a, b, largest] = [0, 0, 0];
  for (let i = 0; i < value.length; i++) {
    if (side[block[i]!] === 1) b++;
    else a++;
    if (value[i + 1] === value[i]) continue;
    largest = Math.max(largest, Math.abs(a / first - b / second));
  }
  return largest;
}
