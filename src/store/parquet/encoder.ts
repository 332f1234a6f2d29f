import type { RecordBatch, Schema } from 'apache-arrow';
import format, {
  ColumnChunk,
  ColumnMetaData,
  DataPageHeader,
  PageHeader,
  RowGroup,
  Statistics,
} from 'parquetjs-lite/gen-nodejs/parquet_types.js';
import { SchemaError } from '../../error.ts';
import { freeNow, keepsIdle } from '../../idle-memory.ts';
import { checkBatch } from '../../schema/check.ts';
import { type ParquetField, parquetFields, parquetMetadata } from '../../schema/parquet.ts';
import { GrowingBytes } from './bytes.ts';
import { type ColumnBuffer, type ColumnPage, columnBuffer } from './column-page.ts';
import { type Codec, pageCompressor } from './compress.ts';
import { encodings } from './encoding.ts';
import type { EncodingSet } from './encoding-set.ts';
import { footer } from './footer.ts';
import { serializeThrift } from './thrift.ts';

/** How a Parquet file is encoded. */
export interface ParquetOptions {
  /** Encodings of the values; portable by default. */
  readonly encodings?: EncodingSet;
  /** Compression of the pages; SNAPPY by default. */
  readonly codec?: Codec;
  /** Rows in a row group, which is what a writer holds in memory; 262,144 by default. */
  readonly rowGroupRows?: number;
  /** Key-value metadata of the file beside what it says of its table, such as where its rows are from. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Turns batches of a table into the bytes of a Parquet file. Does no input or output. */
export interface ParquetEncoder {
  /** Rows taken so far. */
  readonly rows: number;
  readonly rowGroupRows: number;
  /** Copies the table's columns out of a batch. */
  append(batch: RecordBatch): void;
  /** The last row group and the footer. */
  finish(): void;
  /** The bytes of the file that are ready, in order; each comes out once. */
  take(): Buffer;
}

const { Encoding, CompressionCodec, PageType, Type } = format;

/** The legacy min and max beside min_value and max_value: readers that miss a column order trust only those. */
function statisticsOf({ nulls, bounds }: ColumnPage): Statistics {
  if (bounds === undefined) return new Statistics({ null_count: nulls });
  const { min, max } = bounds;
  return new Statistics({ null_count: nulls, min, max, min_value: min, max_value: max });
}

function pageHeader(page: ColumnPage, body: Uint8Array): Buffer {
  const header = new PageHeader({
    type: PageType.DATA_PAGE,
    uncompressed_page_size: page.body.length,
    compressed_page_size: body.length,
    data_page_header: new DataPageHeader({
      num_values: page.rows,
      encoding: encodings[page.encoding],
      definition_level_encoding: Encoding.RLE,
      repetition_level_encoding: Encoding.RLE,
    }),
  });
  return serializeThrift(header);
}

function chunkOf(field: ParquetField, page: ColumnPage, codec: Codec, offset: number, sizes: [number, number]) {
  return new ColumnChunk({
    file_offset: 0,
    meta_data: new ColumnMetaData({
      type: Type[field.type],
      encodings: [Encoding.RLE, encodings[page.encoding]],
      path_in_schema: [field.name],
      codec: CompressionCodec[codec],
      num_values: page.rows,
      total_uncompressed_size: sizes[0],
      total_compressed_size: sizes[1],
      data_page_offset: offset,
      statistics: statisticsOf(page),
    }),
  });
}

/** Memory of bytes that were taken and written. */
let written: Buffer | undefined;

/** Gives back what an encoder's `take` gave, for the bytes of the next file. */
export function giveBack(bytes: Buffer): void {
  if (bytes.buffer.byteLength > (written?.length ?? 0)) written = Buffer.from(bytes.buffer);
}

const memoryOfBytes = (): GrowingBytes => {
  const bytes = new GrowingBytes(written);
  written = undefined;
  return bytes;
};

/** The memory of columns whose file is finished, for the next with columns of the same types: made anew for every part, it is what garbage is collected for. */
const spare = new Map<string, readonly ColumnBuffer[]>();

keepsIdle(() => {
  const all = [...spare.values()].flat().flatMap((column) => column.memory());
  if (written !== undefined) all.push(written.buffer);
  spare.clear();
  written = undefined;
  return all;
});

function columnsOf(kind: string, make: () => readonly ColumnBuffer[]): readonly ColumnBuffer[] {
  const columns = spare.get(kind) ?? make();
  spare.delete(kind);
  return columns;
}

function checkTexts(metadata: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw new SchemaError(`metadata '${key}' must be a text, got ${typeof value}`);
  }
}

/**
 * An encoder of one Parquet file: the structures of the format as parquetjs-lite has and serializes them, around one page per column and row
 * group, built straight from typed arrays. Row groups are cut by row count, so the bytes depend on the rows and not on the batches.
 */
export function parquetEncoder(table: string, options: ParquetOptions = {}): ParquetEncoder {
  const { encodings: set = 'portable', codec = 'SNAPPY', rowGroupRows = 262_144, metadata = {} } = options;
  checkTexts(metadata);
  const fields = parquetFields(table);
  let ready: GrowingBytes | undefined;
  let offset = 0;
  const rowGroups: RowGroup[] = [];
  const section = (bytes: Uint8Array): void => {
    ready ??= memoryOfBytes();
    ready.append(bytes);
    offset += bytes.length;
  };
  const compressed = codec !== 'UNCOMPRESSED';
  const kind = `${set} ${compressed} ${fields.map(({ type, repetition }) => `${type} ${repetition}`).join()}`;
  const columns = columnsOf(kind, () => fields.map((field) => columnBuffer(field, set, compressed)));
  let held = 0;
  let rows = 0;
  let seen: Schema | undefined;
  let positions: number[] = [];
  let nullable = false;

  const endRowGroup = (): void => {
    let bytes = 0;
    const made: ArrayBufferLike[] = [];
    const compress = pageCompressor(codec, made);
    const chunks = columns.map((column, i) => {
      const page = column.take();
      const { codec: used, body } = compress(page.body);
      const header = pageHeader(page, body);
      const begin = offset;
      section(header);
      section(body);
      const uncompressed = header.length + page.body.length;
      bytes += uncompressed;
      return chunkOf(fields[i]!, page, used, begin, [uncompressed, header.length + body.length]);
    });
    // Left to be collected, those of several partitions lie about.
    freeNow(made);
    rowGroups.push(new RowGroup({ columns: chunks, total_byte_size: bytes, num_rows: held }));
    held = 0;
  };

  section(Buffer.from('PAR1'));
  return {
    get rows() {
      return rows;
    },
    rowGroupRows,
    append(batch) {
      if (batch.schema !== seen || nullable) {
        positions = checkBatch(table, batch);
        seen = batch.schema;
        nullable = positions.some((at) => batch.schema.fields[at]!.nullable);
      }
      const { children } = batch.data;
      for (let from = 0; from < batch.numRows; ) {
        const to = Math.min(batch.numRows, from + rowGroupRows - held);
        for (let i = 0; i < columns.length; i++) columns[i]!.append(children[positions[i]!]!, from, to);
        held += to - from;
        rows += to - from;
        from = to;
        if (held === rowGroupRows) endRowGroup();
      }
    },
    finish() {
      if (held > 0) endRowGroup();
      spare.set(kind, columns);
      section(footer(fields, rows, rowGroups, { ...metadata, ...parquetMetadata(table) }));
    },
    take() {
      const bytes = ready?.take() ?? Buffer.alloc(0);
      ready = undefined;
      return bytes;
    },
  };
}
