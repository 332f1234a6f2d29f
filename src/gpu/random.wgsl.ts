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

/**
 * Products that the words of four neurons are mixed by; the words are the last four. Differences of neighbours show a word that is the
 * sixth product (or an earlier one), and none that is the seventh; the ninth is the first that is used. `docs/science/cards.md` has the tests.
 */
export const PRODUCTS = 12;

/** What the random numbers are made by, as the manifest has it: runs under another name are other runs. */
export const GENERATOR = `threefry-${ROUNDS} with ${PRODUCTS} products`;

/** What squares are counted in: E = -2 ln u is -log2 u of these. */
export const UNIT = 2 * Math.LN2;

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

/** Each word takes the product of its neighbours in turn and, but for the last four, is turned by half: products mix upwards only. */
function products(): string {
  const word = (i: number): string => `v${i % 4}`;
  return Array.from({ length: PRODUCTS }, (_, i) => {
    const v = word(i + 1);
    const turned = i < PRODUCTS - 4 ? ` ${v} = (${v} << 16u) | (${v} >> 16u);` : '';
    return `${v} += ${word(i + 2)} * ${word(i)};${turned}`;
  }).join('\n  ');
}

/**
 * Random squares in WGSL. The key of a perturbation is the hash of (seed, ensemble, purpose) that goes on with its id, as the other engines
 * have it (`numeric/random-key.ts`); the key of a layer is a Threefry hash of it, a word a function of the layer's key and four neurons: so
 * it doesn't matter who draws it, or when.
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

/** The key of a row of a layer: Threefry-4x32 with ${ROUNDS} rounds at the counter (layer, row, 0, 0), its third word odd, as neurons are multiplied by it. */
fn hashed_row(k: vec4u, layer: u32, row: u32) -> vec4u {
  let parity = ${PARITY}u ^ k.x ^ k.y ^ k.z ^ k.w;
  var x = vec2u(layer + k.x, k.z);
  var y = vec2u(row + k.y, k.w);
  ${rounds()}
  return vec4u(x.x, y.x, x.y | 1u, y.y);
}

/** The key of a layer without rows. */
fn hashed(k: vec4u, layer: u32) -> vec4u { return hashed_row(k, layer, 0u); }

/** Four words of a layer: \`at\` is the key's first word and the number of the four neurons, the rest is the key. */
fn words(at: u32, key: vec4u) -> vec4u {
  var v0 = at; var v1 = key.y; var v2 = key.z; var v3 = key.w;
  ${products()}
  return vec4u(v0, v1, v2, v3);
}

/** Two exponentials E = -2 ln u, in units of ${UNIT}. Logarithms of numbers near 1 may have either sign. */
fn exponentials(word: vec2u) -> vec2f {
  return abs(log2(fma(vec2f(word), vec2f(2.3283064365386963e-10), vec2f(1.1641532182693481e-10))));
}

/** The part sin²θ of exponentials, θ in (-π/4, π/4); cos²θ is what is left. Coefficients are those of \`kernel/assembly/annealed\`. */
fn smaller(e: vec2f, word: vec2u) -> vec2f {
  let t = vec2f(bitcast<vec2i>(word)) * 4.656612873077393e-10;
  let q = t * t;
  let s = fma(q, fma(q, fma(q, vec2f(-0.000434778256387), vec2f(0.010416075462)), vec2f(-0.126831552527)), vec2f(0.616850170828));
  return e * (q * s);
}

/** The neurons of a layer's last four that are there; the two of an exponential, of which one is always the larger, change places by a bit. */
fn loosened(c: vec4f, word: vec2u, left: u32) -> vec4f {
  let turned = select(c, c.zwxy, (word >> vec2u(31u)).xyxy == vec4u(1u));
  return select(vec4f(0.0), turned, vec4u(0u, 2u, 1u, 3u) < vec4u(left));
}

/** Whether z > 0, of neurons in the order of the squares: bits that float32 has no room for in the angle. */
fn positive(word: vec2u) -> vec4<bool> {
  return (word.xyxy & vec4u(64u, 64u, 32u, 32u)) != vec4u(0u);
}
`;
