import type { RecordBatch } from 'apache-arrow';
import { ParameterError, SchemaError } from '../error.ts';
import { column } from '../schema/batch.ts';
import type { SizeKind } from '../schema/size.ts';
import { skipped } from './censored.ts';
import { durationGroup, durationGroups, exactDurations, groupStart } from './duration-group.ts';
import { integerZeros, memoryFor, outgrown, widened } from './outgrown.ts';
import type { Reducer } from './reducer.ts';
import type { SizeOptions } from './size-option.ts';

/** One row a duration group that holds any avalanche: at most 1696 rows of G + 2 numbers (0.7 MB at G = 50). */
export interface CollapseState {
  /** Row + 1 of a group, 0 where it has none. */
  row: Int32Array;
  rows: number;
  count: Float64Array;
  sumLogDuration: Float64Array;
  /** Row-major, rows × G. */
  mean: Float64Array;
  nonFinite: number;
}

/** Mean profiles; one row a duration group that holds any avalanche, ascending. */
export interface CollapseResult {
  /** x_g = g/G, g = 1 … G; x = l/D. */
  readonly x: Float64Array;
  /** exp⟨ln D⟩ over the group: the duration itself below 1024. Rescale the group's profile by this. */
  readonly duration: Float64Array;
  /** Durations lower ≤ D < upper are in the group. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly count: Float64Array;
  /** Mean profile s̄_D(x) of the excess over the threshold, or of the signal where that was asked for; row-major, duration.length × x.length. */
  readonly strength: Float64Array;
  /** Avalanches that don't count because their profile has a value that is not finite. */
  readonly nonFinite: number;
}

function profiles(batch: RecordBatch, grid: number, size: SizeKind): Float32Array | Float64Array {
  const at = batch.schema.fields.findIndex((field) => field.name === 'profile');
  const child = at < 0 ? undefined : batch.data.children[at]?.children[0];
  if (child === undefined) {
    throw new SchemaError(`the collapse needs avalanches with a column 'profile': avalanches(…, { profile: ${grid} })`);
  }
  const of = batch.schema.fields[at]!.metadata.get('of') ?? size;
  if (of !== size) throw new SchemaError(`the collapse expects profiles of the ${size}, got profiles of the ${of}`);
  const values = child.values as Float32Array | Float64Array;
  if (values.length < batch.numRows * grid || child.length !== batch.numRows * grid) {
    throw new SchemaError(`the collapse expects profiles of ${grid} points, got ${child.length / batch.numRows}`);
  }
  return values;
}

/** The row of a group, made if need be. */
function rowOf(state: CollapseState, group: number, grid: number): number {
  const known = state.row[group]!;
  if (known > 0) return known - 1;
  const row = state.rows++;
  state.row[group] = row + 1;
  if (row === state.count.length) {
    // In steps of a quarter: an ensemble has as many states as blocks, and their sums.
    const rows = Math.min(durationGroups, ((Math.max(1, row) + (row >> 2) - 1) | 63) + 1);
    state.count = widened(state.count, rows);
    state.sumLogDuration = widened(state.sumLogDuration, rows);
    state.mean = widened(state.mean, rows * grid);
  }
  return row;
}

/** Whether `count` float32 are finite, from their bits: an exponent of all ones carries into the sign. */
function finiteSingles(words: Int32Array, from: number, count: number): boolean {
  const end = from + count;
  let carry = 0;
  for (let i = from; i < end; i++) carry |= (words[i]! + 0x00800000) | 0;
  if (carry >= 0) return true;
  carry = 0;
  for (let i = from; i < end; i++) carry |= ((words[i]! & 0x7fffffff) + 0x00800000) | 0;
  return carry >= 0;
}

/** A test of `count` values from a place on, for profiles of a batch. */
function finiteness(profile: Float32Array | Float64Array): (from: number, count: number) => boolean {
  if (profile instanceof Float32Array) {
    const words = new Int32Array(profile.buffer, profile.byteOffset, profile.length);
    return (from, count) => finiteSingles(words, from, count);
  }
  return (from, count) => profile.subarray(from, from + count).every(Number.isFinite);
}

/** Moves a row's means towards a profile, all of the same count 1/weight. */
function addProfile(
  mean: Float64Array,
  to: number,
  profile: Float32Array | Float64Array,
  from: number,
  grid: number,
  weight: number,
): void {
  const end = from + grid;
  let at = to;
  for (let g = from; g < end; g++) {
    const before = mean[at]!;
    mean[at] = before + (profile[g]! - before) * weight;
    at++;
  }
}

