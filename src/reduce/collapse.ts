import type { RecordBatch } from 'apache-arrow';
import { ParameterError, SchemaError } from '../error.ts';
import { grown } from '../numeric/grown.ts';
import { column } from '../schema/batch.ts';
import type { SizeKind } from '../schema/size.ts';
import { skipped } from './censored.ts';
import { durationGroup, durationGroups, exactDurations, groupStart } from './duration-group.ts';
import type { Reducer } from './reducer.ts';
import type { SizeOptions } from './size-option.ts';

/** One row a duration group that holds any avalanche: at most 1696 rows of 2G + 2 numbers (1.4 MB at G = 50). */
export interface CollapseState {
  /** Row + 1 of a group, 0 where it has none. */
  row: Int32Array;
  rows: number;
  count: Float64Array;
  sumLogDuration: Float64Array;
  /** Row-major, rows × G. */
  mean: Float64Array;
  /** Σ (s − mean)², rows × G. */
  squares: Float64Array;
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
  /** Unbiased variance of the profile at x between avalanches, same layout; NaN where count is 1. */
  readonly variance: Float64Array;
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
    const rows = Math.min(durationGroups, Math.max(16, 2 * row));
    state.count = grown(state.count, rows);
    state.sumLogDuration = grown(state.sumLogDuration, rows);
    state.mean = grown(state.mean, rows * grid);
    state.squares = grown(state.squares, rows * grid);
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

/** Welford's update of a row's means and squares, all of the same count 1/weight. */
function addProfile(
  mean: Float64Array,
  squares: Float64Array,
  to: number,
  profile: Float32Array | Float64Array,
  from: number,
  grid: number,
  weight: number,
): void {
  const end = from + grid;
  let at = to;
  for (let g = from; g < end; g++) {
    const s = profile[g]!;
    const before = mean[at]!;
    const delta = s - before;
    const after = before + delta * weight;
    mean[at] = after;
    squares[at] = squares[at]! + delta * (s - after);
    at++;
  }
}

/**
 * Mean avalanche profiles by duration, for the shape collapse (arXiv:2509.22649, Methods): interpolation is linear, so profiles on a
 * common grid can be averaged one by one. Within a group beyond 1024 layers profiles of durations that differ by ≤ 3 % are averaged.
 * Mean and variance by Welford's update and Chan's merge.
 * @param options.grid points G of the `profile` column
 * @throws ParameterError for a grid that is no positive integer; SchemaError (step) for batches without such profiles, or with those of the other size
 */
export function collapse(options: SizeOptions & { readonly grid: number }): Reducer<CollapseState, CollapseResult> {
  const { grid, size = 'excess' } = options;
  if (!(Number.isInteger(grid) && grid > 0)) throw new ParameterError(`grid must be a positive integer, got ${grid}`);
  return {
    name: 'collapse',
    init: () => ({
      row: new Int32Array(durationGroups),
      rows: 0,
      count: new Float64Array(0),
      sumLogDuration: new Float64Array(0),
      mean: new Float64Array(0),
      squares: new Float64Array(0),
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
        addProfile(state.mean, state.squares, row * grid, profile, from, grid, 1 / n);
      }
      return state;
    },
    merge(into, other) {
      for (let group = 0; group < durationGroups; group++) {
        if (other.row[group] === 0) continue;
        const from = other.row[group]! - 1;
        const row = rowOf(into, group, grid);
        const had = into.count[row]!;
        const added = other.count[from]!;
        const n = had + added;
        into.count[row] = n;
        into.sumLogDuration[row]! += other.sumLogDuration[from]!;
        const weight = added / n;
        for (let g = 0; g < grid; g++) {
          const at = row * grid + g;
          const delta = other.mean[from * grid + g]! - into.mean[at]!;
          into.mean[at] = had === 0 ? other.mean[from * grid + g]! : into.mean[at]! + delta * weight;
          into.squares[at]! += other.squares[from * grid + g]! + delta * delta * (had * weight);
        }
      }
      into.nonFinite += other.nonFinite;
      return into;
    },
    finish(state) {
      const groups: number[] = [];
      state.row.forEach((row, group) => {
        if (row > 0) groups.push(group);
      });
      const strength = new Float64Array(groups.length * grid);
      const variance = new Float64Array(groups.length * grid);
      groups.forEach((group, to) => {
        const row = state.row[group]! - 1;
        const n = state.count[row]!;
        for (let g = 0; g < grid; g++) {
          strength[to * grid + g] = state.mean[row * grid + g]!;
          variance[to * grid + g] = state.squares[row * grid + g]! / (n - 1);
        }
      });
      const count = Float64Array.from(groups, (group) => state.count[state.row[group]! - 1]!);
      return {
        x: Float64Array.from({ length: grid }, (_, g) => (g + 1) / grid),
        duration: Float64Array.from(groups, (group, i) =>
          group < exactDurations ? group : Math.exp(state.sumLogDuration[state.row[group]! - 1]! / count[i]!),
        ),
        lower: Float64Array.from(groups, groupStart),
        upper: Float64Array.from(groups, (group) => groupStart(group + 1)),
        count,
        strength,
        variance,
        nonFinite: state.nonFinite,
      };
    },
  };
}
