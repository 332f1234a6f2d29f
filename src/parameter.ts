import * as z from 'zod/mini';
import { decimal } from './decimal.ts';
import { didYouMean, enumerated, ParameterError, quoted } from './error.ts';

/** Declaration of one parameter as data: it drives types, validation, command-line flags, `--help` and the manifest. */
export interface ParameterSpec<T = unknown> {
  readonly doc: string;
  readonly default: T;
  /** What a value looks like, for `--help`: `number`, `width,width,…`. */
  readonly placeholder: string;
  /** The word that a command-line flag without one stands for; undefined where a word is needed. */
  readonly bare?: string;
  /** What is expected, for errors: `a positive integer`. */
  readonly expected: string;
  readonly schema: z.core.$ZodType<T>;
  /** From a command-line word. Returns undefined where the word can't be read. */
  readonly parse: (word: string) => unknown;
  /** Beside which other values it has no effect, in words that go on from "has no effect"; undefined where it has one. Whoever gives it is told. */
  readonly idle?: (values: Readonly<Record<string, unknown>>) => string | undefined;
  /** Which other values it contradicts, in words that go on from its name; undefined where there are none. Whoever gives it is refused. */
  readonly contradicts?: (values: Readonly<Record<string, unknown>>) => string | undefined;
  /** The parameter that it must be greater than, where both are numbers. */
  readonly lower?: string;
}

/** Declared parameters by name. */
export type ParameterSpecs = Record<string, ParameterSpec>;

/** The checked values of declared parameters. */
export type ValuesOf<P extends ParameterSpecs> = {
  readonly [K in keyof P]: P[K] extends ParameterSpec<infer T> ? T : never;
};

/** A parameter of a kind of its own. */
export function parameter<T>(
  doc: string,
  fallback: T,
  placeholder: string,
  expected: string,
  schema: z.core.$ZodType<T>,
  parse: (word: string) => unknown,
): ParameterSpec<T> {
  return { doc, default: fallback, placeholder, expected, schema, parse };
}

/** A whole number ≥ `min` (default 1). Words like `1e6` are read. */
export function integer(doc: string, fallback: number, min = 1, max = Number.MAX_SAFE_INTEGER): ParameterSpec<number> {
  const expected =
    max < Number.MAX_SAFE_INTEGER
      ? `an integer from ${min} to ${max}`
      : min === 1
        ? 'a positive integer'
        : `an integer of at least ${min}`;
  return parameter(doc, fallback, 'integer', expected, z.int().check(z.gte(min), z.lte(max)), decimal);
}

/** A number as people write it: 1e25 for 1e+25. */
const written = (value: number): string => String(value).replace('e+', 'e');

/** A finite number, within [min, max] where given. */
export function real(doc: string, fallback: number, min = -Infinity, max = Infinity): ParameterSpec<number> {
  const bounds =
    min > -Infinity && max < Infinity
      ? ` from ${written(min)} to ${written(max)}`
      : min > -Infinity
        ? ` of at least ${written(min)}`
        : max < Infinity
          ? ` of at most ${written(max)}`
          : '';
  return parameter(
    doc,
    fallback,
    'number',
    `a finite number${bounds}`,
    z.number().check(z.gte(min), z.lte(max)),
    decimal,
  );
}

/** A number > 0. */
export function positive(doc: string, fallback: number): ParameterSpec<number> {
  return parameter(doc, fallback, 'number', 'a positive finite number', z.number().check(z.positive()), decimal);
}

/** A parameter that has no effect beside some values of others. @param why says beside which, or nothing */
export const idleWhere = <S extends object>(
  spec: S,
  why: (values: Readonly<Record<string, unknown>>) => string | undefined,
): S => ({ ...spec, idle: why });

/** A parameter that can't be given beside some values of others. @param why says beside which, or nothing */
export const refusedWhere = <S extends object>(
  spec: S,
  why: (values: Readonly<Record<string, unknown>>) => string | undefined,
): S => ({ ...spec, contradicts: why });

/** The upper end of a range. @param lower name of the parameter that is its lower end */
export const above = <S extends object>(spec: S, lower: string): S => ({ ...spec, lower });

/** A list of values of another parameter, separated by commas on the command line. */
export function list<T>(
  doc: string,
  fallback: readonly NoInfer<T>[],
  each: ParameterSpec<T>,
): ParameterSpec<readonly T[]> {
  return parameter<readonly T[]>(
    doc,
    fallback,
    `${each.placeholder},…`,
    `a list of one or more, each ${each.expected}`,
    z.array(each.schema).check(z.minLength(1)) as z.core.$ZodType<readonly T[]>,
    (word) => word.split(',').map((part) => each.parse(part)),
  );
}

/** One of a few words. */
export function choice<const T extends string>(
  doc: string,
  fallback: NoInfer<T>,
  options: readonly T[],
): ParameterSpec<T> {
  return parameter(
    doc,
    fallback,
    options.join('|'),
    `one of ${options.join(', ')}`,
    z.literal(options),
    (word) => word,
  );
}

/**
 * Values of a list that must differ.
 * @throws ParameterError naming the list and the value that comes twice
 */
export function distinct<T>(name: string, values: readonly T[]): readonly T[] {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) throw new ParameterError(`${name} must differ, got ${twice} twice`);
  return values;
}

/** Of a list of words one of which is `none`: that it can't stand among others; undefined where it doesn't. */
export const noneOr = (words: unknown): string | undefined =>
  Array.isArray(words) && words.length > 1 && words.includes('none')
    ? `must be none alone, or others without it, got ${words.join(',')}`
    : undefined;

/** A text that `check` accepts. */
export function text(
  doc: string,
  fallback: string,
  expected = 'a text',
  check: (word: string) => boolean = () => true,
): ParameterSpec<string> {
  return parameter(doc, fallback, 'text', expected, z.string().check(z.refine(check)), (word) => word);
}

