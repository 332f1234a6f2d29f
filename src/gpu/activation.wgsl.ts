import type { GainKind } from '../kernel/gain-kinds.ts';

/** A polynomial in y from its constant term up. */
const polynomial = (coefficients: readonly number[]): string =>
  coefficients.map((c) => `vec4f(${c})`).reduceRight((inner, c) => `fma(y, ${inner}, ${c})`);

/** x·p(x²)/q(x²) for |x| up to a bound, and what it is there beyond. */
const odd = (name: string, bound: number, p: readonly number[], q: readonly number[]): string => /* wgsl */ `
fn ${name}(x: vec4f) -> vec4f {
  let c = clamp(x, vec4f(-${bound}), vec4f(${bound}));
  let y = c * c;
  return c * ${polynomial(p)} / ${polynomial(q)};
}`;

// Coefficients are those of `kernel/assembly/quenched/activation.ts`: relative errors of 4e-7.
const tanh = odd(
  'sigmoid',
  9,
  [0.9999999794565138, 0.13381025933668578, 0.003495588485778191, 2.060908837255645e-5, 1.3354669898574493e-8],
  [1, 0.46714341526396563, 0.025876983541846175, 0.00032856354136061587, 7.776561751368768e-7],
);
const erf = odd(
  'error_function',
  4.4,
  [0.999999982783602, 0.13200117999235275, 0.028790787199090336, 0.0016047397945228973, 9.612907250226251e-5, 5.474286093463854e-7],
  [1, 0.3938001353055248, 0.07020416465396472, 0.007224814401973031, 0.0004403324344670005, 1.1438517549144159e-5],
); // biome-ignore format: coefficients

interface Activation {
  readonly functions: string;
  /** φ of x. */
  readonly value: string;
  /** Whether φ(c·x) = c·φ(x) for c > 0, or that is so to a factor for any large x: what its size at large x is. */
  readonly size: 'homogeneous' | 'grows' | 'bounded';
}

const activations: Readonly<Record<GainKind, Activation>> = {
  linear: { functions: '', value: 'x', size: 'homogeneous' },
  'leaky-relu': { functions: '', value: 'select(x * params.argument, x, x > vec4f(0.0))', size: 'homogeneous' },
  'hard-tanh': { functions: '', value: 'clamp(x, vec4f(-1.0), vec4f(1.0))', size: 'bounded' },
  tanh: { functions: tanh, value: 'sigmoid(x)', size: 'bounded' },
  erf: { functions: erf, value: 'error_function(x)', size: 'bounded' },
  sin: {
    functions: /* wgsl */ `
fn sine(x: vec4f) -> vec4f {
  let k = round(x * 0.3183098861837907);
  let r = ((x - k * 3.140625) - k * 9.67502593994140625e-4) - k * 1.509957990978376e-7;
  let y = r * r;
  let s = r * ${polynomial([1, -0.16666656732559204, 0.008333025500178337, -0.00019807419448625296, 2.6019047254521865e-6])};
  return bitcast<vec4f>(bitcast<vec4u>(s) ^ (bitcast<vec4u>(vec4i(k)) << vec4u(31u)));
}`,
    value: 'sine(x)',
    size: 'bounded',
  },
  silu: { functions: tanh, value: 'fma(0.5 * x, sigmoid(0.5 * x), 0.5 * x)', size: 'grows' },
  gelu: { functions: erf, value: 'fma(0.5 * x, error_function(0.7978845608028654 * x), 0.5 * x)', size: 'grows' },
};

/** WGSL of `phi(x)` of a kind without an argument. */
export function phiSource(kind: GainKind): string {
  const { functions, value } = activations[kind];
  return `${functions}
fn phi(x: vec4f) -> vec4f { return ${value}; }`;
}

/**
 * WGSL of `phi(x)`, and of \`scaling(m, e)\`: at a strength d = m·2^e, m in [1, 2), a row x = φ(a·h)·b in units of 2^u neither overflows nor
 * underflows. Below 2^-40 φ is its own tangent to float32, above 2^40 its asymptote.
 */
export function activationSource(kind: GainKind): string {
  const { size } = activations[kind];
  const scaling = {
    homogeneous: 'return Scaling(m, 1.0, e);',
    grows: 'let near = clamp(e, -40, 40); return Scaling(m * power_of_two(near), power_of_two(-near), e);',
    bounded: `let near = clamp(e, -40, 40);
  return Scaling(m * power_of_two(near), select(1.0, power_of_two(-near), e < 0), min(e, 0));`,
  }[size];
  return /* wgsl */ `${phiSource(kind)}
struct Scaling { a: f32, b: f32, u: i32 }
fn scaling(m: f32, e: i32) -> Scaling {
  ${scaling}
}
`;
}