/** The same for means: a loop of its own, as one that sees arrays of two kinds is several times slower. */
function joinMeans(
  mean: Float64Array,
  to: number,
  others: Float64Array,
  from: number,
  grid: number,
  weight: number,
): void {
  for (let g = 0; g < grid; g++) {
    const before = mean[to + g]!;
    mean[to + g] = before + (others[from + g]! - before) * weight;
  }
}

/**
 * Mean avalanche profiles by duration, for the shape collapse (arXiv:2509.22649, Methods): interpolation is linear, so profiles on a
 * common grid can be averaged one by one. Within a group beyond 1024 layers profiles of durations that differ by ≤ 3 % are averaged.
 * Running means, merged as weighted ones.
 * @param options.grid points G of the `profile` column
 * @throws ParameterError for a grid that is no positive integer; SchemaError (step) for batches without such profiles, or with those of the other size
 */
export function collapse(options: SizeOptions & { readonly grid: number }): Reducer<CollapseState, CollapseResult> {
  const { grid, size = 'excess' } = options;
  if (!(Number.isInteger(grid) && grid > 0)) throw new ParameterError(`grid must be a positive integer, got ${grid}`);
  return {
    name: 'collapse',
    init: () => ({
      row: integerZeros(durationGroups),
      rows: 0,
      count: new Float64Array(0),
      sumLogDuration: new Float64Array(0),
      mean: new Float64Array(0),
      nonFinite: 0,
    }),
    step(state, batch) {
      if (batch.numRows === 0) return state;
      const durations = column<Int32Array>(batch, 'duration');
      const profile = profiles(batch, grid, size);
      const allFinite = finiteness(profile);
      const skip = skipped(batch, options);
      for (let i = 0; i < durations.length; i++) {
        if (skip !== null && skip[i] !== 0) continue;
        const from = i * grid;
        if (!allFinite(from, grid)) {
          state.nonFinite++;
          continue;
        }
        const row = rowOf(state, durationGroup(durations[i]!), grid);
        const n = state.count[row]! + 1;
        state.count[row] = n;
        if (durations[i]! >= exactDurations) state.sumLogDuration[row]! += Math.log(durations[i]!);
        addProfile(state.mean, row * grid, profile, from, grid, 1 / n);
      }
      return state;
    },
    merge(into, other) {
      const { row: rows, count, sumLogDuration, mean } = other;
      for (let group = 0; group < rows.length; group++) {
        const from = rows[group]! - 1;
        if (from < 0) continue;
        const to = rowOf(into, group, grid);
        const had = into.count[to]!;
        const added = count[from]!;
        into.count[to] = had + added;
        into.sumLogDuration[to]! += sumLogDuration[from]!;
        joinMeans(into.mean, to * grid, mean, from * grid, grid, had === 0 ? 1 : added / (had + added));
      }
      into.nonFinite += other.nonFinite;
      return into;
    },
    release({ row, count, sumLogDuration, mean }, take = outgrown) {
      for (const array of [row, count, sumLogDuration, mean]) take(array);
    },
    finish({ row, count, sumLogDuration, mean, nonFinite }, spare) {
      const groups: number[] = [];
      for (let group = 0; group < durationGroups; group++) if (row[group]! > 0) groups.push(group);
      const column = (known: Float64Array | undefined): Float64Array => memoryFor(groups.length, known);
      const result = {
        x: Float64Array.from({ length: grid }, (_, g) => (g + 1) / grid),
        duration: column(spare?.duration),
        lower: column(spare?.lower),
        upper: column(spare?.upper),
        count: column(spare?.count),
        strength: memoryFor(groups.length * grid, spare?.strength),
        nonFinite,
      };
      const { strength } = result;
      for (let r = 0; r < groups.length; r++) {
        const group = groups[r]!;
        const from = row[group]! - 1;
        const n = count[from]!;
        result.duration[r] = group < exactDurations ? group : Math.exp(sumLogDuration[from]! / n);
        result.lower[r] = groupStart(group);
        result.upper[r] = groupStart(group + 1);
        result.count[r] = n;
        for (let g = 0; g < grid; g++) strength[r * grid + g] = mean[from * grid + g]!;
      }
      return result;
    },
  };
}
