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
  import type { RowGroup } from 'parquetjs-lite/gen-nodejs/parquet_types.js';
  import type { ParquetSchema } from 'parquetjs-lite/lib/schema.js';
  /** The row-wise writer, which only the benchmark uses: its reference. */
  export class ParquetWriter {
    static openFile(schema: ParquetSchema, path: string): Promise<ParquetWriter>;
    appendRow(row: Record<string, unknown>): Promise<void>;
    close(): Promise<void>;
  }
  export class ParquetEnvelopeWriter {
    constructor(
      schema: ParquetSchema,
      write: (section: Buffer) => void,
      close: () => void,
      offset: number,
      options: { useDataPageV2: boolean; pageIndex: boolean },
    );
    offset: number;
    rowCount: number;
    rowGroups: RowGroup[];
    writeHeader(): void;
    writeSection(section: Buffer): void;
    writeFooter(metadata: Record<string, string>): void;
  }
}

declare module 'parquetjs-lite/gen-nodejs/parquet_types.js' {
  // Node sees the classes as named exports, but the enumerations only on the default one.
  const enumerations: {
    readonly Type: Readonly<Record<string, number>>;
    readonly Encoding: { readonly RLE: number };
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
  }
}

declare module 'parquetjs-lite/lib/util.js' {
  export function serializeThrift(value: object): Buffer;
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
