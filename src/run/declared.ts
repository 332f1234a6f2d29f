import { didYouMean, ParameterError, PipelineError } from '../error.ts';
import { knowTables } from '../flow/load.ts';
import type { Declared, Pipeline, Tables } from '../pipeline.ts';
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
 * @throws SchemaError for a table without a definition, ParameterError for one to record that the pipeline doesn't declare
 */
export function checkDeclared(pipeline: Pipeline, record: readonly string[] = []): void {
  const { records, tables } = declaredBy(pipeline);
  knowTables(pipeline);
  for (const name of [...records, ...tables]) tableSchema(name);
  for (const name of record) {
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
