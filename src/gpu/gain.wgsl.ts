import type { GainKind } from '../kernel/gain-kinds.ts';

/**
 * How terms φ(√v·z)²/v of a layer's energy are added up from c = z² (v itself, whose range float32 doesn't hold, comes in later), in WGSL.
 * `v` is the variance, kept in 10^±33, `i` its inverse, `word` has the signs.
 */
export interface Gain {
  /** The largest v that it is for; the last of a kind has none. */
  readonly upTo?: number;
  /** What a layer is asked for once. */
  readonly once: string;
  /** Adds four neurons to the sum `g`. */
  readonly more: string;
  /** The energy, from `g` and the sum `total` of squares. */
  readonly energy: 'g' | 'i * g' | 'total' | 'total + g';
}

/** What no square exceeds, in the units of `exponentials`: the smallest u is 2⁻³³. */
const LARGEST = 33;

/** A polynomial in x from its constant term up. */
const polynomial = (x: string, coefficients: readonly (number | string)[]): string =>
  coefficients.map((c) => `vec4f(${c})`).reduceRight((inner, c) => `fma(${x}, ${inner}, ${c})`);

/** c·(1 + a0·y + a1·y² + …) of y = c·v up to a bound: what is beyond c. */
const nearOne = (bound: number, coefficients: readonly number[]): Gain => ({
  upTo: bound / LARGEST,
  once: coefficients.map((a, k) => `let a${k} = ${a} * v${' * v'.repeat(k)};`).join(' '),
  more: `g = weighted(c * c, ${polynomial(
    'c',
    coefficients.map((_, k) => `a${k}`),
  )}, g);`,
  energy: 'total + g',
});

/** c·p(y)/q(y) of y = c·v up to a bound. */
const rational = (bound: number, p: readonly number[], q: readonly number[]): Gain => ({
  upTo: bound / LARGEST,
  once: '',
  more: `let y = c * v; g += quotients(c * ${polynomial('y', p)}, ${polynomial('y', q)});`,
  energy: 'g',
});

/** The same of any y: beyond the bound φ² is what it is there. */
const saturating = (bound: number, p: readonly number[], q: readonly number[]): Gain => ({
  once: `let most = ${bound} * i;`,
  more: `let y = min(c * v, vec4f(${bound})); g += quotients(min(c, vec4f(most)) * ${polynomial('y', p)}, ${polynomial('y', q)});`,
  energy: 'g',
});

/**
 * The ranges of each kind. Coefficients and their errors: \`kernel/assembly/annealed/coefficients.py\`. Products of the denominators of four
 * neurons stay below 6e18 (tanh), 2e11 (erf), 3e31 (gelu).
 */
export const gains: Readonly<Record<GainKind, readonly Gain[]>> = {
  linear: [{ once: '', more: '', energy: 'total' }],
  'leaky-relu': [
    {
      once: 'let below = params.argument;',
      more: 'g = weighted(c, select(vec4f(below), vec4f(1.0), positive(word)), g);',
      energy: 'g',
    },
  ],
  'hard-tanh': [{ once: '', more: 'let m = min(c, vec4f(i)); g += (m.x + m.y) + (m.z + m.w);', energy: 'g' }],
  tanh: [
    nearOne(0.02, [-0.666656914909, 0.373874410303]),
    nearOne(0.1, [-0.666663815567, 0.377264470496, -0.182943693514]),
    rational(
      2.5,
      [0.999999974352, 0.146291799603, 0.00134398803261, -5.38078157268e-5],
      [1, 0.81295744136, 0.165544559956],
    ),
    saturating(
      65,
      [1, 0.274571146699, 0.0264495918409, 0.00106877004024, 1.74918152531e-5],
      [1, 0.941237993638, 0.276163161238, 0.0264251292028, 0.00106897833502, 1.74910497185e-5],
    ),
  ],
  erf: [
    nearOne(0.02, [-0.523596016924, 0.190805917504]),
    nearOne(0.1, [-0.523598367413, 0.191835752765, -0.0534069727915]),
    saturating(
      17.5,
      [1.00000006969, 0.123702225061, 0.03088891599, 0.00194776679558, 0.000125163200036, -7.26235130724e-8],
      [1, 0.647303381167, 0.177894081283, 0.0262665848693, 0.00217733356219, 0.000118907318502],
    ),
  ],
  sin: [
    nearOne(0.02, [-0.33333317457, 0.0443809854296]),
    nearOne(0.1, [-0.333333328921, 0.04444365245, -0.0031534930722]),
    {
      once: '',
      more: `
      let x = sqrt(c * v);
      let k = round(x * 0.3183098861837907);
      let r = ((x - k * 3.140625) - k * 9.67502593994140625e-4) - k * 1.509957990978376e-7;
      let q = min(r * r, vec4f(2.4674011));
      g = weighted(q, ${polynomial(
        'q',
        [0.999999986141, -0.33333297761, 0.0444429037919, -0.00317209830977, 0.000139213919753, -3.60956632939e-6],
      )}, g);`,
      energy: 'i * g',
    },
  ],
  // exp(-x) and exp(-x²/2) by powers of two; below is Φ(-x) = exp(-x²/2)·n/d.
  silu: [
    {
      once: 'let exponents = v * 2.0813689810056073;',
      more: `
      let below = exp2(-min(sqrt(c * exponents), vec4f(126.0)));
      let top = select(below, vec4f(1.0), positive(word));
      let d = 1.0 + below;
      g += quotients(c * (top * top), d * d);`,
      energy: 'g',
    },
  ],
  gelu: [
    {
      once: '',
      more: `
      let y = min(c * v, vec4f(174.0));
      let x = sqrt(y);
      let d = ${polynomial('x', [1, 1.67239089552, 1.19929714866, 0.467433242931, 0.101207145651, 0.0102211311229])};
      let below = exp2(-0.72134752044448170 * y) * ${polynomial(
        'x',
        [0.500000002758, 0.437252970061, 0.182463396587, 0.040373092909, 0.0040776927186],
      )};
      let top = select(below, d - below, positive(word));
      g += quotients(c * (top * top), d * d);`,
      energy: 'g',
    },
  ],
};

/** WGSL that the sums of gains need. */
export const gainSource = /* wgsl */ `
/** sum + Σ weight·x. */
fn weighted(weight: vec4f, x: vec4f, sum: f32) -> f32 {
  return fma(weight.x, x.x, fma(weight.y, x.y, fma(weight.z, x.z, fma(weight.w, x.w, sum))));
}
/** Σ n/d, d > 0, by one division. */
fn quotients(n: vec4f, d: vec4f) -> f32 {
  let a = fma(n.xz, d.yw, n.yw * d.xz);
  let b = d.xz * d.yw;
  return fma(a.x, b.y, a.y * b.x) / (b.x * b.y);
}
`;
