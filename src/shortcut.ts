import type { RecordBatch } from 'apache-arrow';
import type { Observable } from 'rxjs';
import type { Growth } from './numeric/growth.ts';

/** Tallies of avalanches found so far. */
export interface Tally {
  /** Avalanches that ended. */
  valid: number;
  /** Traces that ended without any avalanche; under the first-passage rule those of duration 0. */
  dead: number;
  /** Avalanches under way when their trace ended. */
  censored: number;
  /** Rows whose strength is NaN or infinite. */
  nonFinite: number;
}

/**
 * Sums over the steps from an active layer (the drive, or s_l ≥ θ_l) to the next. Steps within an avalanche count once it has ended, below
 * the threshold or at the depth: not those of an avalanche that is dropped, or open when a stream without depth ends.
 */
export interface Branching {
  /** Σ s_l over the active layers. */
  ancestors: number;
  /** Σ s_(l+1) over the layers that follow. */
  descendants: number;
}

/** What is counted of a stream as it goes on. */
export interface Sums {
  readonly tally: Tally;
  readonly branching: Branching;
  /** Over the same steps, but for those to strength 0. */
  readonly growth: Growth;
}

/** Closed avalanches as columns, in the order in which they closed. */
export interface AvalancheColumns {
  readonly length: number;
  readonly perturbation: BigInt64Array;
  /** First layer of the avalanche. */
  readonly start: Int32Array;
  /** Duration D, layers. */
  readonly duration: Int32Array;
  /** Size S = scale · Σ (s_l − θ_l), the excess over the threshold. */
  readonly size: Float64Array;
  /** The size summed from zero, scale · Σ s_l. */
  readonly signalSize: Float64Array;
  /** Largest strength, counted from zero. */
  readonly peak: Float64Array;
  /** 1 where the trace ended before the avalanche did. */
  readonly censored: Uint8Array;
  /** Row-major, length × grid: excess (or strength) at x = 1/G … 1; NaN where censored. Empty where no profile was asked for. */
  readonly profile: Float32Array | Float64Array;
}

/** How avalanches are to be found by the first-passage rule. */
export interface Detection {
  /** θ as float32: of all layers, or entry l of layer l. */
  readonly threshold: number | Float32Array;
  /** Whether the last layer at or above the threshold isn't the avalanche's. */
  readonly leavesOut: boolean;
  /** Points of the profile's grid, 0 for none. */
  readonly points: number;
  readonly excessProfile: boolean;
}

/** What avalanches by the first-passage rule are asked for. */
export interface FirstPassage extends Detection {
  readonly scale: number;
  /** Strength of the drive, the first ancestor; undefined where it isn't one. */
  readonly drive: number | undefined;
  /** Signals of the perturbations whose id is a multiple of this will be asked for, too: they may be kept. */
  readonly every?: number;
  /** Counted on by whoever finds avalanches. */
  readonly sums: Sums;
}

/** One of two kinds, the same all along a stream. */
export type Passed = AvalancheColumns | RecordBatch;

/** What else a stream of signals can give than all of them. */
export interface Shortcut {
  /**
   * Avalanches found where the signals are, counted in the request's sums; or `signal` batches after all, where these turn
   * out to be of a kind that can't be followed there. Undefined where the engine is told to stop before
   * avalanches end.
   */
  firstPassage(request: FirstPassage): Observable<Passed> | undefined;
  /** Signals of the perturbations whose id is a multiple of n; to be asked for before avalanches are, which may then keep them. */
  every(n: number): Observable<RecordBatch>;
}

const shortcuts = new WeakMap<Observable<RecordBatch>, Shortcut>();

/** Says that a stream of signals has a shortcut: it is lost, and nothing else, where a stage stands between. */
export function offerShortcut(signal$: Observable<RecordBatch>, shortcut: Shortcut): void {
  shortcuts.set(signal$, shortcut);
}

export const shortcutOf = (signal$: Observable<RecordBatch>): Shortcut | undefined => shortcuts.get(signal$);
