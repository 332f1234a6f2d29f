/**
 * State of two xoshiro128+ generators of four lanes each (Blackman & Vigna, ACM TOMS 47, 36 (2021), doi:10.1145/3460772): the
 * radius generator gives two words for four neurons, the angle generator three. Their low bits are weak and not used where it shows.
 * A lane starts from the 128-bit hash of its key, as `numeric/random-key.ts` makes it.
 */
export const RADIUS: usize = memory.data(64, 16);
export const ANGLE: usize = memory.data(64, 16);
export const SAVED: usize = memory.data(128, 16);

/** Hash of (seed, ensemble, purpose), written by the host. */
export const PREFIX: usize = memory.data(16, 16);

@inline
export function rotate(x: v128, k: i32): v128 {
  return v128.or(i32x4.shl(x, k), i32x4.shr_u(x, 32 - k));
}

/** Eight rounds of the Chaskey permutation after (low, high) has gone into the first half: `absorb` on four states at once. */
@inline
function seedFour(at: usize, a: v128, b: v128, c: v128, d: v128): void {
  for (let round = 0; round < 8; round++) {
    a = i32x4.add(a, b);
    b = v128.xor(rotate(b, 5), a);
    a = rotate(a, 16);
    c = i32x4.add(c, d);
    d = v128.xor(rotate(d, 8), c);
    a = i32x4.add(a, d);
    d = v128.xor(rotate(d, 13), a);
    c = i32x4.add(c, b);
    b = v128.xor(rotate(b, 7), c);
    c = rotate(c, 16);
  }
  v128.store(at, a);
  v128.store(at, b, 16);
  v128.store(at, c, 32);
  v128.store(at, d, 48);
}

/** Starts all eight lanes for a perturbation (a 53-bit id in two words). */
export function seed(low: i32, high: i32): void {
  let a = load<i32>(PREFIX) ^ low;
  let b = load<i32>(PREFIX, 4) ^ high;
  let c = load<i32>(PREFIX, 8);
  let d = load<i32>(PREFIX, 12);
  for (let round = 0; round < 8; round++) {
    a += b;
    b = rotl<i32>(b, 5) ^ a;
    a = rotl<i32>(a, 16);
    c += d;
    d = rotl<i32>(d, 8) ^ c;
    a += d;
    d = rotl<i32>(d, 13) ^ a;
    c += b;
    b = rotl<i32>(b, 7) ^ c;
    c = rotl<i32>(c, 16);
  }
  const lanes = i32x4(0, 1, 2, 3);
  const b4 = i32x4.splat(b), c4 = i32x4.splat(c), d4 = i32x4.splat(d);
  seedFour(RADIUS, v128.xor(i32x4.splat(a), lanes), b4, c4, d4);
  seedFour(ANGLE, v128.xor(i32x4.splat(a), i32x4.add(lanes, i32x4.splat(4))), b4, c4, d4);
}

export function save(): void {
  memory.copy(SAVED, RADIUS, 64);
  memory.copy(SAVED + 64, ANGLE, 64);
}

export function restore(): void {
  memory.copy(RADIUS, SAVED, 64);
  memory.copy(ANGLE, SAVED + 64, 64);
}
