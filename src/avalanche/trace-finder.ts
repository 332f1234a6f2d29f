import { SchemaError } from '../error.ts';
import type { DetectorSettings } from './detector-options.ts';
import type { Endings } from './endings.ts';
import { HIGH, LAYER, LOW, type OpenTraces } from './open-traces.ts';

/** Finds the trace that a row goes on with, and opens traces where they begin. */
export class TraceFinder {
  readonly #traces: OpenTraces;
  readonly #endings: Endings;
  readonly #firstLayer: number;
  readonly #depth: number;
  readonly #firstPassage: boolean;
  #opened = false;
  /** Layer of the first row that was ignored. */
  #stray: number | undefined;

  constructor(traces: OpenTraces, endings: Endings, { firstLayer, depth, firstPassage }: DetectorSettings) {
    this.#traces = traces;
    this.#endings = endings;
    this.#firstLayer = firstLayer;
    this.#depth = depth;
    this.#firstPassage = firstPassage;
  }

  /**
   * The slot of a row's trace; -1 where the row is to be ignored.
   * @throws SchemaError for a layer that no trace has, or that doesn't follow the trace's last
   */
  slotOf(low: number, high: number, layer: number): number {
    if (layer < this.#firstLayer || layer > this.#depth) {
      throw new SchemaError(`layers of a trace must lie in ${this.#firstLayer} to ${this.#depth}, got ${layer}`);
    }
    if (layer === this.#firstLayer) this.#endRepeated(low, high);
    else {
      const slot = this.#traces.find(low, high);
      if (slot >= 0) return this.#checked(slot, layer);
      if (this.#firstPassage) {
        this.#stray ??= layer;
        return -1;
      }
    }
    this.#opened = true;
    const slot = this.#traces.open(low, high);
    this.#traces.words[16 * slot + LAYER] = layer - 1;
    return slot;
  }

  /** @throws SchemaError where there were rows, and none of them opened a trace */
  checkOpened(): void {
    if (this.#opened || this.#stray === undefined) return;
    throw new SchemaError(`no trace begins at layer ${this.#firstLayer}; the first row has layer ${this.#stray}`);
  }

  /** Ends the trace of the last row where its perturbation begins anew. */
  #endRepeated(low: number, high: number): void {
    const { cursor, words } = this.#traces;
    if (cursor >= 0 && words[16 * cursor + LOW] === low && words[16 * cursor + HIGH] === high) {
      this.#endings.endTrace(cursor);
    }
  }

  #checked(slot: number, layer: number): number {
    const { words } = this.#traces;
    const before = words[16 * slot + LAYER];
    if (before === layer - 1) return slot;
    const id = words[16 * slot + HIGH]! * 2 ** 32 + (words[16 * slot + LOW]! >>> 0);
    throw new SchemaError(`the layers of perturbation ${id} must follow each other: ${layer} after ${before}`);
  }
}
