import { stat } from 'node:fs/promises';

/** What tells that a file was written or touched since; undefined where there is none. */
async function signOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.ino} ${found.size} ${found.mtimeNs}`;
}

interface Seen {
  readonly sign: string | undefined;
  readonly since: number;
  readonly beats: boolean;
}

/**
 * Watches files that processes of other machines write. Times of files come from clocks that may be ahead or behind; that one changes is seen by
 * whoever looks twice, and for how long it didn't by a clock of his own, which no one sets.
 */
export class Watch {
  readonly #seen = new Map<string, Seen>();

  /**
   * @param of tells apart what was in the file: another content is watched anew
   * @returns for how many milliseconds it has stayed as it is, of looks at it, and whether it ever changed between them
   */
  async look(path: string, of = ''): Promise<{ readonly still: number; readonly beats: boolean }> {
    const key = `${path} ${of}`;
    const sign = await signOf(path);
    const now = performance.now();
    const before = this.#seen.get(key);
    const same = before?.sign === sign;
    const seen = before !== undefined && same ? before : { sign, since: now, beats: before !== undefined };
    this.#seen.set(key, seen);
    return { still: now - seen.since, beats: seen.beats };
  }
}
