import { didYouMean, ParameterError, PipelineError } from '../error.ts';
import { knowTables } from '../flow/load.ts';
import { distinct } from '../parameter.ts';
import type { Composition, Declared, Pipeline, Tables } from '../pipeline.ts';
import { tableSchema } from '../schema/table.ts';

const nameOf = (table: Declared): string => (typeof table === 'string' ? table : table.name);

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

/** Whether a pipeline makes the table of ensembles itself: every run has one. */
export const describesEnsembles = ({ tables = [] }: Pick<Pipeline, 'tables'>): boolean =>
  tables.some((table) => nameOf(table) === 'ensemble');

/** Names of the tables that a pipeline can record, and of those of its runs' results. */
export function declaredBy(pipeline: Pick<Pipeline, 'records' | 'tables'>) {
  const { records = [], tables = [] } = pipeline;
  return {
    records: records.map(nameOf),
    tables: [...(describesEnsembles(pipeline) ? [] : ['ensemble']), ...tables.map(nameOf)],
  };
}

/**
 * Throws unless there is a definition of every table that the pipeline declares, and it can record those asked for.
 * @throws SchemaError for a table without a definition, ParameterError for one to record that the pipeline doesn't declare, or that is asked for twice
 */
export function checkDeclared(pipeline: Pipeline, record: readonly string[] = []): void {
  const { records, tables } = declaredBy(pipeline);
  knowTables(pipeline);
  for (const name of [...records, ...tables]) tableSchema(name);
  for (const name of distinct('record', record)) {
    if (records.includes(name)) continue;
    const meant = didYouMean(name, records);
    throw new ParameterError(
      `pipeline ${pipeline.name} doesn't record table '${name}'${meant || `, it records ${listed(records)}`}`,
    );
  }
}

/**
 * Throws unless a pipeline's results are tables that it declares.
 * @throws PipelineError naming the table
 */
export function checkMade(pipeline: Pipeline, made: readonly string[]): void {
  const { tables } = declaredBy(pipeline);
  for (const name of made) {
    if (tables.includes(name)) continue;
    throw new PipelineError(
      `pipeline ${pipeline.name} made table '${name}', which it doesn't declare: its tables are ${listed(tables)}`,
    );
  }
}

/** Tables as a run gives them: every one that its pipeline declares, without rows where it wasn't made. */
export function withAll(pipeline: Pipeline, made: Tables): Tables {
  const none = Object.fromEntries(declaredBy(pipeline).tables.map((name) => [name, []]));
  return { ...none, ...made };
}

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