/** True or false; true where its command-line flag stands alone. */
export function flag(doc: string, fallback: boolean): ParameterSpec<boolean> {
  const words: Record<string, boolean> = { true: true, false: false, '': true };
  return {
    ...parameter(doc, fallback, 'true|false', 'true or false', z.boolean(), (word) => words[word]),
    bare: 'true',
  };
}

/** A parameter that may be left out: undefined then. */
export function optional<T>(each: ParameterSpec<T>): ParameterSpec<T | undefined> {
  return { ...each, default: undefined, schema: z.optional(each.schema) };
}

/** A parameter that may be left to be chosen: `auto` on the command line, null as a value. */
export function auto<T>(each: ParameterSpec<T>): ParameterSpec<T | null> {
  return parameter<T | null>(
    each.doc,
    null,
    `${each.placeholder}|auto`,
    `${each.expected}, or auto`,
    z.nullable(each.schema),
    (word) => (word === 'auto' ? null : each.parse(word)),
  );
}

/** An upper cutoff: a value, `auto` (null) where it is to be found, or `none`. */
export function upperCutoff(each: ParameterSpec<number>): ParameterSpec<number | 'none' | null> {
  return parameter<number | 'none' | null>(
    each.doc,
    null,
    `${each.placeholder}|auto|none`,
    `${each.expected}, auto or none`,
    z.union([each.schema, z.literal('none'), z.null()]),
    (word) => (word === 'auto' ? null : word === 'none' ? word : each.parse(word)),
  );
}

/** A value as a message shows it. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return shownList(value);
  if (typeof value === 'number') return written(value);
  if (typeof value === 'string') return quoted(value);
  return (
    JSON.stringify(value, (_key, part) => (typeof part === 'number' && !Number.isFinite(part) ? String(part) : part)) ??
    'nothing'
  );
}

/** A value of a list as a message shows it, with the list where it isn't all of it. */
const shownIn = (values: readonly unknown[], at: number): string =>
  values.length === 1 ? shown(values[at]) : `${shown(values[at])} in ${shownList(values)}`;

function shownList(values: readonly unknown[]): string {
  return values.length === 0 ? 'an empty list' : `the list ${enumerated(values.map(shown))}`;
}

/** camelCase name of a parameter as a command-line flag: `weightVariance` → `weight-variance`. */
export function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Checks values against their declarations and fills in defaults.
 * @throws ParameterError for an unknown name or a value of the wrong kind, naming it and what was expected, or for an upper end that isn't above its lower one
 */
export function checkParameters<P extends ParameterSpecs>(specs: P, given: Record<string, unknown>): ValuesOf<P> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(specs, name)) {
      const known = Object.keys(specs).map(flagName);
      const meant = didYouMean(flagName(name), known);
      throw new ParameterError(
        `unknown parameter '${flagName(name)}'${meant || `; known parameters: ${known.join(', ')}`}`,
      );
    }
  }
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = given[name] === undefined ? spec.default : given[name];
    const { error } = z.safeParse(spec.schema, value);
    if (error !== undefined) {
      const which = given[name] === undefined ? `the default of ${flagName(name)}` : flagName(name);
      const at = Array.isArray(value) ? error.issues[0]?.path[0] : undefined;
      const got = typeof at === 'number' ? shownIn(value as unknown[], at) : shown(value);
      const [issue] = error.issues;
      const isUncounted = issue?.code === 'too_big' && issue.maximum === Number.MAX_SAFE_INTEGER;
      throw new ParameterError(
        `${which} must be ${spec.expected}, got ${got}${isUncounted ? `, beyond ${Number.MAX_SAFE_INTEGER}` : ''}`,
      );
    }
    values[name] = value;
  }
  for (const [name, { lower }] of Object.entries(specs)) if (lower !== undefined) checkRange(values, lower, name);
  return values as ValuesOf<P>;
}

function checkRange(values: Readonly<Record<string, unknown>>, low: string, high: string): void {
  const [from, to] = [values[low], values[high]];
  if (typeof from !== 'number' || typeof to !== 'number' || to > from) return;
  throw new ParameterError(
    `${flagName(high)} must be greater than ${flagName(low)} = ${written(from)}, got ${written(to)}`,
  );
}

/**
 * What is to be said of parameters that somebody gave and that do nothing beside the other values.
 * @param names of those that were given
 * @throws ParameterError for one that contradicts another
 */
export function idleInWords(
  specs: ParameterSpecs,
  names: Iterable<string>,
  values: Readonly<Record<string, unknown>>,
): string[] {
  return [...names].flatMap((name) => {
    const { idle, contradicts } = specs[name]!;
    const against = contradicts?.(values);
    if (against !== undefined) throw new ParameterError(`${flagName(name)} ${against}`);
    const why = idle?.(values);
    return why === undefined ? [] : [`${flagName(name)} has no effect ${why}`];
  });
}

/**
 * Reads command-line words into values, still to be checked.
 * @throws ParameterError for a word that can't be read
 */
export function parseParameter(name: string, spec: ParameterSpec, word: string): unknown {
  const value = spec.parse(word);
  const unread = (each: unknown): boolean =>
    each === undefined || (typeof each === 'number' && Number.isNaN(each) && !/nan/i.test(word));
  const at = Array.isArray(value) ? value.findIndex(unread) : -1;
  if (at >= 0 || unread(value)) {
    const part = at >= 0 ? word.split(',')[at] : word;
    const within = part === word ? '' : ` in ${shown(word)}`;
    throw new ParameterError(`${flagName(name)} must be ${spec.expected}, got ${shown(part)}${within}`);
  }
  return value;
}
