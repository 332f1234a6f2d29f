import { StoreError } from '../../error.ts';
import { half } from './half.ts';
import { npyHeader, npyPlaces, npyPrefix } from './npy-header.ts';
import type { Bytes } from './parquet.ts';
import type { TableFile } from './table-file.ts';
import type { ColumnValues } from './values.ts';

const chunkRows = 65_536;

/** One field of a row: where it lies and how it is read. */
interface Item {
  readonly name: string;
  readonly offset: number;
  readonly kind: string;
  readonly bytes: number;
  readonly little: boolean;
}

const readers: Record<string, (view: DataView, at: number, little: boolean) => number> = {
  f8: (view, at, little) => view.getFloat64(at, little),
  f4: (view, at, little) => view.getFloat32(at, little),
  f2: (view, at, little) => half(view.getUint16(at, little)),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  b1: (view, at) => view.getUint8(at),
};

function itemOf(file: string, name: string, code: string, offset: number): Item {
  const match = /^([<>|=]?)([fiub])(\d+)$/.exec(code);
  const kind = match === null ? '' : `${match[2]}${match[3]}`;
  if (match === null || readers[kind] === undefined) {
    throw new StoreError(`${file} holds values of NumPy type ${code}, expected integers, floats or booleans`);
  }
  return { name, offset, kind, bytes: Number(match[3]), little: match[1] !== '>' };
}

/** Header and layout of a .npy file. */
async function layoutOf(
  bytes: Bytes,
): Promise<{ items: Item[]; rows: number; stride: number; start: number; columnMajor: boolean }> {
  const damaged = (what: string): never => {
    throw new StoreError(`${bytes.name} can't be read as .npy: ${what}`);
  };
  if (bytes.length < npyPrefix) damaged(`it has ${bytes.length} bytes`);
  const { text: begin, values: start } = npyPlaces(new DataView(await bytes.read(0, npyPrefix)));
  if (start > bytes.length) damaged('its header is cut off');
  const text = Buffer.from(await bytes.read(begin, start)).toString('latin1');
  const header = npyHeader(text);
  if (header === undefined) return damaged(`its header isn't one: ${text.slice(0, 80)}`);
  const { type, fields, shape, columnMajor } = header;
  if (shape.length > 2) damaged(`it has ${shape.length} dimensions, expected one or two (rows, columns)`);
  const [rows = 1, width] = shape;
  const items: Item[] = [];
  let stride = 0;
  const add = (name: string, code: string): void => {
    const item = itemOf(bytes.name, name, code, stride);
    items.push(item);
    stride += item.bytes;
  };
  if (type !== undefined) for (let at = 0; at < (width ?? 1); at++) add(String(at + 1), type);
  else {
    for (const [, name, code] of fields.matchAll(/\(\s*'([^']*)'\s*,\s*'([^']*)'\s*([,)])/g)) add(name!, code!);
    if (items.length === 0 || width !== undefined)
      damaged('expected a one-dimensional array of records of plain fields');
  }
  if (start + rows * stride > bytes.length)
    damaged(`it has ${bytes.length} bytes, its header says ${start + rows * stride}`);
  return { items, rows, stride, start, columnMajor: columnMajor && width !== undefined && width > 1 };
}

/**
 * Opens an array saved by NumPy: of one dimension (column `1`), of two (columns by position), or of records (columns by name).
 * @throws StoreError where it isn't whole or holds no numbers
 */
export async function npyFile(bytes: Bytes): Promise<TableFile> {
  const { items, rows, stride, start, columnMajor } = await layoutOf(bytes);
  return {
    name: bytes.name,
    columns: items.map(({ name }) => name),
    async *chunks(names) {
      const wanted = names.map((name) => items.findIndex((item) => item.name === name));
      for (let from = 0; from < rows; from += chunkRows) {
        const n = Math.min(chunkRows, rows - from);
        const columns: Record<string, ColumnValues> = {};
        const block = columnMajor
          ? undefined
          : new DataView(await bytes.read(start + from * stride, start + (from + n) * stride));
        for (const [i, at] of wanted.entries()) {
          const { kind, bytes: size, offset, little } = items[at]!;
          const read = readers[kind]!;
          const values = new Float64Array(n);
          if (block !== undefined) for (let r = 0; r < n; r++) values[r] = read(block, r * stride + offset, little);
          else {
            const first = start + (at * rows + from) * size;
            const view = new DataView(await bytes.read(first, first + n * size));
            for (let r = 0; r < n; r++) values[r] = read(view, r * size, little);
          }
          columns[names[i]!] = values;
        }
        yield { rows: n, columns };
      }
    },
    close: () => bytes.close(),
  };
}
