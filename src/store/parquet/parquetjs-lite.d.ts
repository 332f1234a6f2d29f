// The inner modules of parquetjs-lite 0.8 that the writer is made of; the package has no types of its own.
declare module 'parquetjs-lite/lib/schema.js' {
  export interface FieldDefinition {
    type: string;
    optional: boolean;
    compression: string;
  }
  export class ParquetSchema {
    constructor(fields: Record<string, FieldDefinition>);
  }
}

declare module 'parquetjs-lite/lib/writer.js' {
  import type { ParquetSchema } from 'parquetjs-lite/lib/schema.js';
  /** The row-wise writer, which only the benchmark uses: its reference. */
  export class ParquetWriter {
    static openFile(schema: ParquetSchema, path: string): Promise<ParquetWriter>;
    appendRow(row: Record<string, unknown>): Promise<void>;
    close(): Promise<void>;
  }
}

declare module 'parquetjs-lite/gen-nodejs/parquet_types.js' {
  import type { TCompactProtocol } from 'parquetjs-lite/modules/thrift-lite/index.js';

  // Node sees the classes as named exports, but the enumerations only on the default one.
  const enumerations: {
    readonly Type: Readonly<Record<string, number>>;
    readonly Encoding: { readonly RLE: number };
    readonly ConvertedType: Readonly<Record<string, number>>;
    readonly FieldRepetitionType: Readonly<Record<string, number>>;
    readonly CompressionCodec: Readonly<Record<string, number>>;
    readonly PageType: { readonly DATA_PAGE: number };
  };
  export default enumerations;
  export class Statistics {
    constructor(values: { null_count: number; min?: Buffer; max?: Buffer; min_value?: Buffer; max_value?: Buffer });
  }
  export class DataPageHeader {
    constructor(values: {
      num_values: number;
      encoding: number;
      definition_level_encoding: number;
      repetition_level_encoding: number;
    });
  }
  export class PageHeader {
    constructor(values: {
      type: number;
      uncompressed_page_size: number;
      compressed_page_size: number;
      data_page_header: DataPageHeader;
    });
    write(output: TCompactProtocol): void;
  }
  export class ColumnMetaData {
    constructor(values: {
      type: number | undefined;
      encodings: number[];
      path_in_schema: string[];
      codec: number | undefined;
      num_values: number;
      total_uncompressed_size: number;
      total_compressed_size: number;
      data_page_offset: number;
      statistics: Statistics;
    });
  }
  export class ColumnChunk {
    constructor(values: { file_offset: number; meta_data: ColumnMetaData });
  }
  export class RowGroup {
    constructor(values: { columns: ColumnChunk[]; total_byte_size: number; num_rows: number });
    write(output: TCompactProtocol): void;
  }
  export class SchemaElement {
    constructor(values: {
      name: string;
      type?: number | undefined;
      repetition_type?: number | undefined;
      converted_type?: number | undefined;
      num_children?: number;
    });
  }
  export class KeyValue {
    constructor(values: { key: string; value: string });
  }
  export class FileMetaData {
    constructor(values: {
      version: number;
      schema: SchemaElement[];
      num_rows: number;
      row_groups: RowGroup[];
      key_value_metadata: KeyValue[];
      created_by: string;
    });
    write(output: TCompactProtocol): void;
  }
}

declare module 'parquetjs-lite/lib/util.js' {
  /** The reference of src/store/parquet/thrift.ts, which only its test uses. */
  export function serializeThrift(value: object): Buffer;
}

declare module 'parquetjs-lite/modules/thrift-lite/index.js' {
  export class TCompactProtocol {
    constructor(transport: { write(bytes: Uint8Array): void });
    writeByte(value: number): void;
    writeVarint32(value: number): void;
    writeI64(value: number): void;
    writeString(value: string): void;
  }
  export interface ThriftStruct {
    write(output: TCompactProtocol): void;
  }
}

declare module 'parquetjs-lite/lib/compression.js' {
  export function deflate(codec: string, bytes: Buffer): Buffer;
}

declare module 'parquetjs-lite/lib/reader.js' {
  /** The row-wise reader, which only tests use: others read with it. */
  export class ParquetReader {
    static openFile(path: string): Promise<ParquetReader>;
    getCursor(): { next(): Promise<Record<string, unknown> | null> };
    close(): Promise<void>;
  }
}
