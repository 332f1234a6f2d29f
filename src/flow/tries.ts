import { WorkerError } from '../error.ts';
import type { Executor } from './executor.ts';
import type { Partition } from './partition.ts';

/**
 * What evaluated a partition is gone, and says nothing of the partition itself: a thread that died, a machine that was switched off. Another
 * try may do better. An error that a stage throws is none of these: the same input would give it again.
 */
export class WorkerLoss extends Error {
  /** Whether the partition may be to blame; not where its worker was asked to leave. */
  readonly counts: boolean;

  constructor(message: string, options: ErrorOptions & { readonly counts?: boolean } = {}) {
    super(message, options);
    this.name = 'WorkerLoss';
    this.counts = options.counts ?? true;
  }
}

export interface TriesOptions {
  /** In all. Default 3. */
  readonly tries?: number;
  /** Told of every loss that is made good by another try. */
  readonly onLoss?: (partition: Partition, loss: WorkerLoss, tries: number) => void;
  /** How to compute a partition alone, for whoever looks for the reason. */
  readonly alone?: (partition: Partition) => string;
}

/** A partition in words. */
export const named = ({ ensemble, index, first, count }: Partition): string =>
  `partition ${index} of ensemble ${ensemble} (perturbations ${first} to ${first + count - 1})`;

/** An executor that tries a partition again where its worker was lost, and gives up on it with an error that says which one it was. */
export function withTries(executor: Executor, { tries = 3, onLoss, alone }: TriesOptions = {}): Executor {
  return {
    get slots() {
      return executor.slots;
    },
    ...(executor.staff === undefined ? {} : { staff: executor.staff }),
    ...(executor.grown === undefined ? {} : { grown: executor.grown }),
    async execute(partition, onCount) {
      for (let failed = 0; ; ) {
        try {
          return await executor.execute(partition, onCount);
        } catch (error) {
          if (!(error instanceof WorkerLoss)) throw error;
          if (error.counts) failed++;
          if (failed < tries) {
            onLoss?.(partition, error, failed);
            continue;
          }
          const how = alone === undefined ? '' : `; to compute it alone: ${alone(partition)}`;
          throw new WorkerError(
            `${named(partition)} was tried ${tries} times, and each time its worker was lost, at last: ${error.message}${how}`,
            { cause: error },
          );
        }
      }
    },
    ...(executor.measure === undefined ? {} : { measure: executor.measure }),
    ...(executor.rest === undefined ? {} : { rest: executor.rest }),
    [Symbol.asyncDispose]: () => executor[Symbol.asyncDispose](),
  };
}
