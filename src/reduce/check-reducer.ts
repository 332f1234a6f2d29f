import type { RecordBatch } from 'apache-arrow';
import { ParameterError, PipelineError } from '../error.ts';
import { createStream, type RandomStream } from '../numeric/random.ts';
import { cloned } from './cloned.ts';
import { difference } from './difference.ts';
import { checkNeutral, rounding } from './neutral.ts';
import type { Reducer } from './reducer.ts';

/** How a reducer is checked. */
export interface ReducerCheck {
  /** Of the cuts and groupings that are tried. Default 1. */
  readonly seed?: number;
  /** How many are. Default 20. */
  readonly tries?: number;
  /** Relative rounding error that merged results may have: sums of floating point are not associative. Default 1e-9. */
  readonly tolerance?: number;
  /** Whether a batch is one thing, which can't be cut. Default false. */
  readonly wholeBatches?: boolean;
}

interface Laws {
  readonly reducer: Reducer;
  readonly tolerance: number;
  fold(batches: readonly RecordBatch[], from?: unknown): unknown;
  /** Throws where a result isn't the expected one, with the law that is broken. */
  same(law: string, found: unknown, expected: unknown, exact?: boolean): void;
}

function lawsOf(reducer: Reducer, tolerance: number): Laws {
  const { name } = reducer;
  return {
    reducer,
    tolerance,
    fold: (batches, from = reducer.init(0)) =>
      batches.reduce((state, batch) => {
        const next = reducer.step(state, batch);
        if (next !== undefined || state === undefined) return next;
        throw new PipelineError(`step of reducer '${name}' must return the state to go on with, got undefined`);
      }, from),
    same(law, found, expected, exact = false) {
      const differs = difference(found, expected, exact ? 0 : tolerance);
      if (differs !== undefined) throw new PipelineError(`reducer '${name}' breaks a law: ${law}, but ${differs}`);
    },
  };
}

/** The stream cut into parts at random, batches too. */
function parted(batches: readonly RecordBatch[], stream: RandomStream, wholeBatches: boolean): RecordBatch[][] {
  const parts: RecordBatch[][] = [[]];
  const cut = (): boolean => stream.integer(2) === 1;
  for (const batch of batches) {
    if (cut()) parts.push([]);
    if (wholeBatches || batch.numRows < 2) {
      parts.at(-1)!.push(batch);
      continue;
    }
    const at = stream.integer(batch.numRows + 1);
    parts.at(-1)!.push(batch.slice(0, at));
    if (cut()) parts.push([]);
    parts.at(-1)!.push(batch.slice(at));
  }
  return parts;
}

/** States merged into one, neighbours first in any grouping. */
function grouped(laws: Laws, states: readonly unknown[], stream: RandomStream): unknown {
  const left = [...states];
  while (left.length > 1) {
    const at = stream.integer(left.length - 1);
    left.splice(at, 2, laws.reducer.merge(left[at], left[at + 1]));
  }
  return left[0];
}

function checkOnes(laws: Laws, batches: readonly RecordBatch[]): void {
  const { reducer, fold, same } = laws;
  const half = Math.ceil(batches.length / 2);
  const [first, second] = [batches.slice(0, half), batches.slice(half)];
  const whole = reducer.finish(fold(batches));
  const asked = fold(first);
  const before = cloned(reducer, asked);
  reducer.finish(asked);
  same('finish leaves the state as it is', asked, before, true);
  same('a state goes on after finish', reducer.finish(fold(second, asked)), whole, true);
  const copy = fold(second, cloned(reducer, fold(first)));
  same('a structured clone of a state goes on as the state does', reducer.finish(copy), whole, true);
  const other = fold(second);
  const kept = cloned(reducer, other);
  const merged = reducer.merge(fold(first), other);
  if (merged === undefined && other !== undefined)
    throw new PipelineError(`merge of reducer '${reducer.name}' must return the merged state, got undefined`);
  same('merge leaves its second state as it is', other, kept, true);
  fold(batches, merged);
  same('what merge gives shares nothing with its second state', other, kept, true);
}

/**
 * Holds a reducer to the laws that results rest on ({@link Reducer}), on batches as its stage gives them: whole parts of a stream merge to the whole, however
 * it is cut and in any grouping; an empty state changes nothing; `finish` leaves the state usable; `merge` leaves its second state alone; a structured clone
 * behaves alike. A reducer that is made for partitions of its own (`blocks`) is checked in one of them.
 *
 * ```ts
 * import { checkReducer, type Reducer, rowsToBatch } from 'crackle';
 *
 * const rows: Reducer<{ n: number }, number> = {
 *   name: 'rows',
 *   init: () => ({ n: 0 }),
 *   step: ({ n }, batch) => ({ n: n + batch.numRows }),
 *   merge: (into, other) => ({ n: into.n + other.n }),
 *   finish: ({ n }) => n,
 * };
 * const strengths = [0.5, 0.1, 0.7];
 * const signals = strengths.map((strength, i) => ({ ensemble: 0, perturbation: i, layer: 1, strength }));
 * checkReducer(rows, [rowsToBatch('signal', signals)]); // throws where a law is broken, and says which
 * ```
 * @throws PipelineError that names reducer, law, place and both values; ParameterError without batches, or for options out of range
 */
export function checkReducer<State, Result>(
  reducer: Reducer<State, Result>,
  batches: readonly RecordBatch[],
  { seed = 1, tries = 20, tolerance = rounding, wholeBatches = false }: ReducerCheck = {},
): void {
  const rows = batches.reduce((sum, { numRows }) => sum + numRows, 0);
  if (rows === 0) throw new ParameterError('batches must hold rows: a reducer that has seen nothing shows no law');
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new ParameterError(`seed must be an integer of at least 0, got ${seed}`);
  if (!Number.isSafeInteger(tries) || tries < 1)
    throw new ParameterError(`tries must be a positive integer, got ${tries}`);
  if (!(tolerance >= 0)) throw new ParameterError(`tolerance must be at least 0, got ${tolerance}`);
  const one = reducer as Reducer;
  const laws = lawsOf(one, tolerance);
  checkOnes(laws, batches);
  checkNeutral(one, laws.fold(batches), 0, tolerance);
  const whole = one.finish(laws.fold(batches));
  for (let i = 0; i < tries; i++) {
    const parts = parted(batches, createStream(seed, i, 0), wholeBatches);
    const lengths = parts.map((part) => part.reduce((sum, { numRows }) => sum + numRows, 0)).join(' + ');
    laws.same(`batches may be cut (${lengths} rows)`, one.finish(laws.fold(parts.flat())), whole);
    const merged = grouped(
      laws,
      parts.map((part) => laws.fold(part)),
      createStream(seed, i, 1),
    );
    laws.same(`parts of a stream (${lengths} rows) merge to the whole`, one.finish(merged), whole);
  }
}
