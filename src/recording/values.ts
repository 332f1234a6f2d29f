import { Field, Float64, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { ParameterError, SchemaError } from '../error.ts';
import type { Sample } from '../fit/ordered-sample.ts';
import { grown } from '../numeric/grown.ts';
import { type ValueHistogramState, valueHistogram } from '../reduce/value-histogram.ts';
import { latticeOf } from './lattice.ts';

export interface HoldOptions {
  readonly column: string;
  /** Values that are held as they are; beyond, they go into a fine histogram. Infinity: always as they are. */
  readonly most: number;
  /** Whether values are multiples of a step; default: if all of them are (of those held as they are, where a histogram takes over). */
  readonly discrete: boolean | undefined;
  /** Values that are not finite are left out and counted; otherwise they are an error. */
  readonly skipMissing: boolean;
}

/** Values of a column as they are fitted. */
export interface Held {
  /** Of discrete values: in steps, so that they are integers. */
  readonly sample: Sample;
  readonly discrete: boolean;
  /** What discrete values are multiples of; 1 for integers, and for real numbers. */
  readonly step: number;
  /** Every value as it is, values with their counts, or groups of relative width ≤ 2⁻⁸ with their count and Σ ln x. */
  readonly form: 'raw' | 'counts' | 'histogram';
  readonly n: number;
  readonly missing: number;
  /** Zero and negative values, which no power law has. */
  readonly nonPositive: number;
  /** Whether all are integers, some above 2^53, where doubles tell no two neighbouring integers apart. */
  readonly beyondIntegers: boolean;
}

/** Values of one column, held in flat memory once there are many. */
export interface ValueHolder {
  /** @param counts how often each of them is there; where it is given once it is given always */
  add(values: Float64Array, counts?: Float64Array): void;
  finish(): Held;
}

function batchOf(name: string, values: Float64Array): RecordBatch {
  const field = new Field(name, new Float64(), false);
  const child = makeData({ type: new Float64(), length: values.length, nullCount: 0, data: values });
  const data = makeData({ type: new Struct([field]), length: values.length, nullCount: 0, children: [child] });
  return new RecordBatch(new Schema([field]), data);
}

/** A list of numbers that grows. */
class Numbers {
  #held = new Float64Array(1024);
  length = 0;

  add(more: Float64Array): void {
    const length = this.length + more.length;
    if (length > this.#held.length) this.#held = grown(this.#held, Math.max(2 * this.#held.length, length));
    this.#held.set(more, this.length);
    this.length = length;
  }

  all(): Float64Array {
    return this.#held.subarray(0, this.length);
  }
}

/** @throws ParameterError (add) for a value that is not finite, unless those are skipped, and for a count that is no whole number */
export function holdValues({ column, most, discrete: given, skipMissing }: HoldOptions): ValueHolder {
  let raw = new Numbers();
  const counted = new Numbers();
  let n = 0;
  let seen = 0;
  let missing = 0;
  let nonPositive = 0;
  let anyCounts = false;
  let integers = true;
  let largest = 0;
  let histogram: { reducer: ReturnType<typeof valueHistogram>; state: ValueHistogramState; step: number } | undefined;

  /** The values that are finite, in place of all. */
  function known(values: Float64Array, counts: Float64Array | undefined): [Float64Array, Float64Array | undefined] {
    let kept = 0;
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!;
      const count = counts === undefined ? 1 : counts[i]!;
      if (!(Number.isInteger(count) && count >= 0)) {
        throw new ParameterError(`counts must be whole numbers, row ${seen + i + 1} holds ${count}`);
      }
      if (x - x !== 0) {
        missing += count;
        if (skipMissing) continue;
        throw new ParameterError(
          `column '${column}' must hold finite numbers, row ${seen + i + 1} is blank, missing, NaN or infinite`,
          { remedy: { option: 'skipMissing' } },
        );
      }
      n += count;
      if (x <= 0) nonPositive += count;
      integers &&= Number.isInteger(x);
      if (x > largest) largest = x;
      kept++;
    }
    seen += values.length;
    if (kept === values.length) return [values, counts];
    return [values.filter((x) => x - x === 0), counts?.filter((_, i) => values[i]! - values[i]! === 0)];
  }

  function stepOf(values: Float64Array): number | undefined {
    if (given === false) return undefined;
    return latticeOf(values, n - nonPositive) ?? (given === true ? 1 : undefined);
  }

  function inSteps(values: Float64Array, step: number): Float64Array {
    return step === 1 ? values : values.map((x) => (x > 0 ? Math.round(x / step) : x));
  }

  function intoHistogram(values: Float64Array): void {
    if (histogram === undefined) {
      raw.add(values);
      const first = raw.all().slice();
      raw = new Numbers();
      const step = stepOf(first);
      const reducer = valueHistogram(column, { discrete: step !== undefined });
      const state = reducer.step(reducer.init(), batchOf(column, inSteps(first, step ?? 1)));
      histogram = { reducer, state, step: step ?? 1 };
      return;
    }
    const { reducer, state, step } = histogram;
    const off =
      step === 1 ? undefined : values.find((x) => x > 0 && Math.abs(x - Math.round(x / step) * step) > 1e-5 * x);
    try {
      if (off !== undefined) throw new SchemaError(`${off} is no multiple of ${step}`);
      reducer.step(state, batchOf(column, inSteps(values, step)));
    } catch (error) {
      if (!(error instanceof SchemaError) || given !== undefined) throw error;
      const kind = step === 1 ? 'integers' : `multiples of ${step}`;
      throw new ParameterError(`the first values of column '${column}' are ${kind}, a later one is not`, {
        remedy: { option: 'discrete' },
      });
    }
  }

  return {
    add(values, counts) {
      const [kept, counting] = known(values, counts);
      if (counting !== undefined) {
        anyCounts = true;
        counted.add(counting);
        raw.add(kept);
      } else if (histogram !== undefined || raw.length + kept.length > most) intoHistogram(kept);
      else raw.add(kept);
    },
    finish() {
      const numbers = { n, missing, nonPositive, beyondIntegers: integers && largest > 2 ** 53 };
      if (histogram !== undefined) {
        const { sample } = histogram.reducer.finish(histogram.state);
        return { sample, discrete: sample.discrete, step: histogram.step, form: 'histogram', ...numbers };
      }
      const step = n > nonPositive ? stepOf(raw.all()) : undefined;
      const value = inSteps(raw.all(), step ?? 1);
      return {
        sample: anyCounts ? { value, count: counted.all() } : value,
        discrete: step !== undefined,
        step: step ?? 1,
        form: anyCounts ? 'counts' : 'raw',
        ...numbers,
      };
    },
  };
}
