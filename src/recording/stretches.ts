import type { AvalancheColumns } from '../avalanche/avalanche-rows.ts';
import { avalancheBatch } from '../avalanche/avalanches.ts';
import { type ProfileOptions, profileOptions } from '../avalanche/profile-options.ts';
import type { BlockedStatistics, Statistics } from '../crackling/reducer.ts';
import { owned, resultOfBlocks } from '../reduce/blocks.ts';
import type { Reducer } from '../reduce/reducer.ts';

/** Jackknife blocks that avalanches are folded into. */
export interface AvalancheBlocks {
  add(found: AvalancheColumns): void;
  finish(): BlockedStatistics;
}

const one = { index: 0, reuse: 1 };

/**
 * Blocks of contiguous stretches of avalanches, all of the same number but for the last, for avalanches that came in order of time
 * and may be correlated with their neighbours. The number isn't known before the end: whenever 2·least stretches are full, neighbours
 * are merged and stretches are twice as long. With 16·least avalanches there are from `least` to 2·least blocks.
 */
export function stretches(
  reducer: Reducer<unknown, Statistics>,
  profile: number | ProfileOptions,
  least = 32,
): AvalancheBlocks {
  const { points } = profileOptions(profile);
  let length = 8;
  let states: { count: number; state: unknown }[] = [];

  function merged(): void {
    const pairs: typeof states = [];
    for (let i = 0; i < states.length; i += 2) {
      const [a, b] = [states[i]!, states[i + 1]!];
      pairs.push({ count: a.count + b.count, state: reducer.merge(owned(a.state), b.state) });
    }
    states = pairs;
    length *= 2;
  }

  return {
    add(found) {
      for (let from = 0; from < found.length; ) {
        let current = states.at(-1);
        if (current === undefined || current.count === length) {
          if (states.length === 2 * least) merged();
          current = { count: 0, state: reducer.init() };
          states.push(current);
        }
        const to = Math.min(found.length, from + length - current.count);
        current.state = reducer.step(owned(current.state), avalancheBatch(part(found, points, from, to), one, profile));
        current.count += to - from;
        from = to;
      }
    },
    finish() {
      const kept = [...states];
      const last = kept.at(-1);
      const before = kept.at(-2);
      if (last !== undefined && before !== undefined && last.count < length / 2) {
        kept.splice(-2, 2, { count: 0, state: reducer.merge(structuredClone(before.state), last.state) });
      }
      return resultOfBlocks(
        reducer,
        kept.map(({ state }) => state),
      );
    },
  };
}

/** Blocks by an integer key, for avalanches of the same key (a network, a session) that belong together: key mod `count`. */
export function keyed(
  reducer: Reducer<unknown, Statistics>,
  profile: number | ProfileOptions,
  count = 32,
): { add(found: AvalancheColumns, key: ArrayLike<number>): void; finish(): BlockedStatistics } {
  const { points } = profileOptions(profile);
  const states = new Map<number, unknown>();
  return {
    add(found, key) {
      const rows = new Map<number, number[]>();
      for (let i = 0; i < found.length; i++) {
        const block = ((key[i]! % count) + count) % count;
        const list = rows.get(block);
        if (list === undefined) rows.set(block, [i]);
        else list.push(i);
      }
      for (const [block, list] of rows) {
        const batch = avalancheBatch(picked(found, points, list), one, profile);
        states.set(block, reducer.step(owned(states.get(block)) ?? reducer.init(), batch));
      }
    },
    finish: () =>
      resultOfBlocks(
        reducer,
        [...states].sort(([a], [b]) => a - b).map(([, state]) => state),
      ),
  };
}

/** Rows from … to − 1. */
function part(found: AvalancheColumns, grid: number, from: number, to: number): AvalancheColumns {
  return {
    length: to - from,
    perturbation: found.perturbation.subarray(from, to),
    start: found.start.subarray(from, to),
    duration: found.duration.subarray(from, to),
    size: found.size.subarray(from, to),
    signalSize: found.signalSize.subarray(from, to),
    peak: found.peak.subarray(from, to),
    censored: found.censored.subarray(from, to),
    profile: found.profile.subarray(from * grid, to * grid),
  };
}

function picked(found: AvalancheColumns, grid: number, rows: readonly number[]): AvalancheColumns {
  const profile = new (found.profile instanceof Float32Array ? Float32Array : Float64Array)(rows.length * grid);
  rows.forEach((row, i) => {
    profile.set(found.profile.subarray(row * grid, (row + 1) * grid), i * grid);
  });
  return {
    length: rows.length,
    perturbation: BigInt64Array.from(rows, (row) => found.perturbation[row]!),
    start: Int32Array.from(rows, (row) => found.start[row]!),
    duration: Int32Array.from(rows, (row) => found.duration[row]!),
    size: Float64Array.from(rows, (row) => found.size[row]!),
    signalSize: Float64Array.from(rows, (row) => found.signalSize[row]!),
    peak: Float64Array.from(rows, (row) => found.peak[row]!),
    censored: Uint8Array.from(rows, (row) => found.censored[row]!),
    profile,
  };
}
