import { StoreError } from '../error.ts';
import type { Executor } from '../flow/executor.ts';
import type { InputFiles } from '../flow/input-files.ts';

/**
 * Has executors refuse partitions that may have been computed from altered files: threads read a run's inputs when they first need them, perhaps hours
 * after it began.
 */
export async function watchedInputs(inputs: InputFiles | undefined): Promise<(executor: Executor) => Executor> {
  if (inputs === undefined) return (executor) => executor;
  const { watchFiles } = await import('../flow/watched-files.ts');
  const look = await watchFiles(inputs);
  return (executor) => ({
    get slots() {
      return executor.slots;
    },
    ...(executor.staff === undefined ? {} : { staff: executor.staff }),
    ...(executor.grown === undefined ? {} : { grown: executor.grown }),
    async execute(partition, onCount) {
      const outcome = await executor.execute(partition, onCount);
      const changed = await look();
      if (changed === undefined) return outcome;
      const what = changed.missing ? 'was taken away' : 'was altered';
      throw new StoreError(
        `${changed.path} ${what} while the run went on, which reads it: bring it back as it was, then resume`,
      );
    },
    ...(executor.measure === undefined ? {} : { measure: executor.measure }),
    ...(executor.rest === undefined ? {} : { rest: executor.rest }),
    [Symbol.asyncDispose]: () => executor[Symbol.asyncDispose](),
  });
}
