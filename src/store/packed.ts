import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRawSync } from 'node:zlib';
import { apart, arrayOf, bytesOf, bytesOfShapes, type Shape, shapeOf, together } from './apart.ts';

const deflated = promisify(deflateRaw);

/** A structured-cloneable value put away, see {@link pack}. */
export interface Packed {
  /** See {@link apart}. */
  readonly frame: Uint8Array;
  readonly arrays: readonly Shape[];
  /** Bytes of all arrays, one after the other, so many at a time, deflated. */
  readonly pieces: readonly Uint8Array[];
}

/** Bytes that are worth it: a stream of zlib takes as much itself. */
const worthIt = 65_536;
/** Bytes that are deflated together. As one, a state took a buffer of its own size: large ones that come and go leave holes in the heap. */
const pieceBytes = 524_288;

/**
 * Puts a structured-cloneable value away: states of reducers are mostly zeros in typed arrays, and a twentieth of them is left. Undefined where it
 * is too small for that. It must not change before this resolves.
 */
export async function pack(value: unknown): Promise<Packed | undefined> {
  const { frame, arrays: found } = apart(value);
  const all = found.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (all < worthIt) return undefined;
  const piece = new Uint8Array(Math.min(all, pieceBytes));
  const pieces: Uint8Array[] = [];
  let held = 0;
  const put = async (): Promise<void> => {
    // A copy that is as long as what is in it: what zlib gives is a view of more.
    pieces.push(Uint8Array.from(await deflated(piece.subarray(0, held), { level: constants.Z_BEST_SPEED })));
    held = 0;
  };
  for (const array of found) {
    const bytes = bytesOf(array);
    for (let from = 0; from < bytes.length; ) {
      const taken = Math.min(bytes.length - from, piece.length - held);
      piece.set(bytes.subarray(from, from + taken), held);
      from += taken;
      held += taken;
      if (held === piece.length) await put();
    }
  }
  if (held > 0) await put();
  return { frame: Uint8Array.from(frame), arrays: found.map(shapeOf), pieces };
}

/** Whether something that was read is what {@link pack} makes: arrays of kinds that there are, no more of them than what is packed can hold. */
export function isPacked(value: unknown): value is Packed {
  const { frame, arrays, pieces } = (value ?? {}) as Partial<Record<keyof Packed, unknown>>;
  if (!(frame instanceof Uint8Array && Array.isArray(arrays) && Array.isArray(pieces))) return false;
  return bytesOfShapes(arrays) <= pieces.length * pieceBytes && pieces.every((piece) => piece instanceof Uint8Array);
}

/** What was packed, to the last bit. */
export function unpack({ frame, arrays, pieces }: Packed): unknown {
  const made = arrays.map(arrayOf);
  let next = 0;
  let into: Uint8Array = new Uint8Array(0);
  for (const piece of pieces) {
    const bytes = inflateRawSync(piece, { chunkSize: pieceBytes });
    for (let from = 0; from < bytes.length; ) {
      while (into.length === 0) into = bytesOf(made[next++]!);
      const taken = Math.min(bytes.length - from, into.length);
      into.set(bytes.subarray(from, from + taken));
      into = into.subarray(taken);
      from += taken;
    }
  }
  return together({ frame, arrays: made });
}
