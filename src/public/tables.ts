/**
 * Tables: definitions, batches, rows, files.
 *
 * ```ts
 * import { column, defineTable, rowsToBatch } from 'crackle';
 *
 * defineTable({
 *   name: 'deepest',
 *   version: 1,
 *   doc: 'Deepest layer.',
 *   fields: [{ name: 'layer', type: 'int32', unit: 'layer', doc: 'The layer.' }],
 * });
 * console.log(column(rowsToBatch('deepest', [{ layer: 3 }]), 'layer')[0]); // 3
 * ```
 */

export {
  arrowSchema,
  type Batch,
  type BatchOf,
  type Columns,
  column,
  makeBatch,
  type NumericColumn,
} from '../schema/batch.ts';
export type * from '../schema/columns.ts';
export { orNull, type Row, rowsToBatch } from '../schema/rows.ts';
export type { SizeKind } from '../schema/size.ts';
export {
  defineTable,
  type Field as TableField,
  type FieldType,
  type RowOf,
  type TableSchema,
  tableNames,
  tableSchema,
  type Values as FieldValues,
} from '../schema/table.ts';
export type { NewFileOptions } from '../store/file.ts';
export type { Codec as ParquetCodec } from '../store/parquet/compress.ts';
export type { ParquetOptions } from '../store/parquet/encoder.ts';
export type { EncodingSet } from '../store/parquet/encoding-set.ts';
export type { ParquetSinkOptions } from '../store/parquet/sink.ts';
export {
  type ColumnChunk,
  type ColumnValues,
  readChunks,
  readMetadata,
  readRows,
  readTable,
} from '../store/read-table.ts';
export type { Part, Sink } from '../store/sink.ts';
export { writeTable } from '../store/write-table.ts';
