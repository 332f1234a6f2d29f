import { partSink } from '../store/dataset.ts';
import type { OpenSink } from './execute.ts';

/**
 * Opens Parquet part files in a run folder for the tables that the run records.
 * @param folder undefined records nothing
 */
export function partSinks(folder: string | undefined, record: readonly string[]): OpenSink {
  return (table, partition) =>
    folder !== undefined && record.includes(table) ? partSink(folder, table, partition) : undefined;
}
