import { ParameterError } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { RandomStream } from '../numeric/random.ts';
import type { ExactLaw } from './law/exact-law.ts';

/** Values of a process's parameters by name. */
export type ProcessParameters = Readonly<Record<string, number>>;

/** One realisation of a process on its way, begun anew for each perturbation; its memory is bounded by the activity of one layer. */
export interface Trajectory {
  /** Begins a realisation at layer 0; all that it draws comes from this stream. */
  begin(stream: RandomStream): void;
  /** The signal of the next layer: 1, 2, … Counts are exact in float32 up to 2²⁴. */
  next(): number;
}

/** Exponents that a process is known to have, P(S) ~ S^{−tau}, P(D) ~ D^{−alpha}, ⟨S⟩(D) ~ D^gamma. */
export interface KnownExponents {
  readonly tau: number;
  readonly alpha: number;
  readonly gamma: number;
  readonly source: string;
  /** Id of the universality class that has these exponents; null where none of the listed classes has. */
  readonly class: string | null;
}

/** A stochastic process whose avalanche exponents are known: a control for whatever measures exponents. */
export interface Process {
  /** Name of the engine. */
  readonly name: string;
  readonly doc: string;
  /** Parameters with their defaults, at which the process is critical. */
  readonly defaults: ProcessParameters;
  /** Layers L that are followed by default. */
  readonly depth: number;
  /** Avalanches that a control run takes by default. */
  readonly avalanches: number;
  /** Whether avalanches begin at layer 1, or are all excursions above the threshold within one long trace. */
  readonly rule: 'first-passage' | 'excursions';
  /** @throws ParameterError for values out of range, or a depth that the simulation can't hold */
  check(parameters: ProcessParameters, depth: number): void;
  /** Signal at layer 0, what the perturbation puts in. */
  drive(parameters: ProcessParameters): number;
  /** θ: an avalanche is under way while s_l ≥ θ; its size is Σ (s_l − θ). */
  threshold(parameters: ProcessParameters): number;
  /** Longest duration that the process itself is free of scale for; Infinity where only the depth cuts. */
  cutoff(parameters: ProcessParameters): number;
  /** Avalanches that a realisation of a given depth has on average, where it has many. */
  crop?(parameters: ProcessParameters, depth: number): number;
  /** Time of an avalanche, relative to one of branching: for the estimate of the time left. */
  readonly cost: number;
  trajectory(parameters: ProcessParameters): Trajectory;
  known(parameters: ProcessParameters): KnownExponents;
  /** Exact laws at finite durations and sizes, where they are known. */
  law?(parameters: ProcessParameters): ExactLaw;
}

/**
 * The least positive float32: a threshold that counts reach as soon as there is one, and from which the excess Σ (s_l − θ) of counts is Σ s_l,
 * to the last bit.
 */
export const leastActivity: number = 2 ** -149;

/**
 * The parameters of a process, defaults filled in.
 * @throws ParameterError for a parameter that the process doesn't have, or out of range
 */
export function parametersOf(control: Process, given: ProcessParameters, depth: number): ProcessParameters {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(control.defaults, name));
  if (unknown !== undefined) {
    const names = Object.keys(control.defaults).join(', ');
    throw new ParameterError(`process ${control.name} has the parameters ${names}, got '${unknown}'`);
  }
  const parameters = { ...control.defaults, ...given };
  control.check(parameters, depth);
  return parameters;
}

/** What a process is called: its name, and the parameters that aren't the default ones. */
export function labelOf(control: Process, parameters: ProcessParameters): string {
  const own = Object.entries(parameters).filter(([name, value]) => value !== control.defaults[name]);
  return [control.name, ...own.map(([name, value]) => `${name} = ${value}`)].join(', ');
}

/**
 * The ensemble of a process: a signal that no network makes, one neuron wide.
 * @throws ParameterError as `parametersOf`
 */
export function processEnsemble(
  control: Process,
  index: number,
  given: ProcessParameters = {},
  options: { readonly depth?: number; readonly label?: string } = {},
): Ensemble {
  const { depth = control.depth } = options;
  const parameters = parametersOf(control, given, depth);
  return {
    index,
    activation: 'none',
    width: 1,
    depth,
    weightVariance: 0,
    biasVariance: 0,
    inputStrength: control.drive(parameters),
    reuse: 1,
    model: options.label ?? labelOf(control, parameters),
    process: { name: control.name, parameters },
  };
}

/** @throws ParameterError unless a number is within [least, most] */
export function checkRange(name: string, value: number | undefined, least: number, most: number): void {
  if (!(value !== undefined && value >= least && value <= most)) {
    throw new ParameterError(`${name} must be a number from ${least} to ${most}, got ${value}`);
  }
}
