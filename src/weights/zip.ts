import * as zlib from 'node:zlib';
import { StoreError } from '../error.ts';
import type { OpenedFile } from './opened-file.ts';

/** A file within a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes once it is unpacked. */
  readonly size: number;
  /** @throws StoreError where it is packed in a way that isn't known, or its checksum is another */
  unpack(file: OpenedFile): Buffer;
}

const [END, ENTRY, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const [endLength, entryLength, localLength] = [22, 46, 30];
const longestComment = 0xffff;
const [stored, deflated] = [0, 8];

/** Bits that say that a 32-bit field is elsewhere, in an archive beyond 4 GiB. */
const elsewhere = 0xffffffff;

/**
 * Files of a zip archive by its central directory (PKWARE APPNOTE 6.3.10, 4.3). Each is unpacked, and its checksum compared, when it is asked for.
 * @throws StoreError where there is none, for archives beyond 4 GiB, and for files that are encrypted
 */
export function zipEntries({ path, length, read }: OpenedFile): ZipEntry[] {
  const wrong = (what: string): never => {
    throw new StoreError(`${path} is no zip archive that can be read: ${what}`);
  };
  const tail = read(Math.max(0, length - endLength - longestComment), Math.min(length, endLength + longestComment));
  let end = tail.length - endLength;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0) return wrong('it has no directory at its end, as if it were cut off');
  const count = tail.readUInt16LE(end + 10);
  const [size, start] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (start === elsewhere || count === 0xffff) wrong('it is larger than 4 GiB');
  if (start + size > length) wrong('its directory lies beyond its end, as if it were cut off');
  const directory = read(start, size);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count; ) {
    if (at + entryLength > size || directory.readUInt32LE(at) !== ENTRY) return wrong('its directory is damaged');
    const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
    const checksum = directory.readUInt32LE(at + 16);
    const [packed, unpacked] = [directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 24)];
    const [named, more, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const local = directory.readUInt32LE(at + 42);
    const name = directory.toString('utf8', at + entryLength, at + entryLength + named);
    if (packed === elsewhere || unpacked === elsewhere || local === elsewhere) wrong(`${name} is larger than 4 GiB`);
    if (flags & 1) wrong(`${name} is encrypted`);
    entries.push({
      name,
      size: unpacked,
      unpack(file) {
        const head = file.read(local, localLength);
        if (head.readUInt32LE(0) !== LOCAL) wrong(`${name} isn't where the directory says`);
        const from = local + localLength + head.readUInt16LE(26) + head.readUInt16LE(28);
        const bytes = unpackedBy(method, file.read(from, packed), unpacked);
        if (bytes === undefined) return wrong(`${name} is packed by method ${method}, or damaged`);
        // Node has no checksums before 20.15.
        if (bytes.length !== unpacked || (zlib.crc32 !== undefined && zlib.crc32(bytes) !== checksum))
          wrong(`${name} is damaged`);
        return bytes;
      },
    });
    at += entryLength + named + more + comment;
  }
  return entries;
}

function unpackedBy(method: number, bytes: Buffer, length: number): Buffer | undefined {
  if (method === stored) return bytes;
  if (method !== deflated) return undefined;
  try {
    return zlib.inflateRawSync(bytes, { maxOutputLength: Math.max(1, length) });
  } catch {
    return undefined;
  }
}
