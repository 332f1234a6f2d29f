import { ParameterError } from '../error.ts';
import type { BootstrapFlags } from './fit-bootstrap.ts';
import type { Condition } from './fit-rows.ts';

/** The threshold of a recorded trace: a number, or one that is found in the trace. */
export type ThresholdFlag = number | 'mean' | 'median' | { readonly quantile: number };

/** The flags of `crackle fit`, read. */
export interface FitFlags extends BootstrapFlags {
  readonly column?: string;
  readonly avalanches?: readonly [size: string, duration: string];
  readonly trace?: string | true;
  readonly where: readonly Condition[];
  /** undefined: detected. */
  readonly discrete: boolean | undefined;
  readonly xmin?: number | 'auto';
  readonly xmax?: number | 'auto' | null;
  readonly candidates?: number | 'all';
  readonly alternatives: boolean;
  /** Fewest decades between cutoffs that are both found. */
  readonly decades: number;
  readonly exact?: boolean;
  readonly rawLimit: number;
  readonly skipMissing?: boolean;
  readonly threshold?: ThresholdFlag;
  readonly above?: boolean;
  readonly size?: 'signal' | 'excess';
  readonly trial?: string;
  readonly timeBin?: number | 'mean';
  readonly blockBy?: string;
  readonly blocks: number;
  readonly sizeMin: number | 'auto';
  readonly sizeMax: number | 'auto' | null;
  readonly durationMin: number | 'auto';
  readonly durationMax: number | 'auto' | null;
  readonly collapseMin: number;
  readonly collapseMax?: number;
  readonly scalingCount: number;
  readonly profileCount: number;
  readonly profilePoints: number;
  readonly figure?: string;
  readonly json?: boolean;
  readonly out?: string;
}

const numberOf = (word: string): number => (word.trim() === '' ? Number.NaN : Number(word));

/** A positive number or `auto`. */
export const lowerCutoff =
  (name: string) =>
  (word: string): number | 'auto' => {
    if (word === 'auto') return 'auto';
    const value = numberOf(word);
    if (!(value > 0 && value < Infinity))
      throw new ParameterError(`${name} must be a positive number or auto, got ${word}`);
    return value;
  };

/** A positive number, `auto` or `none`. */
export const upperCutoff =
  (name: string) =>
  (word: string): number | 'auto' | null => {
    if (word === 'auto') return 'auto';
    if (word === 'none') return null;
    const value = numberOf(word);
    if (!(value > 0 && value < Infinity))
      throw new ParameterError(`${name} must be a positive number, auto or none, got ${word}`);
    return value;
  };

export const positiveInteger =
  (name: string, least = 1) =>
  (word: string): number => {
    const value = numberOf(word);
    if (!(Number.isSafeInteger(value) && value >= least)) {
      throw new ParameterError(`${name} must be an integer of at least ${least}, got ${word}`);
    }
    return value;
  };

export const positiveNumber =
  (name: string) =>
  (word: string): number => {
    const value = numberOf(word);
    if (!(value > 0 && value < Infinity)) throw new ParameterError(`${name} must be a positive number, got ${word}`);
    return value;
  };

export function parseCandidates(word: string): number | 'all' {
  return word === 'all' ? 'all' : positiveInteger('candidates', 2)(word);
}

export function parseThreshold(word: string): ThresholdFlag {
  if (word === 'median' || word === 'mean') return word;
  const quantile = /^quantile:(.+)$/.exec(word);
  const value = numberOf(quantile?.[1] ?? word);
  if (quantile === null ? Number.isFinite(value) : value >= 0 && value <= 1) {
    return quantile === null ? value : { quantile: value };
  }
  throw new ParameterError(`threshold must be a number, median, mean or quantile:q with 0 ≤ q ≤ 1, got ${word}`);
}

export function parseTimeBin(word: string): number | 'mean' {
  return word === 'mean' ? 'mean' : positiveNumber('time-bin')(word);
}

export function parseAvalanches(word: string): [string, string] {
  const names = word.split(',').map((name) => name.trim());
  const [size, duration] = names;
  if (names.length !== 2 || !size || !duration) {
    throw new ParameterError(`avalanches must be the columns of size and duration, size,duration, got ${word}`);
  }
  return [size, duration];
}

/**
 * Holds flags against each other.
 * @throws ParameterError for flags that don't go together
 */
export function checkFlags(flags: FitFlags, given: ReadonlySet<string>): void {
  const refuse = (names: readonly string[], why: string): void => {
    for (const name of names) if (given.has(name)) throw new ParameterError(`${name} ${why}`);
  };
  if (flags.xmax !== undefined && flags.xmin !== undefined && flags.xmin !== 'auto') order('x', flags.xmin, flags.xmax);
  order('size-', flags.sizeMin, flags.sizeMax);
  order('duration-', flags.durationMin, flags.durationMax);
  if (flags.trace === undefined) {
    refuse(['threshold', 'above', 'size', 'trial', 'time-bin'], 'says how to find avalanches in a trace: give --trace');
  }
  const crackling = flags.trace !== undefined || flags.avalanches !== undefined;
  if (crackling) {
    refuse(['xmin', 'xmax'], 'is for one column: give --size-min, --size-max, --duration-min and --duration-max');
    refuse(['exact', 'candidates', 'raw-limit'], 'is for one column, not for avalanches');
  }
  if (flags.trace !== undefined) refuse(['avalanches', 'block-by'], "doesn't go together with --trace");
  if (flags.trial !== undefined) refuse(['time-bin'], "doesn't go together with --trial");
  if (flags.avalanches !== undefined) refuse(['column'], "doesn't go together with --avalanches");
}

function order(prefix: string, low: number | 'auto', high: number | 'auto' | null): void {
  if (typeof low === 'number' && typeof high === 'number' && !(high > low)) {
    throw new ParameterError(`${prefix}max must be greater than ${prefix}min = ${low}, got ${high}`);
  }
}
