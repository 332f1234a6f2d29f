import type { ColumnMetaData, Compressors, SchemaElement, SchemaTree } from 'hyparquet';
import { parquetHeader, readPage } from 'hyparquet/src/column.js';
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import type { ColumnValues } from './values.ts';

type Decoder = Parameters<typeof readDataPage>[2];
type Header = ReturnType<typeof parquetHeader>;

const kinds = { INT32: Int32Array, INT64: BigInt64Array, FLOAT: Float32Array, DOUBLE: Float64Array } as const;
type Numbers = InstanceType<(typeof kinds)[keyof typeof kinds]>;

/** Whether the numbers of a column are stored as they are meant: no decimals, dates or unsigned integers, and no nesting. */
export function isFlatNumber({ type, repetition_type, converted_type, logical_type }: SchemaElement): boolean {
  if (type === undefined || !(type in kinds) || repetition_type === 'REPEATED') return false;
  const signed = logical_type === undefined || (logical_type.type === 'INTEGER' && logical_type.isSigned);
  return signed && (converted_type === undefined || /^INT_/.test(converted_type));
}

/** The page without its definition levels, where these are one run that says that all `n` values are there; undefined where they aren't. */
function withoutLevels(page: Uint8Array, n: number): Uint8Array | undefined {
  const length = page[0]! + 256 * page[1]! + 65_536 * page[2]! + 16_777_216 * page[3]!;
  let run = 0;
  let at = 4;
  for (let scale = 1; ; scale *= 128) {
    const byte = page[at++]!;
    run += (byte & 127) * scale;
    if (byte < 128) break;
  }
  return run % 2 === 0 && run / 2 >= n && page[at] === 1 ? page.subarray(4 + length) : undefined;
}

/** Reads the pages of one column in one row group. */
class FlatReader {
  readonly #decoder: Decoder;
  /** The same for pages whose values are all there. */
  readonly #required: Decoder;
  readonly #optional: boolean;

  constructor(leaf: SchemaTree, metadata: ColumnMetaData, compressors: Compressors) {
    this.#optional = leaf.element.repetition_type === 'OPTIONAL';
    const root = { ...leaf, children: [leaf] };
    const required = { ...leaf, element: { ...leaf.element, repetition_type: 'REQUIRED' as const } };
    const decoder = { ...metadata, pathInSchema: leaf.path, element: leaf.element, compressors };
    this.#decoder = { ...decoder, schemaPath: [root, leaf] } as unknown as Decoder;
    this.#required = { ...decoder, schemaPath: [root, required] } as unknown as Decoder;
  }

  dictionary(reader: Parameters<typeof readPage>[0], header: Header): ArrayLike<number | bigint> {
    return readPage(reader, header, this.#required, undefined, undefined, 0).data as ArrayLike<number>;
  }

  /** Values of a page, or indices into the dictionary, and which are there; levels are undefined where all are. */
  page(bytes: Uint8Array, header: Header) {
    const { data_page_header: v1, data_page_header_v2: v2 } = header;
    if (header.type === 'DATA_PAGE' && v1 !== undefined) {
      const { codec, compressors } = this.#decoder;
      const page = decompressPage(bytes, Number(header.uncompressed_page_size), codec, compressors);
      const whole = this.#optional ? withoutLevels(page, v1.num_values) : page;
      const read =
        whole === undefined ? readDataPage(page, v1, this.#decoder) : readDataPage(whole, v1, this.#required);
      return { n: v1.num_values, encoding: v1.encoding, values: read.dataPage, levels: read.definitionLevels };
    }
    if (header.type === 'DATA_PAGE_V2' && v2 !== undefined) {
      const levels = v2.repetition_levels_byte_length + v2.definition_levels_byte_length;
      const all = v2.num_nulls === 0;
      const bare = {
        ...header,
        uncompressed_page_size: header.uncompressed_page_size - levels,
        data_page_header_v2: { ...v2, repetition_levels_byte_length: 0, definition_levels_byte_length: 0 },
      };
      const read = all
        ? readDataPageV2(bytes.subarray(levels), bare, this.#required)
        : readDataPageV2(bytes, header, this.#decoder);
      return {
        n: v2.num_values,
        encoding: v2.encoding,
        values: read.dataPage,
        levels: all ? [] : read.definitionLevels,
      };
    }
    throw new Error(`it has a page of type ${header.type}`);
  }
}

/**
 * The numbers of one column in one row group, straight into one array: the reader for nested columns, which hyparquet takes for all, goes through every value
 * ten times as long. Values that are not there are NaN.
 * @param bytes the column chunk, its dictionary page included
 * @throws Error where they are damaged
 */
export function flatNumbers(
  bytes: ArrayBuffer,
  leaf: SchemaTree,
  metadata: ColumnMetaData,
  rows: number,
  compressors: Compressors,
): ColumnValues {
  const flat = new FlatReader(leaf, metadata, compressors);
  const reader = { view: new DataView(bytes), offset: 0 };
  let out: Numbers = new kinds[metadata.type as keyof typeof kinds](rows);
  let dictionary: ArrayLike<number | bigint> | undefined;
  for (let at = 0; at < rows; ) {
    if (reader.offset >= bytes.byteLength) throw new Error(`it has ${at} of ${rows} values`);
    const header = parquetHeader(reader);
    if (header.type === 'DICTIONARY_PAGE') {
      dictionary = flat.dictionary(reader, header);
      continue;
    }
    const page = new Uint8Array(bytes, reader.offset, header.compressed_page_size);
    reader.offset += header.compressed_page_size;
    const { n, encoding, values, levels } = flat.page(page, header);
    if (n > rows - at) throw new Error(`it has more than ${rows} values`);
    const indexed = dictionary !== undefined && encoding.endsWith('_DICTIONARY');
    if (levels !== undefined && levels.length > 0) {
      const into = out instanceof Float64Array ? out : Float64Array.from(out as ArrayLike<number>, Number);
      let next = 0;
      for (let i = 0; i < n; i++) {
        if (levels[i] === 0) into[at + i] = Number.NaN;
        else into[at + i] = Number(indexed ? dictionary![values[next++] as number] : values[next++]);
      }
      out = into;
    } else if (indexed) {
      const into = out as Float64Array;
      const known = dictionary as ArrayLike<number>;
      for (let i = 0; i < n; i++) into[at + i] = known[values[i] as number]!;
    } else if (out.constructor === values.constructor) (out as Float64Array).set(values as Float64Array, at);
    else for (let i = 0; i < n; i++) (out as Float64Array)[at + i] = Number(values[i]);
    at += n;
  }
  return out;
}
