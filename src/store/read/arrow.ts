import type { FileHandle } from 'node:fs/promises';
import { DataType, RecordBatchReader, type Vector } from 'apache-arrow';
import { StoreError } from '../../error.ts';
import type { TableFile } from './table-file.ts';
import { type ColumnValues, columnValues } from './values.ts';

function valuesOf(vector: Vector): ColumnValues | undefined {
  const { type } = vector;
  const plain = DataType.isInt(type) || (DataType.isFloat(type) && type.precision > 0);
  return columnValues(plain && vector.nullCount === 0 ? (vector.toArray() as ArrayLike<number>) : [...vector]);
}

/**
 * Opens an Arrow IPC file or stream; chunks are its record batches.
 * @throws StoreError where it can't be read
 */
export async function arrowFile(
  name: string,
  source: FileHandle | AsyncIterable<Uint8Array>,
  close: () => Promise<void>,
): Promise<TableFile> {
  const failed = (error: unknown): never => {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${name} can't be read as Arrow IPC: ${(error as Error).message}`, { cause: error });
  };
  const open = async () => {
    const reader = await RecordBatchReader.from(source as AsyncIterable<Uint8Array>);
    await reader.open();
    // Without a schema message the reader is silently empty.
    if (reader.schema === undefined) throw new Error('it has no schema');
    return reader;
  };
  const reader = await open().catch(failed);
  return {
    name,
    columns: reader.schema.fields.map((field) => field.name),
    async *chunks(names) {
      try {
        for await (const batch of reader) {
          const columns: Record<string, ColumnValues> = {};
          for (const column of names) {
            const values = valuesOf(batch.getChild(column)!);
            if (values === undefined)
              throw new StoreError(`column '${column}' of ${name} holds neither numbers, texts nor booleans`);
            columns[column] = values;
          }
          yield { rows: batch.numRows, columns };
        }
      } catch (error) {
        failed(error);
      }
    },
    close,
  };
}
