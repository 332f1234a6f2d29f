import { PipelineError } from '../error.ts';
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

/** What a state that can't be sent to another thread is refused with: the reducer, the field and what lies there. */
export function notCloneable({ name }: Pick<Reducer, 'name'>, state: unknown, cause: unknown): PipelineError {
  const at = uncloneable(state);
  const what = cause instanceof Error ? cause.message : String(cause);
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
  try {
    return structuredClone(state);
  } catch (error) {
    throw notCloneable(reducer, state, error);
  }
}
