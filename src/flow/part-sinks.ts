import type { ParquetOptions } from '../store/parquet/encoder.ts';
import type { OpenSink } from './execute.ts';

/**
 * Opens Parquet part files in a run folder for the tables that the run records.
 * @param folder undefined records nothing
 * @param staged by another process than the one that writes the folder
 */
export async function partSinks(
  folder: string | undefined,
  record: readonly string[],
  { encodings = 'portable' }: Pick<ParquetOptions, 'encodings'> = {},
  staged = false,
): Promise<OpenSink> {
  if (folder === undefined || record.length === 0) return () => undefined;
  const open = staged
    ? (await import('../store/staged-part.ts')).stagedPartSink
    : (await import('../store/part-sink.ts')).partSink;
  return (table, partition) => (record.includes(table) ? open(folder, table, partition, { encodings }) : undefined);
}
