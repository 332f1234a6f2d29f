import { note, noted } from '../store/staff-note.ts';
import type { Progress } from './states.ts';

/** When and where a run was gone on with: its speed is that of what came since. */
export interface ResumedNote {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** By ensemble, as in the checkpoint. */
  readonly entries: readonly Pick<Progress, 'merged' | 'counts'>[];
}

const name = 'resumed.json';

/** Notes in a run folder that the run is gone on with. */
export const noteResumed = (folder: string, progress: ResumedNote['entries'], at = Date.now()): Promise<void> => {
  const entries = progress.map(({ merged, counts }) => ({ merged, counts }));
  return note(folder, name, JSON.stringify({ at, entries } satisfies ResumedNote));
};

/** Where a run was gone on with; undefined in its first session. */
export const notedResumed = (folder: string): Promise<ResumedNote | undefined> =>
  noted<ResumedNote>(
    folder,
    name,
    ({ at, entries }) =>
      Number.isFinite(at) &&
      Array.isArray(entries) &&
      entries.every(({ merged, counts }) => Number.isSafeInteger(merged) && Number.isSafeInteger(counts.perturbations)),
  );
