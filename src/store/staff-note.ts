import { join } from 'node:path';
import { makeFolders, readIfThere, temporaryEnding, writeAtomically } from './file.ts';
import { unfinishedName } from './part-path.ts';

/** Workers of a queue that serve a run, and the partitions that they can work on at once. */
export interface StaffNote {
  readonly workers: number;
  readonly slots: number;
}

// By its ending a note goes with what is unfinished, when the run ends or is gone on with.
const pathOf = (folder: string, name: string): string => join(folder, unfinishedName, `${name}${temporaryEnding}`);
const [staffName, undrawnName] = ['staff.json', 'undrawn'];

/** Notes something in a run folder for those who follow the run from outside. */
export async function note(folder: string, name: string, text: string): Promise<void> {
  await makeFolders(join(folder, unfinishedName));
  await writeAtomically(pathOf(folder, name), text, { durable: false });
}

/** Notes in a run folder who works on it, for those who follow the run from outside. */
export const noteStaff = (folder: string, { workers, slots }: StaffNote): Promise<void> =>
  note(folder, staffName, JSON.stringify({ workers, slots }));

/** Notes that there will be no figures, for those who want to know how long the run will take. */
export const noteUndrawn = (folder: string): Promise<void> => note(folder, undrawnName, '');

/** Whether a run has noted that there will be no figures. */
export const notedUndrawn = async (folder: string): Promise<boolean> =>
  (await readIfThere(pathOf(folder, undrawnName))) !== undefined;

/** A note; undefined where there is none, or it is somebody else's file: a page does without. */
export async function noted<T>(
  folder: string,
  name: string,
  isNote: (found: Partial<T>) => boolean,
): Promise<T | undefined> {
  const text = await readIfThere(pathOf(folder, name));
  if (text === undefined) return undefined;
  try {
    const found = JSON.parse(text.toString('utf8')) as T;
    return isNote(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Who works on a run as far as was noted; undefined where it has no queue. */
export const notedStaff = (folder: string): Promise<StaffNote | undefined> =>
  noted<StaffNote>(folder, staffName, ({ workers, slots }) => [workers, slots].every(Number.isSafeInteger));
