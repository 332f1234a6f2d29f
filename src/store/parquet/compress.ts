import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';

export type Codec = 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED';

/** What snappy-wasm's own functions call, whose results are copies. */
interface Snappy {
  readonly memory: { readonly buffer: ArrayBuffer };
  __wbindgen_add_to_stack_pointer(bytes: number): number;
  __wbindgen_malloc(bytes: number): number;
  __wbindgen_free(at: number, bytes: number): void;
  /** Takes a text, whose memory it frees, and writes where what it makes of it lies, how long that is, and what failed. */
  compress_raw(result: number, at: number, bytes: number): void;
}

const require = createRequire(import.meta.url);
let library: Snappy | undefined;
/** The last page that was compressed, in the library's memory. */
let page = { at: 0, length: 0 };

/** Snappy in WebAssembly: four times as fast as in JavaScript, and the same bits on every machine. Loaded with the first page. */
function snappy(plain: Uint8Array): Uint8Array {
  // Its build for `import` is one for browsers, which fetches; the one for `require` reads its file.
  library ??= (require('snappy-wasm') as { readonly __wasm: Snappy }).__wasm;
  if (page.length > 0) library.__wbindgen_free(page.at, page.length);
  page = { at: 0, length: 0 };
  const result = library.__wbindgen_add_to_stack_pointer(-16);
  try {
    const from = library.__wbindgen_malloc(plain.length);
    new Uint8Array(library.memory.buffer, from, plain.length).set(plain);
    library.compress_raw(result, from, plain.length);
    const [at, length, , failed] = new Int32Array(library.memory.buffer, result, 4);
    if (failed !== 0) throw new Error(`a page of ${plain.length} bytes could not be compressed`);
    page = { at: at!, length: length! };
  } finally {
    library.__wbindgen_add_to_stack_pointer(16);
  }
  return new Uint8Array(library.memory.buffer, page.at, page.length);
}

const deflate = { SNAPPY: snappy, GZIP: (plain: Uint8Array): Uint8Array => gzipSync(plain) };

const probeLength = 65_536;

/** What a page is in the file. */
export interface CompressedPage {
  readonly codec: Codec;
  /** Good until the next page is compressed, by whomever, and as long as the page that it was made of. */
  readonly body: Uint8Array;
}

/**
 * Compresses the pages of one row group; ones that hardly get shorter, as float32 strengths, stay as they are, which is faster to write and to read. A page that is
 * the very bytes of the one before is not compressed again: with a network to each perturbation, their columns are the same.
 */
export function pageCompressor(wanted: Codec): (plain: Buffer) => CompressedPage {
  let before: { plain: Buffer; compressed: CompressedPage } | undefined;

  const compress = (plain: Buffer): CompressedPage => {
    const into = wanted === 'UNCOMPRESSED' ? undefined : deflate[wanted];
    const probe = plain.length > 2 * probeLength ? into?.(plain.subarray(0, probeLength)) : undefined;
    if (into === undefined || (probe !== undefined && probe.length > 0.97 * probeLength))
      return { codec: 'UNCOMPRESSED', body: plain };
    return { codec: wanted, body: into(plain) };
  };

  return (plain) => {
    if (before === undefined || !plain.equals(before.plain)) before = { plain, compressed: compress(plain) };
    return before.compressed;
  };
}
