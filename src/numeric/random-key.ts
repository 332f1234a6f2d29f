import { ParameterError } from '../error.ts';

/** Starting words: the first 128 bits of the fraction of π. */
const INITIAL = Int32Array.of(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);
const ROUNDS = 8;
const WORD = 2 ** 32;

/**
 * Absorbs a 64-bit word into a 128-bit state: exclusive or into the first half, then eight rounds of the Chaskey permutation
 * (Mouha et al., SAC 2014, doi:10.1007/978-3-319-13051-4_19). Every bit of the state depends on every bit absorbed.
 */
export function absorb(state: Int32Array, low: number, high: number): void {
  let a = state[0]! ^ low;
  let b = state[1]! ^ high;
  let c = state[2]!;
  let d = state[3]!;
  for (let round = 0; round < ROUNDS; round++) {
    a = (a + b) | 0;
    b = ((b << 5) | (b >>> 27)) ^ a;
    a = (a << 16) | (a >>> 16);
    c = (c + d) | 0;
    d = ((d << 8) | (d >>> 24)) ^ c;
    a = (a + d) | 0;
    d = ((d << 13) | (d >>> 19)) ^ a;
    c = (c + b) | 0;
    b = ((b << 7) | (b >>> 25)) ^ c;
    c = (c << 16) | (c >>> 16);
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

function checkWord(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new ParameterError(`${name} must be an integer from 0 to 2^53 - 1, got ${value}`);
  }
}

/**
 * 128 bits from a seed and a key. The number of key words goes in first, so no key is another one's beginning.
 * @param parts length of the whole key; more than `key` holds where a caller absorbs the rest itself
 * @param state where to put them
 * @throws ParameterError where the seed or a key word isn't an integer from 0 to 2^53 − 1
 */
export function hashKey(
  seed: number,
  key: readonly number[],
  parts: number = key.length,
  state: Int32Array = new Int32Array(4),
): Int32Array {
  checkWord('seed', seed);
  state.set(INITIAL);
  state[3] = state[3]! ^ parts;
  absorb(state, seed | 0, (seed / WORD) | 0);
  for (const word of key) {
    checkWord('a key of a random stream', word);
    absorb(state, word | 0, (word / WORD) | 0);
  }
  return state;
}
