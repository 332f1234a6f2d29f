import { PipelineError } from '../error.ts';
import type { Composition, Pipeline } from '../pipeline.ts';

/** What came in place of something, in words. */
function shown(value: unknown): string {
  if (value instanceof Promise) return 'a promise: it must be there at once';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/**
 * Throws unless what `compose` gives is a composition: in a script without types nothing else has held it to that.
 * @throws PipelineError naming what is missing
 */
export function checkShape({ name }: Pick<Pipeline, 'name'>, composed: unknown): asserts composed is Composition {
  const must = (what: string, expected: string, value: unknown, holds: boolean): void => {
    if (!holds) throw new PipelineError(`${what} of pipeline ${name} must be ${expected}, got ${shown(value)}`);
  };
  const isObject = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !(value instanceof Promise);
  if (!isObject(composed))
    throw new PipelineError(`compose of pipeline ${name} must return an object, got ${shown(composed)}`);
  const { ensembles, stop, stages, reducer, results } = composed as Partial<Composition>;
  must('ensembles', 'a list', ensembles, Array.isArray(ensembles));
  must('stop', 'an object such as { perturbations: 1000 }', stop, isObject(stop));
  must('stages', 'a function of a partition', stages, typeof stages === 'function');
  must('results', 'a function of what the ensembles came to', results, typeof results === 'function');
  must('reducer', 'an object with init, step, merge and finish', reducer, isObject(reducer));
  for (const part of ['init', 'step', 'merge', 'finish'] as const) {
    const of = `${part} of reducer '${reducer!.name}'`;
    must(of, 'a function', reducer![part], typeof reducer![part] === 'function');
  }
}

/**
 * Throws unless `results` gave tables.
 * @throws PipelineError naming the pipeline, or the table
 */
export function checkTables({ name }: Pick<Pipeline, 'name'>, made: unknown): void {
  if (typeof made !== 'object' || made === null || made instanceof Promise)
    throw new PipelineError(`results of pipeline ${name} must return tables by their names, got ${shown(made)}`);
  for (const [table, rows] of Object.entries(made)) {
    if (!Array.isArray(rows))
      throw new PipelineError(
        `results of pipeline ${name} must give table '${table}' as a list of rows, got ${shown(rows)}`,
      );
  }
}
