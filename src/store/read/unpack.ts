import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { StoreError } from '../../error.ts';

export type Packing = 'gzip' | 'zstd';

/** How a stream that begins so is packed. */
export function packingOf(start: Uint8Array): Packing | undefined {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  return start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd ? 'zstd' : undefined;
}

async function* gunzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = Readable.from(source).on('error', (error) => gunzip.destroy(error));
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  yield* stream.pipe(gunzip);
}

async function* fromZstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  let ready: Uint8Array[] = [];
  const stream = new Decompress((bytes) => ready.push(bytes.slice()));
  for await (const bytes of source) {
    // A little at a time: what comes out may be far longer.
    for (let at = 0; at < bytes.length; at += 1 << 16) {
      stream.push(bytes.subarray(at, at + (1 << 16)));
      yield* ready;
      ready = [];
    }
  }
  stream.push(new Uint8Array(0), true);
  yield* ready;
}

/**
 * The bytes of a packed stream, as they come.
 * @throws StoreError where it is damaged or cut off
 */
export async function* unpacked(
  name: string,
  packing: Packing,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* packing === 'gzip' ? gunzipped(source) : fromZstd(source);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${name} can't be unpacked (${packing}): ${(error as Error).message}`, { cause: error });
  }
}
