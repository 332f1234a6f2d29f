import { messageOf, PipelineError } from '../error.ts';
import type { Reducer } from './reducer.ts';

/** Where in a value the first thing lies that no thread can be sent, as `.sums[2]`. */
function uncloneable(value: unknown, path = '', seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null || seen.has(value)) return path;
  seen.add(value);
  const inner: (readonly [string, unknown])[] =
    value instanceof Map || value instanceof Set
      ? [...value.entries()].flatMap(([key, each]) => [
          [`${path}.keys()`, key] as const,
          [`${path}.get(${String(key)})`, each] as const,
        ])
      : Object.entries(value).map(([key, each]) => [Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, each]);
  for (const [at, each] of inner) {
    try {
      structuredClone(each);
    } catch {
      return uncloneable(each, at, seen);
    }
  }
  return path;
}

/** Where in a state the first object lies whose class has methods, which a clone has no more. */
function classOf(value: unknown, at = ''): { readonly at: string; readonly name: string } | undefined {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  // The first of many says what all of them are.
  if (Array.isArray(value)) return classOf(value[0], `${at}[0]`);
  if (value instanceof Map || value instanceof Set) return classOf([...value.values()][0], `${at}.values()`);
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    const { name } = prototype.constructor;
    const own = !Object.hasOwn(globalThis, name) && Object.getOwnPropertyNames(prototype).length > 1;
    return own ? { at, name } : undefined;
  }
  for (const [key, each] of Object.entries(value)) {
    const found = classOf(each, `${at}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a state that can't be sent to another thread is refused with: the reducer, the field and what lies there. */
export function notCloneable({ name }: Pick<Reducer, 'name'>, state: unknown, cause: unknown): PipelineError {
  const at = uncloneable(state);
  const what = messageOf(cause);
  return new PipelineError(
    `a state of reducer '${name}' must be plain data, which goes to other threads and into checkpoints: ${at === '' ? 'it' : `its ${at}`} is not (${what.trim()})`,
    { cause },
  );
}

/**
 * A structured clone of a reducer's state.
 * @throws PipelineError that names reducer and field where there is none
 */
export function cloned<State>(reducer: Pick<Reducer, 'name'>, state: State): State {
  const lost = classOf(state);
  if (lost !== undefined) {
    throw new PipelineError(
      `a state of reducer '${reducer.name}' must be plain data, which goes to other threads and into checkpoints: ${lost.at === '' ? 'it' : `its ${lost.at}`} is of class ${lost.name}, whose methods are lost there`,
    );
  }
  try {
    return structuredClone(state);
  } catch (error) {
    throw notCloneable(reducer, state, error);
  }
}
