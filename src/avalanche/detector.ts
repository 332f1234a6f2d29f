import { ParameterError, SchemaError } from '../error.ts';
import { type AvalancheColumns, AvalancheRows } from './avalanche-rows.ts';
import { OpenTraces } from './open-traces.ts';
import { ProfileRecorder } from './profile.ts';
import { type Rule, roundThreshold, type Threshold } from './threshold.ts';

/** Signal strengths as columns: one row a perturbation and layer; the rows of one perturbation in layer order. */
export interface SignalColumns {
  readonly length: number;
  readonly perturbation: BigInt64Array;
  readonly layer: Int32Array;
  readonly strength: Float32Array;
}

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
  /** S = scale · Σ s_l; the width N for networks. Default 1. */
  readonly scale?: number;
  /** Points G of the profile's grid; 0 (default) for none. */
  readonly profile?: number;
}

/** Tallies of a detector so far. */
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

/** An incremental avalanche detector. What comes out doesn't depend on how the rows are cut into batches. */
export interface Detector {
  readonly tally: Readonly<Tally>;
  /**
   * Follows the traces through more rows and returns the avalanches that ended.
   * @throws SchemaError for a trace that skips a layer or leaves firstLayer … depth
   */
  step(signal: SignalColumns): AvalancheColumns;
  /** Ends all traces: avalanches under way come out censored, the one whose last row is oldest first. */
  finish(): AvalancheColumns;
}

const none = -1;

/**
 * Finds avalanches in signal strengths (arXiv:2509.22649, Methods).
 *
 * Traces may interleave in any way; an open trace takes about 60 bytes, with a profile at most 8 kB more. A trace that is over isn't
 * remembered: under the first-passage rule a row of `firstLayer` opens a trace and any other row without an open one is ignored, so an
 * engine may run the full depth. Ids must be unique among open traces, except that the perturbation of the last row may begin anew.
 *
 * A strength that is not finite is counted, and its avalanche dropped: it is neither valid nor censored, nor its trace dead. It ends
 * the trace under the first-passage rule and the run under the excursion rule.
 * @throws ParameterError for options out of range
 */
