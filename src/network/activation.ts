import { ParameterError } from '../error.ts';
import { leakyRelu, rectifiers } from './rectifier.ts';
import { oddActivations, ratioGain } from './saturating.ts';

/** An activation φ and what the engines and the mean-field theory need of it. All functions are scalar and pure. */
export interface Activation {
  /** Canonical name, with the argument where there is one. */
  readonly name: string;
  /** The argument in the name, where there is one. */
  readonly argument?: number;
  /** φ(x). */
  readonly phi: (x: number) => number;
  /** φ'(x). */
  readonly derivative: (x: number) => number;
  /** φ''(x) (almost everywhere; distributions at kinks are left out). */
  readonly secondDerivative: (x: number) => number;
  /** True where φ(−x)² = φ(x)², so that only h² matters to the next layer. */
  readonly evenSquare: boolean;
  /**
   * ψ(x) = (φ(x)/x)², finite at x → 0 where φ(0) = 0; the annealed and effective engines work with it, so that
   * nothing underflows at small signal strength. Undefined where φ(0) ≠ 0.
   */
  readonly gain?: (x: number) => number;
}

/** What a user says of an activation of their own: φ at least. */
export type ActivationDefinition = Pick<Activation, 'name' | 'phi'> &
  Partial<Pick<Activation, 'derivative' | 'secondDerivative' | 'evenSquare' | 'gain'>>;

const DEFAULT_SLOPE = 0.01;
const registry = new Map<string, Activation>([...oddActivations, ...rectifiers].map((a) => [a.name, a]));
const builtIn = new Set(registry.keys()).add('leaky-relu');

/** Names that {@link activation} knows, in the order of registration. */
export function activationNames(): string[] {
  return [...registry.keys(), 'leaky-relu(a)'];
}

/**
 * The activation of a name: `tanh`, `erf` (erf(√π·x/2)), `hard-tanh`, `linear`, `sin`, `relu`, `gelu`, `silu`, `leaky-relu(a)`
 * (a = 0.01 where it is left out), or one that was registered.
 * @throws ParameterError for an unknown name
 */
export function activation(name: string): Activation {
  const found = registry.get(name);
  if (found !== undefined) return found;
  const [, word] = /^leaky-relu(?:\(([^()]+)\))?$/.exec(name) ?? [];
  const slope = word === undefined ? DEFAULT_SLOPE : Number(word);
  if (!name.startsWith('leaky-relu') || !Number.isFinite(slope) || (word === undefined && name !== 'leaky-relu')) {
    throw new ParameterError(`unknown activation '${name}'; known activations: ${activationNames().join(', ')}`);
  }
  return leakyRelu(slope);
}

/** Central difference with the step at which truncation and rounding balance; relative error ~1e-9 for smooth f. */
function difference(f: (x: number) => number): (x: number) => number {
  return (x) => {
    const step = 1e-3 * Math.max(1, Math.abs(x));
    const near = (f(x + step) - f(x - step)) / (2 * step);
    const far = (f(x + 2 * step) - f(x - 2 * step)) / (4 * step);
    return near + (near - far) / 3;
  };
}

/**
 * Makes an activation known by its name, in this thread. Derivatives that are left out are taken by differences (relative
 * error ~1e-9), φ² counts as odd unless `evenSquare` says otherwise (always right, at half the speed), and the gain is φ(x)/x squared.
 * @throws ParameterError where the name is taken or isn't letters, digits and hyphens, or φ doesn't give numbers
 */
export function registerActivation(definition: ActivationDefinition): Activation {
  const { name, phi } = definition;
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new ParameterError(`the name of an activation must be lower-case letters, digits and hyphens, got '${name}'`);
  }
  if (builtIn.has(name)) throw new ParameterError(`'${name}' is a built-in activation; choose another name`);
  const bad = [-1, 0, 1e-8, 1].find((x) => !Number.isFinite(phi(x)));
  if (bad !== undefined) {
    throw new ParameterError(`activation '${name}' must give a finite number, got ${phi(bad)} at ${bad}`);
  }
  const derivative = definition.derivative ?? difference(phi);
  const made: Activation = {
    name,
    phi,
    derivative,
    secondDerivative: definition.secondDerivative ?? difference(derivative),
    evenSquare: definition.evenSquare ?? false,
  };
  const gain = definition.gain ?? (phi(0) === 0 ? ratioGain(phi, derivative) : undefined);
  registry.set(name, gain === undefined ? made : { ...made, gain });
  return registry.get(name)!;
}
