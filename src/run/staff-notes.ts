import type { Executor } from '../flow/executor.ts';
import type { Dataset } from '../store/dataset.ts';
import { noteStaff, type StaffNote } from '../store/staff-note.ts';

/** Keeps the note of who works on a run up to date; what it gives is done once the last note is written. */
export function staffNotes(
  dataset: Dataset | undefined,
  executor: Executor,
): { renew(): void; written(): Promise<void> } {
  let noted: StaffNote | undefined;
  let writing: Promise<void> = Promise.resolve();
  return {
    renew() {
      const staff = executor.staff?.();
      if (dataset === undefined || staff === undefined) return;
      if (staff.workers === noted?.workers && staff.slots === noted.slots) return;
      noted = staff;
      // A run goes on without it.
      writing = writing.then(() => noteStaff(dataset.folder, staff)).catch(() => {});
    },
    written: () => writing,
  };
}
