import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { compressors } from 'hyparquet-compressors';
import { describe, expect, it } from 'vitest';
import { type Codec, pageCompressor } from '../../src/store/parquet/compress.ts';

const unpack: Record<Codec, (body: Uint8Array, length: number) => Uint8Array> = {
  SNAPPY: (body, length) => compressors.SNAPPY!(body, length),
  GZIP: (body) => gunzipSync(body),
  UNCOMPRESSED: (body) => body,
};

/** Pages as columns have them: noise, runs, counters, of any length. */
const page = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.tuple(fc.nat(255), fc.nat(200_000)).map(([byte, length]) => Buffer.alloc(length, byte)),
  fc.nat(50_000).map((count) => Buffer.from(Float64Array.from({ length: count }, (_, i) => i).buffer)),
);

describe('compression of pages', () => {
  it.each(['SNAPPY', 'GZIP', 'UNCOMPRESSED'] as const)('gives back what went in: %s', (codec) => {
    fc.assert(
      fc.property(fc.array(page, { minLength: 1, maxLength: 4 }), (pages) => {
        const compress = pageCompressor(codec);
        for (const plain of pages) {
          const { codec: used, body } = compress(plain);
          expect(Buffer.from(unpack[used](body, plain.length)).equals(plain)).toBe(true);
        }
      }),
      { numRuns: 25, seed: 3 },
    );
  });

  it('compresses a page that repeats the one before once, and no other', () => {
    const compress = pageCompressor('SNAPPY');
    const [a, b] = [Buffer.alloc(1000, 1), Buffer.alloc(1000, 2)];
    const first = compress(a);
    const bytes = Buffer.from(first.body);
    expect(compress(Buffer.from(a))).toBe(first);
    expect(bytes.equals(compress(b).body)).toBe(false);
    expect(bytes.equals(compress(a).body)).toBe(true);
  });

  it('leaves noise as it is', () => {
    let state = 1;
    const noise = Buffer.from(
      Uint32Array.from({ length: 50_000 }, () => {
        state = Math.imul(state, 1_664_525) + 1_013_904_223;
        return Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
      }).buffer,
    );
    const { codec, body } = pageCompressor('SNAPPY')(noise);
    expect([codec, noise.equals(body)]).toEqual(['UNCOMPRESSED', true]);
  });
});
