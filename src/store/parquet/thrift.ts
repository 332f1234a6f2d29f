import { TCompactProtocol, type ThriftStruct } from 'parquetjs-lite/modules/thrift-lite/index.js';
import { GrowingBytes } from './bytes.ts';

/**
 * parquetjs-lite's writer of the compact protocol, with numbers and texts straight into one buffer. Its own makes two of each number by
 * `new Buffer`, for which Node looks through the stack ten thousand times: a quarter of a second a thread.
 */
class CompactProtocol extends TCompactProtocol {
  readonly #bytes: GrowingBytes;

  constructor(bytes: GrowingBytes) {
    super({ write: (more) => bytes.append(more) });
    this.#bytes = bytes;
  }

  override writeByte(value: number): void {
    const bytes = this.#bytes;
    bytes.reserve(1)[bytes.length++] = value;
  }

  override writeVarint32(value: number): void {
    let rest = value;
    for (; (rest & ~0x7f) !== 0; rest >>>= 7) this.writeByte((rest & 0x7f) | 0x80);
    this.writeByte(rest);
  }

  /** Counts and places in a file: whole numbers from 0 to 2⁵², whose zigzag is their double. */
  override writeI64(value: number): void {
    let rest = 2 * value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.writeByte((rest % 128) | 0x80);
    this.writeByte(rest);
  }

  override writeString(value: string): void {
    const text = Buffer.from(value);
    this.writeVarint32(text.length);
    this.#bytes.append(text);
  }
}

/** A structure of the format as its bytes. */
export function serializeThrift(struct: ThriftStruct): Buffer {
  const bytes = new GrowingBytes();
  struct.write(new CompactProtocol(bytes));
  return bytes.take();
}
