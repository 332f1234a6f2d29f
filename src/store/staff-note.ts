import { join } from 'node:path';
import { makeFolders, readIfThere, temporaryEnding, writeAtomically } from './file.ts';
import { unfinishedName } from './part-path.ts';

/** Workers of a queue that serve a run, and the partitions that they can work on at once. */
export interface StaffNote {
  readonly workers: number;
  readonly slots: number;
}

// By its ending it goes with what is unfinished, when the run ends or is gone on with.
const pathOf = (folder: string): string => join(folder, unfinishedName, `staff.json${temporaryEnding}`);

/** Notes in a run folder who works on it, for those who follow the run from outside. */
export async function noteStaff(folder: string, { workers, slots }: StaffNote): Promise<void> {
  await makeFolders(join(folder, unfinishedName));
  await writeAtomically(pathOf(folder), JSON.stringify({ workers, slots }), { durable: false });
}

/** Who works on a run as far as was noted; undefined where it has no queue. */
export async function notedStaff(folder: string): Promise<StaffNote | undefined> {
  const text = await readIfThere(pathOf(folder));
  if (text === undefined) return undefined;
  try {
    const { workers, slots } = JSON.parse(text.toString('utf8')) as Partial<StaffNote>;
    return Number.isSafeInteger(workers) && Number.isSafeInteger(slots)
      ? { workers: workers!, slots: slots! }
      : undefined;
  } catch {
    return undefined; // somebody else's file: a page does without
  }
}
