import { SchemaError } from '../error.ts';
import type { AvalancheColumns, Branching, Sums, Tally } from '../shortcut.ts';
import { AvalancheRows } from './avalanche-rows.ts';
import { type DetectorOptions, detectorSettings } from './detector-options.ts';
import { followRing, followTrace } from './follow.ts';
import { DURATION, EXCESS, HIGH, LAYER, LOW, MARKED, OpenTraces, PEAK, SUM } from './open-traces.ts';
import { ProfileRecorder } from './profile.ts';
import type { Precision, Strengths } from './threshold.ts';

export type { Branching, Tally };

/** Signal strengths as columns: one row a perturbation and layer; the rows of one perturbation in layer order. */
export interface SignalColumns<S extends Strengths = Strengths> {
  readonly length: number;
  readonly perturbation: BigInt64Array;
  readonly layer: Int32Array;
  readonly strength: S;
}

/** What a detector counts, from zero on. */
export const noTally = (): Tally => ({ valid: 0, dead: 0, censored: 0, nonFinite: 0 });
export const noBranching = (): Branching => ({ ancestors: 0, descendants: 0 });

/** An incremental avalanche detector. What comes out doesn't depend on how the rows are cut into batches. */
export interface Detector {
  readonly tally: Readonly<Tally>;
  readonly branching: Readonly<Branching>;
  /**
   * Follows the traces through more rows and returns the avalanches that ended.
   * @throws SchemaError for a trace that skips a layer or leaves firstLayer … depth, and strengths of the other precision
   */
  step(signal: SignalColumns): AvalancheColumns;
  /** Ends all traces: avalanches under way come out censored, the one whose last row is oldest first. */
  finish(): AvalancheColumns;
}

/**
 * Finds avalanches in signal strengths (arXiv:2509.22649, Methods). Sizes are added up layer by layer in float64, excess and signal apart:
 * a difference of their sums would lose an excess that is small.
 *
 * Traces may interleave in any way; an open trace takes about 60 bytes, with a profile at most 8 kB more (16 in double precision). A trace that is over isn't
 * remembered: under the first-passage rule a row of `firstLayer` opens a trace and any other row without an open one is ignored, so an
 * engine may run the full depth. Ids must be unique among open traces, except that the perturbation of the last row may begin anew.
 *
 * A strength that is not finite is counted, and its avalanche dropped: it is neither valid nor censored, nor its trace dead. It ends
 * the trace under the first-passage rule and the run under the excursion rule.
 * @param sums where tallies and sums are counted on
 * @throws ParameterError for options out of range
 */
