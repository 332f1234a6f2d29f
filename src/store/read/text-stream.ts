import { StoreError } from '../../error.ts';

/** Encodings that {@link textOf} knows, by the names people give them. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'latin1'] as const;
export type Encoding = (typeof encodings)[number];

/** Text as it comes, its beginning looked at before. */
export interface TextStream {
  /** The first characters, line ends as `\n`. */
  readonly sample: string;
  /** Whether the sample is all there is. */
  readonly whole: boolean;
  /** All text, the sample again included, in pieces. Once. */
  pieces(): AsyncIterable<string>;
  /** In place of {@link pieces}: blocks of whole lines as bytes that ASCII is in, each line with its end `\n`. Once. */
  lines(): AsyncIterable<Uint8Array>;
  /** Bytes of {@link lines} as text. */
  decode(bytes: Uint8Array): string;
}

const sampled = 1 << 16;

/** The encoding that the first bytes tell: a byte order mark, or the zeros between ASCII letters in UTF-16. */
function encodingOf(bytes: Uint8Array): Encoding {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  const zeros = (from: number): number => {
    let count = 0;
    for (let i = from; i < Math.min(bytes.length, 1024); i += 2) if (bytes[i] === 0) count++;
    return count;
  };
  const pairs = Math.min(bytes.length, 1024) / 2;
  if (pairs >= 2 && zeros(1) > 0.4 * pairs && zeros(0) === 0) return 'utf-16le';
  if (pairs >= 2 && zeros(0) > 0.4 * pairs && zeros(1) === 0) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return 'utf-8';
  } catch {
    return 'latin1';
  }
}

/** Bytes that no text has: such input is refused, not shown. */
function checkText(name: string, sample: string): void {
  let strange = 0;
  for (let i = 0; i < sample.length; i++) {
    const code = sample.charCodeAt(i);
    if (code === 0 || code === 0xfffd || (code < 32 && code !== 9 && code !== 10 && code !== 13 && code !== 12))
      strange++;
  }
  if (strange > sample.length / 50 || sample.includes('\0')) {
    throw new StoreError(
      `${name} is binary, in no format that is known here: expected Parquet, Arrow IPC, delimited text, JSON, .npy, HDF5 (or such text in .gz or .zst)`,
    );
  }
}

/**
 * Bytes as text with `\n` at line ends, whatever its encoding and line ends.
 * @throws StoreError where it is no text, or not in the encoding given
 */
export async function textOf(name: string, source: AsyncIterable<Uint8Array>, given?: Encoding): Promise<TextStream> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  while (size < sampled && !ended) {
    const { value, done } = await iterator.next();
    if (done === true) ended = true;
    else {
      first.push(value);
      size += value.length;
    }
  }
  const start = Buffer.concat(first);
  const encoding = given ?? encodingOf(start);
  const decoder = new TextDecoder(encoding === 'latin1' ? 'windows-1252' : encoding, { fatal: given !== undefined });
  let carried = false;
  const decoded = (bytes: Uint8Array | undefined): string => {
    let text: string;
    try {
      text = bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (error) {
      throw new StoreError(`${name} is not written in ${encoding}: choose another --encoding`, { cause: error });
    }
    if (!carried && !text.includes('\r')) return text;
    if (carried) text = `\r${text}`;
    carried = bytes !== undefined && text.endsWith('\r');
    return (carried ? text.slice(0, -1) : text).replace(/\r\n?/g, '\n');
  };
  const sample = decoded(start) + (ended ? decoded(undefined) : '');
  checkText(name, sample);
  async function* pieces(): AsyncGenerator<string> {
    yield sample;
    if (ended) return;
    for (;;) {
      const { value, done } = await iterator.next();
      if (done === true) break;
      yield decoded(value);
    }
    yield decoded(undefined);
  }
  async function* bytes(): AsyncGenerator<Uint8Array> {
    if (encoding === 'utf-16le' || encoding === 'utf-16be') {
      for await (const piece of pieces()) yield Buffer.from(piece, 'utf8');
      return;
    }
    const mark = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf;
    yield mark ? start.subarray(3) : start;
    for (;;) {
      const { value, done } = await iterator.next();
      if (done === true) return;
      yield value;
    }
  }
  const wide = new TextDecoder(encoding === 'latin1' ? 'windows-1252' : 'utf-8', {
    fatal: given !== undefined,
    ignoreBOM: true,
  });
  return {
    sample,
    whole: ended,
    pieces,
    lines: () => wholeLines(bytes()),
    decode(bytes) {
      try {
        return wide.decode(bytes);
      } catch (error) {
        throw new StoreError(`${name} is not written in ${encoding}: choose another --encoding`, { cause: error });
      }
    },
  };
}

const [lineFeed, carriageReturn] = [10, 13];

/** Bytes with `\n` in place of `\r\n` and `\r`. */
function withLineFeeds(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let n = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte !== carriageReturn) out[n++] = byte;
    else if (bytes[i + 1] !== lineFeed) out[n++] = lineFeed;
  }
  return out.subarray(0, n);
}

/** Bytes in blocks of whole lines, the last one ended too. */
async function* wholeLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let carried: Uint8Array[] = [];
  for await (const given of source) {
    let block = given;
    // A carriage return at the end may have its line feed still to come.
    const last = carried.at(-1);
    if (last !== undefined && last[last.length - 1] === carriageReturn) {
      carried[carried.length - 1] = last.subarray(0, -1);
      block = Buffer.concat([Uint8Array.of(carriageReturn), block]);
    }
    const open = block[block.length - 1] === carriageReturn;
    if (block.includes(carriageReturn)) block = withLineFeeds(open ? block.subarray(0, -1) : block);
    const end = block.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      yield carried.length === 0 ? block.subarray(0, end) : Buffer.concat([...carried, block.subarray(0, end)]);
      carried = [];
    }
    if (end < block.length) carried.push(block.subarray(end));
    if (open) carried.push(Uint8Array.of(carriageReturn));
  }
  const rest = withLineFeeds(Buffer.concat(carried));
  if (rest.length > 0) yield rest[rest.length - 1] === lineFeed ? rest : Buffer.concat([rest, Uint8Array.of(lineFeed)]);
}
