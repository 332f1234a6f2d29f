import { isBucketAddress } from '../store/address.ts';
import { imprintOf } from '../store/imprint.ts';
import type { Manifest } from '../store/manifest.ts';
import type { ParquetOptions } from '../store/parquet/encoder.ts';
import type { OpenSink } from './execute.ts';

/** How part files are written. */
export type PartOptions = Pick<ParquetOptions, 'encodings' | 'metadata'>;

/** How the part files of a run are written, from its manifest. */
export const partOptions = (manifest: Manifest | undefined): PartOptions =>
  manifest === undefined ? {} : { encodings: manifest.parquet, metadata: imprintOf(manifest, 'part') };

/**
 * Opens Parquet part files in a run folder for the tables that the run records.
 * @param folder a path, or the address of a bucket; undefined records nothing
 * @param staged by another process than the one that writes the folder
 */
export async function partSinks(
  folder: string | undefined,
  record: readonly string[],
  { encodings = 'portable', metadata = {} }: PartOptions = {},
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
