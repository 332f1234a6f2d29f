import { stat } from 'node:fs/promises';
import { StoreError } from '../error.ts';
import type { Executor } from '../flow/executor.ts';
import { changedInput, type InputFiles } from '../flow/input-files.ts';

/** What tells that a file, or the list of a folder, was written since, without reading it. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeNs}`;
}

const stampsOf = async (inputs: InputFiles): Promise<string> =>
  (await Promise.all(Object.keys(inputs).map(stampOf))).join('\n');

/**
 * Has executors refuse partitions that may have been computed from altered files: threads read a run's inputs when they first need them, perhaps hours
 * after it began. Files that were written again with what they held are none.
 */
export async function watchedInputs(inputs: InputFiles | undefined): Promise<(executor: Executor) => Executor> {
  if (inputs === undefined) return (executor) => executor;
  let stamps = await stampsOf(inputs);
  const check = async (): Promise<void> => {
    const now = await stampsOf(inputs);
    if (now === stamps) return;
    const changed = await changedInput(inputs);
    if (changed !== undefined) {
      const what = changed.missing ? 'was taken away' : 'was altered';
      throw new StoreError(
        `${changed.path} ${what} while the run went on, which reads it: bring it back as it was, then resume`,
      );
    }
    stamps = now;
  };
  return (executor) => ({
    get slots() {
      return executor.slots;
    },
    ...(executor.staff === undefined ? {} : { staff: executor.staff }),
    ...(executor.grown === undefined ? {} : { grown: executor.grown }),
    async execute(partition, onCount) {
      const outcome = await executor.execute(partition, onCount);
      await check();
      return outcome;
    },
    ...(executor.measure === undefined ? {} : { measure: executor.measure }),
    ...(executor.rest === undefined ? {} : { rest: executor.rest }),
    [Symbol.asyncDispose]: () => executor[Symbol.asyncDispose](),
  });
}
