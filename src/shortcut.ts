import type { RecordBatch } from 'apache-arrow';
import type { Observable } from 'rxjs';

/** What avalanches by the first-passage rule are asked for. */
export interface FirstPassage {
  /** θ as float32: of all layers, or entry l of layer l. */
  readonly threshold: number | Float32Array;
  /** Whether the last layer at or above the threshold isn't the avalanche's. */
  readonly leavesOut: boolean;
  /** Points of the profile's grid, 0 for none. */
  readonly points: number;
  readonly excessProfile: boolean;
}

/** How a perturbation ended: below the threshold, at the last layer, with a strength that is not finite. */
export type Ending = 'below' | 'depth' | 'not-finite';

/** What became of one perturbation; sums in units of a strength. */
export interface Followed {
  readonly ending: Ending;
  /** Layers at or above the threshold before the first below. */
  readonly duration: number;
  readonly layers: number;
  readonly peak: number;
  /** Strengths of the first layer, and of the last that was followed. */
  readonly first: number;
  readonly final: number;
  /** Σ s_l and Σ (s_l − θ_l), without the last layer where it is left out; that one's strength (0 else). */
  readonly sum: number;
  readonly excess: number;
  readonly left: number;
}

/** Perturbations followed to their end, in the order of their ids. */
export interface FollowedBatch {
  readonly ids: Float64Array;
  at(index: number): Followed;
  /** Row-major, one a perturbation: profiles of those that ended below the threshold. */
  readonly profiles: Float32Array;
}

/** What else a stream of signals can give than all of them. */
export interface Shortcut {
  /**
   * Avalanches found where the signals are, or `signal` batches after all, where these turn out to be of a kind that can't be followed there: one
   * of the two all along. Undefined where the engine is told to stop before avalanches end.
   */
  firstPassage(request: FirstPassage): Observable<FollowedBatch | RecordBatch> | undefined;
  /** Signals of the perturbations whose id is a multiple of n. */
  every(n: number): Observable<RecordBatch>;
}

const shortcuts = new WeakMap<Observable<RecordBatch>, Shortcut>();

/** Says that a stream of signals has a shortcut: it is lost, and nothing else, where a stage stands between. */
export function offerShortcut(signal$: Observable<RecordBatch>, shortcut: Shortcut): void {
  shortcuts.set(signal$, shortcut);
}

export const shortcutOf = (signal$: Observable<RecordBatch>): Shortcut | undefined => shortcuts.get(signal$);
