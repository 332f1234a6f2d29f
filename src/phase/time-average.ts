import type { RecordBatch } from 'apache-arrow';
import { column } from '../schema/batch.ts';
import { readIds } from '../schema/int64.ts';

/** Averages of the signal strength over layers first … last of every perturbation, fed by `signal` batches in any order of perturbations. */
export class TimeAverage {
  readonly #sums: Float64Array;
  readonly #from: number;
  readonly #first: number;
  readonly #last: number;

  /**
   * @param from lowest id of the perturbations
   * @param count of the perturbations, whose ids follow on each other
   */
  constructor(from: number, count: number, first: number, last: number) {
    this.#sums = new Float64Array(count);
    this.#from = from;
    this.#first = first;
    this.#last = last;
  }

  add(batch: RecordBatch): void {
    const ids = readIds(column(batch, 'perturbation'));
    const layer = column<Int32Array>(batch, 'layer');
    const strength = column<Float32Array>(batch, 'strength');
    const sums = this.#sums;
    const from = this.#from;
    const first = this.#first;
    const last = this.#last;
    for (let i = 0; i < layer.length; i++) {
      const l = layer[i]!;
      if (l < first || l > last) continue;
      sums[ids[i]! - from]! += strength[i]!;
    }
  }

  /** One mean a perturbation. */
  means(): Float64Array {
    const layers = this.#last - this.#first + 1;
    return this.#sums.map((sum) => sum / layers);
  }
}
