import { deserialize, serialize } from 'node:v8';
import type { Redis } from 'ioredis';
import { QueueError } from '../error.ts';
import type { Outcome } from '../flow/execute.ts';
import { type Failure, fromFailure, toFailure } from '../flow/message.ts';
import { WorkerLoss } from '../flow/tries.ts';
import { outcomeLife } from './keys.ts';

/** Bytes of an outcome that go to the server at once: signs of life pass between two pieces, and the server takes no value of more than 512 MiB. */
const pieceBytes = 16 * 2 ** 20;

/** Stands in the place of an outcome that is stored in several pieces. */
interface Pieces {
  readonly pieces: number;
  readonly bytes: number;
}

const pieceKey = (key: string, i: number): string => `${key}:${i}`;

/**
 * Leaves an outcome on the server, as V8's structured clone, for its driver to take; a large one in pieces, which are all there before it is said
 * that they are. The memory of its state goes back to whoever made it.
 * @throws QueueError where its state is more than V8 can clone into one buffer
 */
export async function leaveOutcome(redis: Redis, key: string, outcome: Outcome, piece = pieceBytes): Promise<void> {
  const { release, ...sent } = outcome;
  let bytes: Buffer;
  try {
    bytes = serialize(sent);
    release?.();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { ensemble, index } = outcome.partition;
    throw new QueueError(
      `the state of partition ${index} of ensemble ${ensemble} is too large to be sent (${error.message}): run this pipeline on threads, or with a smaller state`,
      { cause: error },
    );
  }
  if (bytes.length <= piece) {
    await redis.set(key, bytes, 'EX', outcomeLife);
    return;
  }
  const pieces = Math.ceil(bytes.length / piece);
  for (let i = 0; i < pieces; i++) {
    await redis.set(pieceKey(key, i), bytes.subarray(i * piece, (i + 1) * piece), 'EX', outcomeLife);
  }
  await redis.set(key, serialize({ pieces, bytes: bytes.length } satisfies Pieces), 'EX', outcomeLife);
}

/** An outcome, and the keys that it lies under. */
export interface Fetched {
  readonly outcome: Outcome;
  readonly keys: readonly string[];
}

const keysOf = (key: string, { pieces }: Pieces): string[] =>
  Array.from({ length: pieces }, (_, i) => pieceKey(key, i));

/** Fetches an outcome from the server, where it stays; undefined where there is none, or not all of it. */
export async function fetchOutcome(redis: Redis, key: string): Promise<Fetched | undefined> {
  const bytes = await redis.getBuffer(key);
  if (bytes === null) return undefined;
  const found = deserialize(bytes) as Outcome | Pieces;
  if (!('pieces' in found)) return { outcome: found, keys: [key] };
  const whole = Buffer.allocUnsafe(found.bytes);
  let filled = 0;
  const keys = keysOf(key, found);
  for (const each of keys) filled += (await redis.getBuffer(each))?.copy(whole, filled) ?? 0;
  return filled === found.bytes ? { outcome: deserialize(whole) as Outcome, keys: [key, ...keys] } : undefined;
}

/** Removes what was left under a key that nobody will fetch. */
export async function removeOutcome(redis: Redis, key: string): Promise<void> {
  const bytes = await redis.getBuffer(key);
  const found = bytes === null ? undefined : (deserialize(bytes) as Outcome | Pieces);
  await redis.unlink([key, ...(found !== undefined && 'pieces' in found ? keysOf(key, found) : [])]);
}

/** Why a job failed, as a worker tells its driver. */
interface Reason {
  /** The worker, or its machine, is at fault: another one may do better. */
  readonly lost: boolean;
  /** Whether it counts as a try. */
  readonly counts: boolean;
  readonly failure: Failure;
}

/** Errors of the machine rather than of the partition. */
const machine = new Set(['StoreError', 'BackendError']);

/** The text that a failed job is left with. */
export function reasonOf(error: unknown, host: string): string {
  const failure = toFailure(error);
  const lost = error instanceof WorkerLoss || machine.has(failure.name);
  const said = lost ? { ...failure, message: `on ${host}, ${failure.message}` } : failure;
  return JSON.stringify({
    lost,
    counts: !(error instanceof WorkerLoss) || error.counts,
    failure: said,
  } satisfies Reason);
}

/** The error of a failed job, again. */
export function errorOf(text: string): Error {
  let reason: Reason;
  try {
    reason = JSON.parse(text) as Reason;
  } catch {
    // BullMQ's own words, of which its "stalled" means no more than this.
    const said = /\bstalled\b/.test(text) ? '' : ` (${text})`;
    return new WorkerLoss(`its worker gave no sign of life any more${said}`);
  }
  const error = fromFailure(reason.failure);
  return reason.lost ? new WorkerLoss(error.message, { cause: error, counts: reason.counts }) : error;
}
