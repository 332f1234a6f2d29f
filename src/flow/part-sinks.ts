import { isBucketAddress } from '../store/address.ts';
import type { ParquetOptions } from '../store/parquet/encoder.ts';
import type { OpenSink } from './execute.ts';

/**
 * Opens Parquet part files in a run folder for the tables that the run records.
 * @param folder a path, or the address of a bucket; undefined records nothing
 * @param staged by another process than the one that writes the folder
 */
export async function partSinks(
  folder: string | undefined,
  record: readonly string[],
  { encodings = 'portable', metadata = {} }: Pick<ParquetOptions, 'encodings' | 'metadata'> = {},
  staged = false,
): Promise<OpenSink> {
  if (folder === undefined || record.length === 0) return () => undefined;
  const options = { encodings, metadata };
  if (isBucketAddress(folder)) {
    const { bucketPartSink } = await import('../store/s3/part-sink.ts');
    return (table, partition) =>
      record.includes(table) ? bucketPartSink(folder, table, partition, options) : undefined;
  }
  const open = staged
    ? (await import('../store/staged-part.ts')).stagedPartSink
    : (await import('../store/part-sink.ts')).partSink;
  return (table, partition) => (record.includes(table) ? open(folder, table, partition, options) : undefined);
}
