/**
 * What was put back last, for whoever can go on with it: a partition makes its engine anew, and a kernel's or a network's memory costs more
 * than a small partition. Whoever took it owns it alone. One of these is all that engines keep between partitions.
 */
export class Idle<T> {
  #kept: T | undefined;
  readonly #close: (left: T) => void;

  /** @param close lets go of one that nobody goes on with */
  constructor(close: (left: T) => void = () => {}) {
    this.#close = close;
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
