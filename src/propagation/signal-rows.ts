import { PipelineError } from '../error.ts';
import { writeId } from '../schema/int64.ts';
import type { SignalWindow } from './engine.ts';

/** Rows that there is room for at first: many a partition has no more. */
const FEW = 2048;

/**
 * Rows of a window being filled, for engines of one's own: `push` rows until `full`, then yield `take()`; the rows of one perturbation in the order of layers.
 */
export class SignalRows {
  length = 0;
  readonly #capacity: number;
  readonly #recycle: boolean;
  #perturbation = new Int32Array(0);
  #layer = new Int32Array(0);
  #strength = new Float32Array(0);
  /** Rows that there is room for, and will be next. */
  #room = 0;
  #next: number;

  /**
   * @param capacity rows a window holds, `windowRows` of the engine's options
   * @param recycle true where a window may be overwritten as soon as rows are pushed again
   */
  constructor(capacity: number, recycle = false) {
    this.#capacity = capacity;
    this.#recycle = recycle;
    this.#next = Math.min(FEW, capacity);
  }

  /** Makes room, where the window may be longer still; what is pushed beyond it is lost, and `take` says so. */
  #grow(): void {
    const [perturbation, layer, strength] = [this.#perturbation, this.#layer, this.#strength];
    if (this.#room === this.#capacity) return;
    this.#room = this.#next;
    this.#perturbation = new Int32Array(2 * this.#room);
    this.#layer = new Int32Array(this.#room);
    this.#strength = new Float32Array(this.#room);
    this.#perturbation.set(perturbation);
    this.#layer.set(layer);
    this.#strength.set(strength);
    this.#next = Math.min(this.#capacity, 4 * this.#room);
  }

  /** Whether the window has no room for another row. */
  get full(): boolean {
    return this.length === this.#capacity;
  }

  /** A row: id, layer from 1, and signal strength, which is rounded to float32. */
  push(perturbation: number, layer: number, strength: number): void {
    const at = this.length++;
    if (at === this.#room) this.#grow();
    writeId(this.#perturbation, at, perturbation);
    this.#layer[at] = layer;
    this.#strength[at] = strength;
  }

  /**
   * The rows so far as a window; a new one begins.
   * @throws PipelineError where more were pushed than it holds
   */
  take(): SignalWindow {
    const { length } = this;
    if (length > this.#capacity) {
      throw new PipelineError(
        `an engine pushed ${length} rows into a window of ${this.#capacity}: it must yield rows.take() wherever rows.full`,
      );
    }
    const window = {
      length,
      perturbation: new BigInt64Array(this.#perturbation.buffer, 0, length),
      layer: this.#layer.subarray(0, length),
      strength: this.#strength.subarray(0, length),
    };
    this.length = 0;
    if (this.#recycle) return window;
    this.#next = Math.max(this.#room, Math.min(FEW, this.#capacity));
    this.#room = 0;
    this.#perturbation = new Int32Array(0);
    this.#layer = new Int32Array(0);
    this.#strength = new Float32Array(0);
    return window;
  }
}
