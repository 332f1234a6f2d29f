import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChangedInput, changedInput, type InputFiles } from './input-files.ts';

/** What tells that a file was written since, without reading it: the time of its last change, which no copy sets back. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  if (found === undefined) return '';
  const own = `${found.ino} ${found.size} ${found.ctimeNs}`;
  if (!found.isDirectory()) return own;
  const names = (await readdir(path, { withFileTypes: true }).catch(() => []))
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name);
  const stamps = await Promise.all(names.sort().map((name) => stampOf(join(path, name))));
  return [own, ...stamps].join('\n');
}

const stampsOf = async (inputs: InputFiles): Promise<string> =>
  (await Promise.all(Object.keys(inputs).map(stampOf))).join('\n');

/**
 * Watches files that a run reads, and the files of folders.
 * @returns looks at them, and gives the first that doesn't hold what it should. One that was written again with what it held does.
 */
export async function watchFiles(inputs: InputFiles = {}): Promise<() => Promise<ChangedInput | undefined>> {
  if (Object.keys(inputs).length === 0) return async () => undefined;
  let stamps = await stampsOf(inputs);
  const look = async (): Promise<ChangedInput | undefined> => {
    const now = await stampsOf(inputs);
    if (now === stamps) return undefined;
    const changed = await changedInput(inputs);
    if (changed === undefined) stamps = now;
    return changed;
  };
  // Folders may hold many thousands: who asks while one look is on shares the next.
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<ChangedInput | undefined> | undefined;
  return () => {
    next ??= last.then(() => {
      next = undefined;
      const one = look();
      last = one.catch(() => {});
      return one;
    });
    return next;
  };
}
