import { keepsIdle } from '../idle-memory.ts';

/**
 * What was put back last, for whoever can go on with it: a partition makes its engine anew, and a kernel's or a network's memory costs more
 * than a small partition. Whoever took it owns it alone. One of these is all that engines keep between partitions.
 */
export class Idle<T> {
  #kept: T | undefined;
  readonly #close: (left: T) => void;

  /**
   * @param close lets go of one that nobody goes on with
   * @param memory what one lies in, where that is to be freed before a run's last ensemble is measured
   */
  constructor(close: (left: T) => void = () => {}, memory?: (left: T) => readonly ArrayBufferLike[]) {
    this.#close = close;
    if (memory === undefined) return;
    keepsIdle(() => {
      const left = this.take(() => true);
      return left === undefined ? [] : memory(left);
    });
  }

  /** The one that is kept, where it fits. */
  take(fits: (kept: T) => boolean): T | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept === undefined || fits(kept)) return kept;
    this.#close(kept);
    return undefined;
  }

  /** Keeps one in the place of the last. */
  put(one: T): void {
    if (this.#kept !== undefined) this.#close(this.#kept);
    this.#kept = one;
  }
}
