import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';

/** Compression of Parquet pages. */
export type Codec = 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED';

const require = createRequire(import.meta.url);
let library: typeof import('snappy-wasm') | undefined;

/** Snappy in WebAssembly: four times as fast as in JavaScript, and the same bits on every machine. Loaded with the first page. */
function snappy(plain: Uint8Array): Uint8Array {
  // Its build for `import` is one for browsers, which fetches; the one for `require` reads its file.
  library ??= require('snappy-wasm') as typeof import('snappy-wasm');
  return library.compress_raw(plain);
}

const deflate = { SNAPPY: snappy, GZIP: (plain: Uint8Array): Uint8Array => gzipSync(plain) };

const probeLength = 65_536;

/** What a page is in the file. */
export interface CompressedPage {
  readonly codec: Codec;
  /** Where it isn't compressed, the page that it was made of, which its column goes on to fill again. */
  readonly body: Uint8Array;
}

/**
 * Compresses the pages of one row group; ones that hardly get shorter, as float32 strengths, stay as they are, which is faster to write and to read. A page that is
 * the very bytes of the one before is not compressed again: with a network to each perturbation, their columns are the same.
 * @param made gets the memory of what it makes, which may be freed once the row group is written
 */
export function pageCompressor(wanted: Codec, made: ArrayBufferLike[] = []): (plain: Buffer) => CompressedPage {
  let before: { plain: Buffer; compressed: CompressedPage } | undefined;

  const compressor = wanted === 'UNCOMPRESSED' ? undefined : deflate[wanted];
  const into = (plain: Uint8Array): Uint8Array | undefined => {
    const compressed = compressor?.(plain);
    // Node has small buffers of its own in common.
    if (compressed !== undefined && compressed.byteLength === compressed.buffer.byteLength)
      made.push(compressed.buffer);
    return compressed;
  };

  const compress = (plain: Buffer): CompressedPage => {
    const probe = plain.length > 2 * probeLength ? into(plain.subarray(0, probeLength)) : undefined;
    const body = probe !== undefined && probe.length > 0.97 * probeLength ? undefined : into(plain);
    return body === undefined ? { codec: 'UNCOMPRESSED', body: plain } : { codec: wanted, body };
  };

  return (plain) => {
    if (before === undefined || !plain.equals(before.plain)) before = { plain, compressed: compress(plain) };
    return before.compressed;
  };
}