export function createDetector(options: DetectorOptions): Detector {
  const { rule = 'first-passage', depth = Infinity, firstLayer = 1, scale = 1, profile: grid = 0 } = options;
  if (!Number.isInteger(firstLayer)) throw new ParameterError(`firstLayer must be an integer, got ${firstLayer}`);
  if (depth !== Infinity && !(Number.isInteger(depth) && depth >= firstLayer)) {
    throw new ParameterError(`depth must be an integer of at least ${firstLayer}, the first layer, got ${depth}`);
  }
  if (!(scale > 0 && scale < Infinity)) throw new ParameterError(`scale must be a positive number, got ${scale}`);
  if (!(Number.isInteger(grid) && grid >= 0)) {
    throw new ParameterError(`profile must be a number of grid points, 0 for none, got ${grid}`);
  }
  const threshold = roundThreshold(options.threshold, depth);
  const perLayer = typeof threshold === 'number' ? null : threshold;
  const constant = typeof threshold === 'number' ? threshold : 0;
  const firstPassage = rule === 'first-passage';
  const traces = new OpenTraces();
  const rows = new AvalancheRows(grid);
  const profiles = grid > 0 ? new ProfileRecorder(grid) : null;
  const tally: Tally = { valid: 0, dead: 0, censored: 0, nonFinite: 0 };
  let lastLow = 0;
  let lastHigh = 0;
  /** Slot of the last row's trace, -1 where that is over; undefined before the first row. */
  let last: number | undefined;
  let opened = false;
  let strayLayer: number | undefined;

  /** Ends the avalanche under way in a slot. */
  function emit(slot: number, censored: boolean): void {
    const row = rows.add();
    const duration = traces.duration[slot]!;
    rows.words[2 * row] = traces.low[slot]!;
    rows.words[2 * row + 1] = traces.high[slot]!;
    rows.start[row] = traces.layer[slot]! - duration + 1;
    rows.duration[row] = duration;
    rows.size[row] = scale * traces.sum[slot]!;
    rows.peak[row] = traces.peak[slot]!;
    rows.censored[row] = censored ? 1 : 0;
    if (censored) tally.censored++;
    else tally.valid++;
    if (profiles === null) return;
    if (censored) rows.profile.fill(Number.NaN, row * grid, (row + 1) * grid);
    else profiles.resample(slot, duration, rows.profile, row * grid);
    profiles.release(slot);
  }

  /** Ends a trace whose last row has been seen. */
  function end(slot: number): void {
    if (traces.duration[slot] !== 0) emit(slot, true);
    else if (traces.marked[slot] === 0) tally.dead++;
    traces.close(slot);
  }

  /** The slot of a row that isn't the next of the last row's trace; -1 where the row is to be ignored. */
  function locate(low: number, high: number, layer: number): number {
    if (layer === firstLayer) {
      if (last !== undefined && last !== none && low === lastLow && high === lastHigh) end(last);
    } else {
      const slot = traces.find(low, high);
      if (slot !== none) return slot;
      if (layer < firstLayer || layer > depth) {
        throw new SchemaError(`layers of a trace must lie in ${firstLayer} to ${depth}, got ${layer}`);
      }
      if (firstPassage) {
        strayLayer ??= layer;
        return none;
      }
    }
    opened = true;
    const slot = traces.open(low, high);
    traces.layer[slot] = layer - 1;
    return slot;
  }

  function step(signal: SignalColumns): AvalancheColumns {
    const { length, perturbation, layer: layers, strength: strengths } = signal;
    const words = new Int32Array(perturbation.buffer, perturbation.byteOffset, 2 * length);
    for (let i = 0; i < length; i++) {
      const low = words[2 * i]!;
      const high = words[2 * i + 1]!;
      const layer = layers[i]!;
      let slot: number;
      if (low === lastLow && high === lastHigh && layer !== firstLayer && last !== undefined && last !== none) {
        slot = last;
      } else {
        if (firstPassage && last === none && low === lastLow && high === lastHigh && layer !== firstLayer) continue;
        slot = locate(low, high, layer);
        last = slot;
        lastLow = low;
        lastHigh = high;
        if (slot === none) continue;
      }
      if (traces.layer[slot] !== layer - 1) {
        const id = perturbation[i]!;
        throw new SchemaError(
          `the layers of perturbation ${id} must follow each other: ${layer} after ${traces.layer[slot]}`,
        );
      }
      const strength = strengths[i]!;
      const floor = perLayer === null ? constant : perLayer[layer]!;
      let over = layer === depth;
      if (strength >= floor && strength < Infinity) {
        traces.layer[slot] = layer;
        const duration = traces.duration[slot]! + 1;
        traces.duration[slot] = duration;
        traces.sum[slot] = (duration === 1 ? 0 : traces.sum[slot]!) + strength;
        if (duration === 1 || strength > traces.peak[slot]!) traces.peak[slot] = strength;
        if (profiles !== null) {
          if (duration === 1) profiles.start(slot);
          profiles.push(slot, strength);
        }
      } else {
        const running = traces.duration[slot] !== 0;
        if (strength - strength !== 0) {
          tally.nonFinite++;
          if (running && profiles !== null) profiles.release(slot);
          traces.marked[slot] = 1;
        } else if (running) {
          emit(slot, false);
          traces.marked[slot] = 1;
        }
        traces.layer[slot] = layer;
        traces.duration[slot] = 0;
        over ||= firstPassage;
      }
      if (over) {
        end(slot);
        last = none;
      }
    }
    return rows.take();
  }

  function finish(): AvalancheColumns {
    if (!opened && strayLayer !== undefined) {
      throw new SchemaError(`no trace begins at layer ${firstLayer}; the first row has layer ${strayLayer}`);
    }
    for (const slot of [...traces.slots()]) end(slot);
    last = undefined;
    return rows.take();
  }

  return { tally, step, finish };
}
