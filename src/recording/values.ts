import { Field, Float64, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { ParameterError, SchemaError } from '../error.ts';
import type { Sample } from '../fit/ordered-sample.ts';
import { grown } from '../numeric/grown.ts';
import { type ValueHistogramState, valueHistogram } from '../reduce/value-histogram.ts';

export interface HoldOptions {
  readonly column: string;
  /** Values that are held as they are; beyond, they go into a fine histogram. Infinity: always as they are. */
  readonly most: number;
  /** Whether values are integers; default: if all of them are (of those held as they are, where a histogram takes over). */
  readonly discrete: boolean | undefined;
  /** Values that are not finite are left out and counted; otherwise they are an error. */
  readonly skipMissing: boolean;
}

export interface Held {
  readonly sample: Sample;
  readonly discrete: boolean;
  /** Every value as it is, or groups of relative width ≤ 2⁻⁸ with their count and Σ ln x. */
  readonly form: 'raw' | 'histogram';
  readonly n: number;
  readonly missing: number;
  /** Zero and negative values, which no power law has. */
  readonly nonPositive: number;
}

/** Values of one column, held in flat memory once there are many. */
export interface ValueHolder {
  add(values: Float64Array): void;
  finish(): Held;
}

function batchOf(name: string, values: Float64Array): RecordBatch {
  const field = new Field(name, new Float64(), false);
  const child = makeData({ type: new Float64(), length: values.length, nullCount: 0, data: values });
  const data = makeData({ type: new Struct([field]), length: values.length, nullCount: 0, children: [child] });
  return new RecordBatch(new Schema([field]), data);
}

/** @throws ParameterError (add) for a value that is not finite, unless those are skipped */
export function holdValues({ column, most, discrete: given, skipMissing }: HoldOptions): ValueHolder {
  let raw = new Float64Array(0);
  let n = 0;
  let seen = 0;
  let missing = 0;
  let nonPositive = 0;
  let integers = true;
  let histogram: { reducer: ReturnType<typeof valueHistogram>; state: ValueHistogramState } | undefined;

  function finite(values: Float64Array): Float64Array {
    let kept = 0;
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!;
      if (x - x !== 0) {
        missing++;
        if (skipMissing) continue;
        throw new ParameterError(
          `column '${column}' must hold finite numbers, row ${seen + i + 1} is missing, NaN or infinite`,
          { remedy: { option: 'skipMissing' } },
        );
      }
      if (x <= 0) nonPositive++;
      else if (integers && !Number.isInteger(x)) integers = false;
      kept++;
    }
    seen += values.length;
    return kept === values.length ? values : values.filter((x) => x - x === 0);
  }

  function intoHistogram(values: Float64Array): void {
    if (histogram === undefined) {
      const reducer = valueHistogram(column, { discrete: given ?? integers });
      histogram = { reducer, state: reducer.step(reducer.init(), batchOf(column, raw.slice(0, n))) };
      raw = new Float64Array(0);
    }
    try {
      histogram.reducer.step(histogram.state, batchOf(column, values));
    } catch (error) {
      if (!(error instanceof SchemaError) || given !== undefined) throw error;
      throw new ParameterError(`the first ${most} values of column '${column}' are integers, a later one is not`, {
        remedy: { option: 'discrete' },
      });
    }
  }

  return {
    add(values) {
      const kept = finite(values);
      if (histogram !== undefined || n + kept.length > most) {
        intoHistogram(kept);
      } else {
        if (n + kept.length > raw.length) raw = grown(raw, Math.max(2 * raw.length, n + kept.length, 1024));
        raw.set(kept, n);
      }
      n += kept.length;
    },
    finish() {
      const counts = { n, missing, nonPositive };
      if (histogram === undefined) {
        const positive = n > nonPositive;
        return {
          sample: raw.subarray(0, n),
          discrete: given ?? (integers && positive),
          form: 'raw',
          ...counts,
        };
      }
      const { sample } = histogram.reducer.finish(histogram.state);
      return { sample, discrete: sample.discrete, form: 'histogram', ...counts };
    },
  };
}
