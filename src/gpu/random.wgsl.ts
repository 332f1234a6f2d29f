/** Rounds of Threefry-4x32: 12 pass BigCrush (Salmon et al., SC 2011, doi:10.1145/2063384.2063405, table 2). */
export const ROUNDS = 12;

/** Rotations of Threefry-4x32, two a round, repeated after eight rounds. */
export const ROTATIONS: readonly (readonly [number, number])[] = [
  [10, 26],
  [11, 21],
  [13, 27],
  [23, 5],
  [6, 20],
  [17, 11],
  [25, 10],
  [18, 20],
];

/** Parity of the key schedule. */
export const PARITY = 0x1bd11bda;

/** One round on (x0, x2) and (x1, x3), whose halves trade places: what is odd and even in the definition is one form here. */
const round = (r: number): string => {
  const [a, b] = ROTATIONS[r % 8]!;
  return `x += y; y = ((y << vec2u(${a}, ${b})) | (y >> vec2u(${32 - a}, ${32 - b}))) ^ x; y = y.yx;`;
};

function rounds(): string {
  const schedule = ['k.x', 'k.y', 'k.z', 'k.w', 'parity'];
  const key = (i: number): string => schedule[i % 5]!;
  return Array.from({ length: ROUNDS }, (_, r) => {
    const s = (r + 1) / 4;
    const injected = `x += vec2u(${key(s)}, ${key(s + 2)}); y += vec2u(${key(s + 1)}, ${key(s + 3)} + ${s}u);`;
    return Number.isInteger(s) ? `${round(r)} ${injected}` : round(r);
  }).join('\n  ');
}

/**
 * Random squares in WGSL. The key of a perturbation is the hash of (seed, ensemble, purpose) that goes on with its id, as the other engines
 * have it (`numeric/random-key.ts`); a word is a function of key, layer and four neurons, so it doesn't matter who draws it, or when.
 */
export const randomSource = /* wgsl */ `
fn absorb(prefix: vec4u, low: u32, high: u32) -> vec4u {
  var a = prefix.x ^ low; var b = prefix.y ^ high; var c = prefix.z; var d = prefix.w;
  for (var i = 0; i < 8; i++) {
    a += b; b = ((b << 5u) | (b >> 27u)) ^ a; a = (a << 16u) | (a >> 16u);
    c += d; d = ((d << 8u) | (d >> 24u)) ^ c;
    a += d; d = ((d << 13u) | (d >> 19u)) ^ a;
    c += b; b = ((b << 7u) | (b >> 25u)) ^ c; c = (c << 16u) | (c >> 16u);
  }
  return vec4u(a, b, c, d);
}

/** Threefry-4x32 with ${ROUNDS} rounds at the counter (first, second, 0, 0). */
fn threefry(k: vec4u, first: u32, second: u32) -> vec4u {
  let parity = ${PARITY}u ^ k.x ^ k.y ^ k.z ^ k.w;
  var x = vec2u(first + k.x, k.z);
  var y = vec2u(second + k.y, k.w);
  ${rounds()}
  return vec4u(x.x, y.x, x.y, y.y);
}

struct Squares { c: vec4f, word: vec2u }

/** z² of four neurons: two exponentials E = -2 ln u, each split into E·cos²θ and E·sin²θ, θ in (-π/4, π/4). */
fn squares(key: vec4u, layer: u32, quad: u32) -> Squares {
  let w = threefry(key, quad, layer);
  let u = min(vec2f(w.xy) * 2.3283064365386963e-10 + 1.1641532182693481e-10, vec2f(1.0));
  let e = max(-1.3862943611198906 * log2(u), vec2f(0.0));
  let t = vec2f(bitcast<vec2i>(w.zw)) * 3.6572952e-10;
  let t2 = t * t;
  let s = t + t * t2 * (-1.6666654611e-1 + t2 * (8.3321608736e-3 - t2 * 1.9515295891e-4));
  let small = e * (s * s);
  return Squares(vec4f(e - small, small), w.zw);
}

/** The neurons of a layer's last four that are there; the two of an exponential, of which one is always the larger, change places by a bit. */
fn loosened(drawn: Squares, left: u32) -> vec4f {
  let c = drawn.c;
  let turned = select(c, c.zwxy, (drawn.word >> vec2u(31u)).xyxy == vec4u(1u));
  return vec4f(turned.x, select(0.0, turned.y, left > 2u), select(0.0, turned.z, left > 1u), 0.0);
}

/** Whether z > 0, of neurons in the order of the squares: bits that the angle doesn't need. */
fn positive(word: vec2u) -> vec4<bool> {
  return vec4<bool>((vec4u(word, word >> vec2u(1u)) & vec4u(1u)) == vec4u(1u));
}
`;
