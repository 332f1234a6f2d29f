/** Activations with lanes of their own; relu is leaky-relu with slope 0. */
export type GainKind = 'linear' | 'leaky-relu' | 'hard-tanh' | 'tanh' | 'erf' | 'sin' | 'silu' | 'gelu';

/**
 * Terms φ(√v·z)²/v of a layer's energy from c = z² (v itself, whose range float32 doesn't hold, comes in later). `v` is the variance, kept
 * in 10^±36, `i` its inverse, `p` whether z > 0. Coefficients are those of the SIMD kernel (`kernel/assembly/annealed/gain.ts`, errors in
 * `coefficients.py` beside it), with its ranges of v.
 */
const terms: Readonly<Record<GainKind, string>> = {
  linear: 'return c;',
  'leaky-relu': 'return select(c * p_argument(), c, p);',
  'hard-tanh': 'return min(c, vec4f(i));',
  tanh: `
  let y = c * v;
  if (v <= 1.1627907e-3) { return c + c * y * (-0.666663815567 + y * (0.377264470496 - y * 0.182943693514)); }
  if (v <= 2.9069767e-2) {
    let p3 = 0.999999974352 + y * (0.146291799603 + y * (0.00134398803261 - y * 5.38078157268e-5));
    return c * (p3 / (1.0 + y * (0.81295744136 + y * 0.165544559956)));
  }
  let b = min(y, vec4f(65.0));
  let n = 1.0 + b * (0.274571146699 + b * (0.0264495918409 + b * (0.00106877004024 + b * 1.74918152531e-5)));
  let d = 1.0 + b * (0.941237993638 + b * (0.276163161238 + b * (0.0264251292028 + b * (0.00106897833502 + b * 1.74910497185e-5))));
  return min(c, vec4f(65.0 * i)) * (n / d);`,
  erf: `
  let y = c * v;
  if (v <= 1.1627907e-3) { return c + c * y * (-0.523598367413 + y * (0.191835752765 - y * 0.0534069727915)); }
  let b = min(y, vec4f(17.5));
  let n = 1.00000006969 + b * (0.123702225061 + b * (0.03088891599 + b * (0.00194776679558 + b * (0.000125163200036 - b * 7.26235130724e-8))));
  let d = 1.0 + b * (0.647303381167 + b * (0.177894081283 + b * (0.0262665848693 + b * (0.00217733356219 + b * 0.000118907318502))));
  return min(c, vec4f(17.5 * i)) * (n / d);`,
  sin: `
  let y = c * v;
  if (v <= 1.1627907e-3) { return c + c * y * (-0.333333328921 + y * (0.04444365245 - y * 0.0031534930722)); }
  let x = sqrt(y);
  let k = round(x * 0.3183098861837907);
  let r = ((x - k * 3.140625) - k * 9.67502593994140625e-4) - k * 1.509957990978376e-7;
  let q = min(r * r, vec4f(2.4674011));
  let s = 0.0444429037919 + q * (-0.00317209830977 + q * (0.000139213919753 - q * 3.60956632939e-6));
  return i * (q * (0.999999986141 + q * (-0.33333297761 + q * s)));`,
  silu: `
  let e = exp(-min(sqrt(c * v), vec4f(87.0)));
  let g = select(e, vec4f(1.0), p) / (1.0 + e);
  return c * (g * g);`,
  gelu: `
  let y = min(c * v, vec4f(174.0));
  let x = sqrt(y);
  let n = 0.500000002758 + x * (0.437252970061 + x * (0.182463396587 + x * (0.040373092909 + x * 0.0040776927186)));
  let d = 1.0 + x * (1.67239089552 + x * (1.19929714866 + x * (0.467433242931 + x * (0.101207145651 + x * 0.0102211311229))));
  let below = exp(-0.5 * y) * (n / d);
  let g = select(below, 1.0 - below, p);
  return c * (g * g);`,
};

const signed: ReadonlySet<GainKind> = new Set<GainKind>(['leaky-relu', 'silu', 'gelu']);

/** WGSL of one activation: \`terms(c, word, v, i)\`, four neurons at a time. */
export function gainSource(kind: GainKind): string {
  return /* wgsl */ `
fn p_argument() -> f32 { return params.argument; }
fn terms(c: vec4f, word: vec2u, v: f32, i: f32) -> vec4f {
  ${signed.has(kind) ? 'let p = positive(word);' : ''}${terms[kind]}
}
`;
}
