import type { LiveState } from './state.ts';

/** States so far for pages that are opened late, thinned so that there are never more than `most`. */
export class History {
  #states: LiveState[] = [];
  #every = 1;
  #seen = 0;
  #last: LiveState | undefined;
  readonly #most: number;

  constructor(most = 400) {
    this.#most = most;
  }

  add(state: LiveState): void {
    this.#last = state;
    if (this.#seen++ % this.#every !== 0) return;
    this.#states.push(state);
    if (this.#states.length < this.#most) return;
    this.#states = this.#states.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }

  /** In order, the newest last. */
  all(): LiveState[] {
    return this.#last === undefined || this.#states.at(-1) === this.#last
      ? [...this.#states]
      : [...this.#states, this.#last];
  }
}
