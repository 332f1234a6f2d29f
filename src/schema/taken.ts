import type { RecordBatch } from 'apache-arrow';
import { SchemaError } from '../error.ts';
import { tableOf } from './batch.ts';
import type { TableName } from './columns.ts';
import { isShipped } from './table.ts';

/** What came in place of a batch, in words. */
function shown(value: unknown): string {
  if (value instanceof Promise)
    return 'a promise: a stage before it that awaits something needs concatMap in place of map';
  return typeof value === 'object' && value !== null
    ? `an object of ${value.constructor?.name ?? 'no class'}`
    : String(value);
}

/**
 * Throws unless what came by is a record batch, of whichever copy of Arrow.
 * @throws SchemaError that names who takes it and what came
 */
export function checkIsBatch(taker: string, batch: Partial<RecordBatch> | undefined): void {
  if (batch?.schema === undefined) throw new SchemaError(`${taker} takes record batches, and got ${shown(batch)}`);
}

/**
 * A batch that a stage takes, if it may: of its table, or of one of a pipeline's own, which has the columns or is told which it lacks.
 * @throws SchemaError that names the stage, what it takes and what came, and what must stand before it
 */
export function taken(stage: string, table: TableName, batch: RecordBatch): RecordBatch {
  checkIsBatch(`${stage}()`, batch);
  const found = tableOf(batch);
  if (found === undefined || found === table || !isShipped(found)) return batch;
  const remedy =
    table === 'perturbation'
      ? 'only partition.perturbation$ gives those, so it must stand first'
      : `the stage that makes ${table} batches must stand before it, and none between that makes others of them`;
  throw new SchemaError(`${stage}() takes ${table} batches, and got ${found} batches: ${remedy}`);
}
