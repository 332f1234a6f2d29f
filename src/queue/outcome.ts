import { deserialize, serialize } from 'node:v8';
import { QueueError } from '../error.ts';
import type { Outcome } from '../flow/execute.ts';
import { type Failure, fromFailure, toFailure } from '../flow/message.ts';
import { WorkerLoss } from '../flow/tries.ts';

/** Bytes that a partition's outcome may take on its way; the server itself takes no value of more than 512 MiB. */
export const largestOutcome: number = 256 * 2 ** 20;

/**
 * An outcome as it travels: V8's structured clone.
 * @throws QueueError where it is too large
 */
export function encodeOutcome(outcome: Outcome): Buffer {
  const bytes = serialize(outcome);
  if (bytes.length <= largestOutcome) return bytes;
  const { ensemble, index } = outcome.partition;
  throw new QueueError(
    `the state of partition ${index} of ensemble ${ensemble} takes ${Math.ceil(bytes.length / 2 ** 20)} MiB, a queue carries ${largestOutcome / 2 ** 20} MiB: run this pipeline on threads, or with a smaller state`,
  );
}

export const decodeOutcome = (bytes: Buffer): Outcome => deserialize(bytes) as Outcome;

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
    return new WorkerLoss(`its worker gave no sign of life any more (${text})`); // BullMQ's own words: it stalled
  }
  const error = fromFailure(reason.failure);
  return reason.lost ? new WorkerLoss(error.message, { cause: error, counts: reason.counts }) : error;
}
