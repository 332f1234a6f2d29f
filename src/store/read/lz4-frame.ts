import { StoreError } from '../../error.ts';

const magic = 0x184d2204;

function broken(what: string): never {
  throw new StoreError(`LZ4 data are damaged: ${what}`);
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
  let at = 6 + (sized ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0) + 1;
  // A claim of length isn't believed beyond what LZ4 can reach: 255 bytes for one.
  const claimed = sized && input.length >= 14 ? Number(view.getBigUint64(6, true)) : 4 * input.length;
  let out = new Uint8Array(Math.min(claimed, 255 * input.length));
  let length = 0;
  const reserve = (more: number): void => {
    if (length + more <= out.length) return;
    const wider = new Uint8Array(Math.max(2 * out.length, length + more));
    wider.set(out.subarray(0, length));
    out = wider;
  };
  for (;;) {
    if (at + 4 > input.length) broken('it ends within a frame');
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) return out.subarray(0, length);
    const size = word & 0x7fffffff;
    const end = at + size;
    if (end > input.length) broken('it ends within a block');
    if (word >>> 31 === 1) {
      reserve(size);
      out.set(input.subarray(at, end), length);
      length += size;
    } else {
      while (at < end) {
        const token = input[at++]!;
        let literals = token >> 4;
        if (literals === 15) for (let byte = 255; byte === 255 && at < end; literals += byte) byte = input[at++]!;
        if (at + literals > end) broken('a run of literals is too long');
        reserve(literals);
        out.set(input.subarray(at, at + literals), length);
        length += literals;
        at += literals;
        if (at >= end) break;
        if (at + 2 > end) broken('a match has no offset');
        const back = input[at]! | (input[at + 1]! << 8);
        at += 2;
        let matched = (token & 15) + 4;
        if (matched === 19) for (let byte = 255; byte === 255 && at < end; matched += byte) byte = input[at++]!;
        if (back === 0 || back > length) broken('a match begins before the data');
        reserve(matched);
        if (back >= matched) out.copyWithin(length, length - back, length - back + matched);
        else for (let i = 0; i < matched; i++) out[length + i] = out[length + i - back]!;
        length += matched;
      }
    }
    at = end + (blockChecksum ? 4 : 0);
  }
}
