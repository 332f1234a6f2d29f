import format, {
  FileMetaData,
  KeyValue,
  type RowGroup,
  SchemaElement,
} from 'parquetjs-lite/gen-nodejs/parquet_types.js';
import type { ParquetField } from '../../schema/parquet.ts';
import { serializeThrift } from './thrift.ts';

/** A flat table's columns, and the root that they stand under. */
function schemaOf(fields: readonly ParquetField[]): SchemaElement[] {
  const { Type, ConvertedType, FieldRepetitionType } = format;
  const columns = fields.map(
    ({ name, type, convertedType, repetition }) =>
      new SchemaElement({
        name,
        type: Type[type],
        repetition_type: FieldRepetitionType[repetition],
        ...(convertedType === undefined ? {} : { converted_type: ConvertedType[convertedType] }),
      }),
  );
  return [new SchemaElement({ name: 'root', num_children: fields.length }), ...columns];
}

/** The end of a Parquet file: what is in it, the length of that, and the magic (Parquet format, "File format"). */
export function footer(
  fields: readonly ParquetField[],
  rows: number,
  rowGroups: RowGroup[],
  about: Readonly<Record<string, string>>,
): Buffer {
  const metadata = serializeThrift(
    new FileMetaData({
      version: 1,
      schema: schemaOf(fields),
      num_rows: rows,
      row_groups: rowGroups,
      key_value_metadata: Object.entries(about).map(([key, value]) => new KeyValue({ key, value })),
      created_by: 'parquet.js',
    }),
  );
  const end = Buffer.alloc(8, 'PAR1');
  end.writeUInt32LE(metadata.length);
  return Buffer.concat([metadata, end]);
}
