import type { OpenSink } from './execute.ts';

/**
 * Opens Parquet part files in a run folder for the tables that the run records.
 * @param folder undefined records nothing
 */
export async function partSinks(folder: string | undefined, record: readonly string[]): Promise<OpenSink> {
  if (folder === undefined || record.length === 0) return () => undefined;
  const { partSink } = await import('../store/part-sink.ts');
  return (table, partition) => (record.includes(table) ? partSink(folder, table, partition) : undefined);
}
