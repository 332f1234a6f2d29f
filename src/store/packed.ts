import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { constants, deflateRaw, inflateRawSync } from 'node:zlib';

const deflated = promisify(deflateRaw);

/** Bytes that are worth it: a stream of zlib takes as much itself. */
const worthIt = 65_536;

/**
 * A structured-cloneable value put away, as V8 serialises it, deflated: states of reducers are mostly zeros, and a twentieth of them is left.
 * Undefined where it is too small for that.
 */
export async function pack(value: unknown): Promise<Uint8Array | undefined> {
  const bytes = serialize(value);
  return bytes.length < worthIt ? undefined : deflated(bytes, { level: constants.Z_BEST_SPEED });
}

/** What was packed, to the last bit. */
export const unpack = (packed: Uint8Array): unknown => deserialize(inflateRawSync(packed));
