import { isDeepStrictEqual } from 'node:util';
import type { RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reducer } from '../../src/reduce/reducer.ts';

/** A result with all that it makes on demand made; maps by sorted keys, as their order says nothing. */
function made(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (value instanceof Map) return [...value].sort(([a], [b]) => a - b).map(made);
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>, made);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, made(each)]));
}

/** The same to the last bit (quick on long typed arrays). */
function expectSame(a: unknown, b: unknown): void {
  const [x, y] = [made(a), made(b)];
  if (!isDeepStrictEqual(x, y)) expect(x).toEqual(y);
}

/** Largest magnitude among the numbers of an array, the scale for rounding of its entries. */
function magnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) > largest) largest = Math.abs(values[i]!);
  return largest;
}

/**
 * Same structure and the same numbers up to rounding: relative 1e-9, for entries of a column relative to the column where cancellation is at
 * work (a variance of nearly equal values), and `slack` absolutely.
 */
function expectClose(a: unknown, b: unknown, slack: number, path = ''): void {
  if (typeof a === 'number' && typeof b === 'number') {
    if (Object.is(a, b) || Math.abs(a - b) <= slack + 1e-9 * Math.max(Math.abs(a), Math.abs(b))) return;
    throw new Error(`${path}: ${a} is not ${b}`);
  }
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    const [x, y] = [a as Float64Array, b as Float64Array];
    expect(x.length, path).toBe(y.length);
    const own = /variance|varLog/.test(path) ? 1e-12 * magnitude(y) : 0;
    for (const [i, value] of x.entries()) expectClose(value, y[i], slack + own, `${path}[${i}]`);
    return;
  }
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    expect(Object.keys(a), path).toEqual(Object.keys(b));
    for (const key of Object.keys(a)) {
      expectClose((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], slack, `${path}.${key}`);
    }
    return;
  }
  expect(a, path).toEqual(b);
}

export interface LawOptions {
  /** Absolute rounding error allowed in merged results; 0 where nothing cancels. */
  readonly slack?: number;
  /** True where a batch is one thing, which can't be cut. */
  readonly wholeBatches?: boolean;
  /** Draws of each law; default 60. Fewer where a reducer is made of others that are held by more. */
  readonly runs?: number;
}

/** The laws that every reducer obeys (`src/reduce/reducer.ts`), on lists of batches. */
export function obeysReducerLaws<State, Result>(
  name: string,
  one: Reducer<State, Result>,
  batches: fc.Arbitrary<RecordBatch[]>,
  { slack = 0, wholeBatches = false, runs = 60 }: LawOptions = {},
): void {
  const reducer = one as Reducer<unknown, unknown>;
  const fold = (parts: readonly RecordBatch[], state: unknown = reducer.init(0)): unknown =>
    parts.reduce((folded, batch) => reducer.step(folded, batch), state);
  const property = (check: (a: RecordBatch[], b: RecordBatch[], c: RecordBatch[], cut: number) => void) =>
    fc.assert(fc.property(batches, batches, batches, fc.nat({ max: 40 }), check), { seed: 7, numRuns: runs });
  const close = (a: unknown, b: unknown) => expectClose(made(a), made(b), slack);

  describe(`the reducer ${name}`, () => {
    if (!wholeBatches) {
      it('gives the same bits however the stream is cut into batches, slices among them', () => {
        property((a, _b, _c, cut) => {
          const sliced = a.flatMap((batch) => {
            const at = cut % (batch.numRows + 1);
            return [batch.slice(0, at), batch.slice(at)] as RecordBatch[];
          });
          expectSame(reducer.finish(fold(sliced)), reducer.finish(fold(a)));
        });
      });
    }

    it('merges parts into the whole, in any grouping', () => {
      property((a, b, c) => {
        const whole = reducer.finish(fold([...a, ...b, ...c]));
        close(reducer.finish(reducer.merge(reducer.merge(fold(a), fold(b)), fold(c))), whole);
        close(reducer.finish(reducer.merge(fold(a), reducer.merge(fold(b), fold(c)))), whole);
      });
    });

    it('is not changed by an empty state, on either side', () => {
      property((a) => {
        const expected = reducer.finish(fold(a));
        expectSame(reducer.finish(reducer.merge(fold(a), reducer.init(0))), expected);
        expectSame(reducer.finish(reducer.merge(reducer.init(0), fold(a))), expected);
      });
    });

    it('goes on after finish as if it had not been asked', () => {
      property((a, b) => {
        let state = fold(a);
        const before = structuredClone(state);
        const result = reducer.finish(state);
        const copy = structuredClone(made(result));
        expectSame(state, before);
        state = fold(b, state);
        expectSame(result, copy);
        expectSame(reducer.finish(state), reducer.finish(fold([...a, ...b])));
      });
    });

    if (reducer.release !== undefined) {
      it('takes the memory of a state without harm to those that it went into, or to the next', () => {
        property((a, b, c) => {
          const expected = reducer.finish(reducer.merge(fold(a), fold(b)));
          const other = fold(b);
          const into = reducer.merge(reducer.merge(reducer.init(0), fold(a)), other);
          const next = reducer.finish(fold(c));
          reducer.release!(other);
          const after = fold(c);
          reducer.merge(into, reducer.init(0));
          expectSame(reducer.finish(after), next);
          close(reducer.finish(into), expected);
        });
      });
    }

    it('behaves alike after a structured clone', () => {
      property((a, b) => {
        const state = fold(a);
        const go = (from: unknown) => reducer.finish(reducer.merge(fold(b, from), fold(a)));
        expectSame(go(structuredClone(state)), go(state));
      });
    });

    it('neither changes nor aliases what it merges from', () => {
      property((a, b) => {
        const other = fold(b);
        const before = structuredClone(other);
        for (const into of [reducer.init(0), fold(a)]) {
          const merged = reducer.merge(into, other);
          fold([...a, ...b], merged);
          expectSame(other, before);
          const result = reducer.finish(merged);
          fold(a, structuredClone(other));
          expectSame(reducer.finish(merged), result);
        }
      });
    });
  });
}