export function createDetector(
  options: DetectorOptions,
  { tally, branching }: Sums = { tally: noTally(), branching: noBranching() },
): Detector {
  const settings = detectorSettings(options);
  const { threshold, depth, firstLayer, scale, precision, drive, points: grid } = settings;
  const { firstPassage, excessProfile, leavesOut } = settings;
  const floors = typeof threshold === 'number' ? null : threshold;
  const constant = typeof threshold === 'number' ? threshold : 0;
  const traces = new OpenTraces();
  const rows = new AvalancheRows(grid, precision);
  const profiles = grid > 0 ? new ProfileRecorder(grid, traces, precision) : null;
  const rules = { floors, constant, depth, firstPassage, excessProfile };
  const alongTrace = followTrace(traces, profiles, rules);
  const alongRing = followRing(traces, profiles, rules);
  let opened = false;
  let strayLayer: number | undefined;

  /**
   * Counts the steps within the avalanche in a slot.
   * @param last strength of the last row: the layer after the avalanche (`after`), to which a step leads too, or its last layer
   */
  function countSteps(slot: number, last: number, after: boolean): void {
    const sum = traces.doubles[8 * slot + SUM]! + (leavesOut ? traces.last[2 * slot + 1]! : 0);
    branching.ancestors += after ? sum : sum - last;
    branching.descendants += sum - traces.first[slot]! + (after ? last : 0);
  }

  /** Ends the avalanche under way in a slot, if it is one without a last layer that is left out. */
  function emit(slot: number, censored: boolean): void {
    const { words, doubles } = traces;
    const duration = words[16 * slot + DURATION]! - (leavesOut ? 1 : 0);
    if (duration === 0) {
      profiles?.release(slot);
      return;
    }
    const row = rows.add();
    rows.words[2 * row] = words[16 * slot + LOW]!;
    rows.words[2 * row + 1] = words[16 * slot + HIGH]!;
    rows.start[row] = words[16 * slot + LAYER]! - words[16 * slot + DURATION]! + 1;
    rows.duration[row] = duration;
    rows.size[row] = scale * doubles[8 * slot + EXCESS]!;
    rows.signalSize[row] = scale * doubles[8 * slot + SUM]!;
    rows.peak[row] = doubles[8 * slot + PEAK]!;
    rows.censored[row] = censored ? 1 : 0;
    if (censored) tally.censored++;
    else tally.valid++;
    words[16 * slot + MARKED] = 1;
    if (profiles === null) return;
    if (censored) rows.profile.fill(Number.NaN, row * grid, (row + 1) * grid);
    else profiles.resample(slot, duration, rows.profile, row * grid);
    profiles.release(slot);
  }

  /** Ends a trace whose last row has been seen. */
  function end(slot: number): void {
    if (traces.words[16 * slot + DURATION] !== 0) emit(slot, true);
    if (traces.words[16 * slot + MARKED] === 0) tally.dead++;
    traces.close(slot);
  }

  /** The slot of a row's trace, opened if the trace begins here; -1 where the row is to be ignored. */
  function locate(low: number, high: number, layer: number): number {
    if (layer < firstLayer || layer > depth) {
      throw new SchemaError(`layers of a trace must lie in ${firstLayer} to ${depth}, got ${layer}`);
    }
    if (layer === firstLayer) {
      const { cursor, words } = traces;
      if (cursor >= 0 && words[16 * cursor + LOW] === low && words[16 * cursor + HIGH] === high) end(cursor);
    } else {
      const slot = traces.find(low, high);
      if (slot >= 0) {
        const before = traces.words[16 * slot + LAYER];
        if (before === layer - 1) return slot;
        const id = high * 2 ** 32 + (low >>> 0);
        throw new SchemaError(`the layers of perturbation ${id} must follow each other: ${layer} after ${before}`);
      }
      if (firstPassage) {
        strayLayer ??= layer;
        return -1;
      }
    }
    opened = true;
    const slot = traces.open(low, high);
    traces.words[16 * slot + LAYER] = layer - 1;
    return slot;
  }

  /** Takes any row. */
  function take(low: number, high: number, layer: number, strength: number): void {
    const slot = locate(low, high, layer);
    if (slot < 0) return;
    const { words, doubles, first, last } = traces;
    const at = 16 * slot;
    const duration = words[at + DURATION]!;
    const floor = floors === null ? constant : floors[layer]!;
    let over = layer === depth;
    if (layer === firstLayer && drive !== undefined && strength - strength === 0) {
      branching.ancestors += drive;
      branching.descendants += strength;
    }
    if (strength >= floor && strength < Infinity) {
      if (duration === 0) {
        profiles?.start(slot);
        first[slot] = strength;
      }
      words[at + LAYER] = layer;
      words[at + DURATION] = duration + 1;
      const above = strength - floor;
      if (duration === 0) {
        doubles[8 * slot + SUM] = 0;
        doubles[8 * slot + EXCESS] = 0;
      }
      if (leavesOut) {
        if (duration > 0) {
          doubles[8 * slot + SUM]! += last[2 * slot + 1]!;
          doubles[8 * slot + EXCESS]! += last[2 * slot]!;
        }
        last[2 * slot] = above;
        last[2 * slot + 1] = strength;
      } else {
        doubles[8 * slot + SUM]! += strength;
        doubles[8 * slot + EXCESS]! += above;
      }
      if (duration === 0 || strength > doubles[8 * slot + PEAK]!) doubles[8 * slot + PEAK] = strength;
      if (profiles !== null) profiles.append(slot, duration, excessProfile ? above : strength);
      if (over) countSteps(slot, strength, false);
    } else {
      if (strength - strength !== 0) {
        tally.nonFinite++;
        words[at + MARKED] = 1;
        if (duration !== 0) profiles?.release(slot);
      } else if (duration !== 0) {
        countSteps(slot, strength, true);
        emit(slot, false);
      }
      words[at + LAYER] = layer;
      words[at + DURATION] = 0;
      over ||= firstPassage;
    }
    if (over) end(slot);
  }

  function step(signal: SignalColumns): AvalancheColumns {
    const { length, perturbation, layer, strength } = signal;
    const ids = new Int32Array(perturbation.buffer, perturbation.byteOffset, 2 * length);
    if (strength instanceof Float64Array !== (precision === 'double')) throw wrongPrecision(precision);
    if (precision === 'double' || leavesOut) {
      for (let i = 0; i < length; i++) take(ids[2 * i]!, ids[2 * i + 1]!, layer[i]!, strength[i]!);
      return rows.take();
    }
    const singles = signal as SignalColumns<Float32Array>;
    for (let i = 0; i < length; ) {
      const sameNext = ids[2 * i + 2] === ids[2 * i] && ids[2 * i + 3] === ids[2 * i + 1];
      const stop = (sameNext ? alongTrace : alongRing)(singles, ids, i);
      if (stop === i) {
        take(ids[2 * i]!, ids[2 * i + 1]!, layer[i]!, strength[i]!);
        i++;
      } else i = stop;
    }
    return rows.take();
  }

  function finish(): AvalancheColumns {
    if (!opened && strayLayer !== undefined) {
      throw new SchemaError(`no trace begins at layer ${firstLayer}; the first row has layer ${strayLayer}`);
    }
    for (const slot of [...traces.slots()]) end(slot);
    return rows.take();
  }

  return { tally, branching, step, finish };
}

function wrongPrecision(precision: Precision): SchemaError {
  const [expected, got] = precision === 'single' ? ['float32', 'float64'] : ['float64', 'float32'];
  return new SchemaError(`strengths must be ${expected}, as the detector's precision says, got ${got}`);
}
