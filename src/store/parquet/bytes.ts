import { freeNow } from '../../idle-memory.ts';

/** Bytes of memory below which it isn't worth it to free what was outgrown at once. */
const large = 65_536;

/** Bytes that grow at the end. */
export class GrowingBytes {
  #bytes: Buffer;
  length = 0;

  /** @param memory to begin with, which is overwritten */
  constructor(memory: Buffer = Buffer.alloc(0)) {
    this.#bytes = memory;
  }

  /** What the bytes lie in. */
  get memory(): ArrayBufferLike {
    return this.#bytes.buffer;
  }

  /** Room for `more` bytes behind the present end, in a buffer aligned for every column type. */
  reserve(more: number): Buffer {
    const needed = this.length + more;
    if (needed > this.#bytes.length) {
      const isLarge = this.#bytes.length >= large;
      // It is kept for the next part: of a doubled one nearly half may never be used.
      const room = this.#bytes.length * (isLarge ? 1.25 : 2);
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.ceil(room / 8) * 8, 1024));
      this.#bytes.copy(grown, 0, 0, this.length);
      if (isLarge) freeNow([this.#bytes.buffer]);
      this.#bytes = grown;
    }
    return this.#bytes;
  }

  append(source: Uint8Array): void {
    this.reserve(source.length).set(source, this.length);
    this.length += source.length;
  }

  /** Everything so far, good until the next append; starts anew. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }
}

/** Bits that grow at the end, least significant bit first, as Arrow bitmaps and Parquet booleans have them; bits past the end are 0. */
export class GrowingBits {
  #bytes = new Uint8Array(64);
  length = 0;

  get memory(): ArrayBufferLike {
    return this.#bytes.buffer;
  }

  #reserve(more: number): void {
    const needed = (this.length + more + 15) >> 3;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  /** Appends bits `from` to `from + count` of a bitmap. */
  append(bitmap: Uint8Array, from: number, count: number): void {
    this.#reserve(count);
    const bytes = this.#bytes;
    for (let done = 0; done < count; done += 8) {
      const source = from + done;
      const left = count - done;
      let bits = (bitmap[source >> 3]! >> (source & 7)) | ((bitmap[(source >> 3) + 1] ?? 0) << (8 - (source & 7)));
      bits &= left < 8 ? (1 << left) - 1 : 255;
      const at = this.length + done;
      bytes[at >> 3]! |= bits << (at & 7);
      bytes[(at >> 3) + 1]! |= bits >> (8 - (at & 7));
    }
    this.length += count;
  }

  appendOnes(count: number): void {
    for (let left = count; left > 0; left -= 512) this.append(ones, 0, Math.min(left, 512));
  }

  /** Everything so far; starts anew. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.buffer, 0, (this.length + 7) >> 3);
    this.#bytes = new Uint8Array(this.#bytes.length);
    this.length = 0;
    return taken;
  }
}

const ones = new Uint8Array(64).fill(255);
