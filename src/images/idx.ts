import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { StoreError } from '../error.ts';
import { reading } from './reading.ts';

/** Numbers of an IDX file. */
export type IdxValues = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An array as an IDX file holds it: row-major. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: IdxValues;
}

/** By the type code: how many bytes a number takes, how it is read (big-endian), where it goes. */
const kinds: Record<
  number,
  { bytes: number; make: (length: number) => IdxValues; read: (from: Buffer, at: number) => number }
> = {
  8: { bytes: 1, make: (n) => new Uint8Array(n), read: (from, at) => from.readUInt8(at) },
  9: { bytes: 1, make: (n) => new Int8Array(n), read: (from, at) => from.readInt8(at) },
  11: { bytes: 2, make: (n) => new Int16Array(n), read: (from, at) => from.readInt16BE(at) },
  12: { bytes: 4, make: (n) => new Int32Array(n), read: (from, at) => from.readInt32BE(at) },
  13: { bytes: 4, make: (n) => new Float32Array(n), read: (from, at) => from.readFloatBE(at) },
  14: { bytes: 8, make: (n) => new Float64Array(n), read: (from, at) => from.readDoubleBE(at) },
};

/**
 * Decodes an IDX file (LeCun, Cortes & Burges, "The MNIST database"): two zero bytes, type code, number of dimensions, sizes, numbers.
 * @param name what to call it in errors
 * @throws StoreError for anything else, or a file of the wrong length
 */
export function decodeIdx(file: Buffer, name: string): IdxArray {
  const wrong = (what: string): never => {
    throw new StoreError(`${name} is no IDX file: ${what}`);
  };
  if (file.length < 4 || file.readUInt16BE(0) !== 0) wrong('it must begin with two zero bytes');
  const kind = kinds[file[2]!];
  if (kind === undefined) return wrong(`type code ${file[2]} is none of ${Object.keys(kinds).join(', ')}`);
  const dimensions = file[3]!;
  const start = 4 + 4 * dimensions;
  if (dimensions === 0 || file.length < start) wrong(`it has no room for the sizes of ${dimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, (_, i) => file.readUInt32BE(4 + 4 * i));
  const count = shape.reduce((product, size) => product * size, 1);
  const expected = start + count * kind.bytes;
  if (file.length !== expected)
    wrong(`${shape.join(' × ')} numbers take ${expected} bytes with the head, it has ${file.length}`);
  const values = kind.make(count);
  if (values instanceof Uint8Array) values.set(file.subarray(start));
  else for (let i = 0; i < count; i++) values[i] = kind.read(file, start + i * kind.bytes);
  return { shape, values };
}

/**
 * Reads an IDX file, plain or compressed by gzip.
 * @throws StoreError where it can't be read or isn't one
 */
export function readIdx(path: string): IdxArray {
  const bytes = reading(path, () => readFileSync(path), 'it must be an IDX file');
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return decodeIdx(bytes, path);
  let unpacked: Buffer;
  try {
    unpacked = gunzipSync(bytes);
  } catch (cause) {
    throw new StoreError(`${path} is compressed by gzip, and damaged: ${(cause as Error).message}`, { cause });
  }
  return decodeIdx(unpacked, path);
}
