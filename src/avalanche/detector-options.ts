import { ParameterError } from '../error.ts';
import { type ProfileOptions, profileOptions } from './profile-options.ts';
import { type Precision, type Rule, roundThreshold, type Strengths, type Threshold } from './threshold.ts';

/** Whether the last layer at or above the threshold belongs to an avalanche, see {@link DetectorOptions}. */
export type LastLayer = 'counted' | 'left-out';

/** How a detector cuts a stream of strengths into avalanches. */
export interface DetectorOptions {
  readonly threshold: Threshold;
  /**
   * `first-passage` (default): one avalanche a perturbation, from the first layer until the first layer l with s_l < θ_l.
   * `excursions`: every maximal run of layers with s_l ≥ θ_l within a trace; a run that is under way in the trace's first row counts
   * from there.
   */
  readonly rule?: Rule;
  /** Last layer L of a trace. Without it traces end only with the stream. */
  readonly depth?: number;
  /** Layer of a trace's first row, default 1. */
  readonly firstLayer?: number;
  /** Strength s0 of the drive, the layer before a trace's first: the first ancestor of {@link Detector.branching}. Default: none. */
  readonly drive?: number;
  /** S = scale · Σ (s_l − θ_l); the width N for networks. Default 1. */
  readonly scale?: number;
  /** Points G of the profile's grid, 0 (default) for none; a number alone is of the excess. */
  readonly profile?: number | ProfileOptions;
  /**
   * Whether an avalanche's last layer at or above the threshold belongs to it (`counted`, default) or not (`left-out`): then D, sizes and profile are
   * those of the layers before it, and an avalanche of one layer is none. The published analysis of arXiv:2509.22649 leaves it out. Beyond 2048
   * layers profiles, which are coarse there, keep it.
   */
  readonly lastLayer?: LastLayer;
  /** Of strengths and thresholds: `single` (default), as engines make them, or `double`, as recordings come (slower). */
  readonly precision?: Precision;
}

/** Options checked, and with their defaults. */
export interface DetectorSettings {
  readonly threshold: number | Strengths;
  readonly firstPassage: boolean;
  readonly depth: number;
  readonly firstLayer: number;
  readonly drive: number | undefined;
  readonly scale: number;
  /** Points of a profile's grid, 0 for none. */
  readonly points: number;
  readonly excessProfile: boolean;
  readonly leavesOut: boolean;
  readonly precision: Precision;
}

/** @throws ParameterError for options out of range */
export function detectorSettings({
  rule = 'first-passage',
  depth = Infinity,
  firstLayer = 1,
  scale = 1,
  precision = 'single',
  profile = 0,
  threshold,
  drive,
  lastLayer,
}: DetectorOptions): DetectorSettings {
  const { points, of } = profileOptions(profile);
  if (!Number.isInteger(firstLayer)) throw new ParameterError(`firstLayer must be an integer, got ${firstLayer}`);
  if (depth !== Infinity && !(Number.isInteger(depth) && depth >= firstLayer)) {
    throw new ParameterError(`depth must be an integer of at least ${firstLayer}, the first layer, got ${depth}`);
  }
  if (!(scale > 0 && scale < Infinity)) throw new ParameterError(`scale must be a positive number, got ${scale}`);
  if (!(Number.isInteger(points) && points >= 0)) {
    throw new ParameterError(`profile must be a number of grid points, 0 for none, got ${points}`);
  }
  if (drive !== undefined && !(drive >= 0 && drive < Infinity)) {
    throw new ParameterError(`drive must be a number of at least 0, got ${drive}`);
  }
  return {
    threshold: roundThreshold(threshold, depth, precision),
    firstPassage: rule === 'first-passage',
    depth,
    firstLayer,
    drive,
    scale,
    points,
    excessProfile: of === 'excess',
    leavesOut: lastLayer === 'left-out',
    precision,
  };
}
