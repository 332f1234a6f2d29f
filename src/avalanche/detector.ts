import { SchemaError } from '../error.ts';
import { type Growth, noGrowth } from '../numeric/growth.ts';
import type { AvalancheColumns, Branching, Sums, Tally } from '../shortcut.ts';
import { AvalancheRows } from './avalanche-rows.ts';
import { type DetectorOptions, detectorSettings } from './detector-options.ts';
import { Endings } from './endings.ts';
import { followRing, followTrace } from './follow.ts';
import { OpenTraces } from './open-traces.ts';
import { ProfileRecorder } from './profile.ts';
import { takeRow } from './take-row.ts';
import type { Precision, Strengths } from './threshold.ts';
import { TraceFinder } from './trace-finder.ts';

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
  readonly growth: Readonly<Growth>;
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
  sums: Sums = { tally: noTally(), branching: noBranching(), growth: noGrowth() },
): Detector {
  const settings = detectorSettings(options);
  const { precision, points, leavesOut } = settings;
  const traces = new OpenTraces();
  const rows = new AvalancheRows(points, precision);
  const profiles = points > 0 ? new ProfileRecorder(points, traces, precision) : null;
  const endings = new Endings(traces, rows, profiles, sums, settings);
  const finder = new TraceFinder(traces, endings, settings);
  const take = takeRow(traces, profiles, finder, endings, sums.branching, settings);
  const alongTrace = followTrace(traces, profiles, settings);
  const alongRing = followRing(traces, profiles, settings);

  function takeAll({ length, layer, strength }: SignalColumns, ids: Int32Array): void {
    for (let i = 0; i < length; i++) take(ids[2 * i]!, ids[2 * i + 1]!, layer[i]!, strength[i]!);
  }

  function followAll(signal: SignalColumns<Float32Array>, ids: Int32Array): void {
    const { length, layer, strength } = signal;
    for (let i = 0; i < length; ) {
      const sameNext = ids[2 * i + 2] === ids[2 * i] && ids[2 * i + 3] === ids[2 * i + 1];
      const stop = (sameNext ? alongTrace : alongRing)(signal, ids, i);
      if (stop === i) {
        take(ids[2 * i]!, ids[2 * i + 1]!, layer[i]!, strength[i]!);
        i++;
      } else i = stop;
    }
  }

  return {
    ...sums,
    step(signal) {
      const { length, perturbation, strength } = signal;
      const ids = new Int32Array(perturbation.buffer, perturbation.byteOffset, 2 * length);
      if (strength instanceof Float64Array !== (precision === 'double')) throw wrongPrecision(precision);
      if (precision === 'double' || leavesOut) takeAll(signal, ids);
      else followAll(signal as SignalColumns<Float32Array>, ids);
      return rows.take();
    },
    finish() {
      finder.checkOpened();
      for (const slot of [...traces.slots()]) endings.endTrace(slot);
      return rows.take();
    },
  };
}

function wrongPrecision(precision: Precision): SchemaError {
  const [expected, got] = precision === 'single' ? ['float32', 'float64'] : ['float64', 'float32'];
  return new SchemaError(`strengths must be ${expected}, as the detector's precision says, got ${got}`);
}
