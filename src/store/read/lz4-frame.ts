import { StoreError } from '../../error.ts';

const magic = 0x184d2204;

function broken(what: string): never {
  throw new StoreError(`LZ4 data are damaged: ${what}`);
}

/** Bytes that blocks have been expanded to so far. */
class Expanded {
  #bytes: Uint8Array;
  #length = 0;

  /** @param expected length, which is no bound */
  constructor(expected: number) {
    this.#bytes = new Uint8Array(expected);
  }

  append(literals: Uint8Array): void {
    this.#reserve(literals.length);
    this.#bytes.set(literals, this.#length);
    this.#length += literals.length;
  }

  /** Appends what stands so many bytes back, again and again where it is shorter than the match. */
  repeat(back: number, count: number): void {
    if (back === 0 || back > this.#length) broken('a match begins before the data');
    this.#reserve(count);
    const [bytes, length] = [this.#bytes, this.#length];
    if (back >= count) bytes.copyWithin(length, length - back, length - back + count);
    else for (let i = 0; i < count; i++) bytes[length + i] = bytes[length + i - back]!;
    this.#length += count;
  }

  all(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const wider = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    wider.set(this.all());
    this.#bytes = wider;
  }
}

/** Expands a compressed block, the bytes from `at` to `end`. */
function expandBlock(input: Uint8Array, at: number, end: number, out: Expanded): void {
  while (at < end) {
    const token = input[at++]!;
    let literals = token >> 4;
    if (literals === 15) for (let byte = 255; byte === 255 && at < end; literals += byte) byte = input[at++]!;
    if (at + literals > end) broken('a run of literals is too long');
    out.append(input.subarray(at, at + literals));
    at += literals;
    if (at >= end) return;
    if (at + 2 > end) broken('a match has no offset');
    const back = input[at]! | (input[at + 1]! << 8);
    at += 2;
    let matched = (token & 15) + 4;
    if (matched === 19) for (let byte = 255; byte === 255 && at < end; matched += byte) byte = input[at++]!;
    out.repeat(back, matched);
  }
}

/**
 * Expands an LZ4 frame, the form that Arrow IPC buffers take, whose blocks may refer to the ones before
 * (github.com/lz4/lz4, doc/lz4_Frame_format.md and lz4_Block_format.md). No package that is looked after reads frames without native code.
 * Checksums are not looked at.
 * @throws StoreError where it isn't one
 */
export function expandLz4Frame(input: Uint8Array): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 7 || view.getUint32(0, true) !== magic) broken('no frame begins');
  const flags = input[4]!;
  const blockChecksum = (flags & 0x10) !== 0;
  const sized = (flags & 0x08) !== 0;
  // A claim of length isn't believed beyond what LZ4 can reach: 255 bytes for one.
  const claimed = sized && input.length >= 14 ? Number(view.getBigUint64(6, true)) : 4 * input.length;
  const out = new Expanded(Math.min(claimed, 255 * input.length));
  let at = 6 + (sized ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0) + 1;
  for (;;) {
    if (at + 4 > input.length) broken('it ends within a frame');
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) return out.all();
    const end = at + (word & 0x7fffffff);
    if (end > input.length) broken('it ends within a block');
    if (word >>> 31 === 1) out.append(input.subarray(at, end));
    else expandBlock(input, at, end, out);
    at = end + (blockChecksum ? 4 : 0);
  }
}
