import { grow } from '../numeric/growth.ts';
import type { Sums } from '../shortcut.ts';
import type { AvalancheRows } from './avalanche-rows.ts';
import type { DetectorSettings } from './detector-options.ts';
import { DURATION, EXCESS, HIGH, LAYER, LOW, MARKED, type OpenTraces, PEAK, SUM } from './open-traces.ts';
import type { ProfileRecorder } from './profile.ts';

/** Ends avalanches and traces: rows are made of them, and they are counted. */
export class Endings {
  readonly #traces: OpenTraces;
  readonly #rows: AvalancheRows;
  readonly #profiles: ProfileRecorder | null;
  readonly #sums: Sums;
  readonly #scale: number;
  readonly #leavesOut: boolean;
  readonly #firstLayer: number;
  readonly #drive: number | undefined;

  constructor(
    traces: OpenTraces,
    rows: AvalancheRows,
    profiles: ProfileRecorder | null,
    sums: Sums,
    { scale, leavesOut, firstLayer, drive }: DetectorSettings,
  ) {
    this.#traces = traces;
    this.#rows = rows;
    this.#profiles = profiles;
    this.#sums = sums;
    this.#scale = scale;
    this.#leavesOut = leavesOut;
    this.#firstLayer = firstLayer;
    this.#drive = drive;
  }

  /** Counts the step from the drive to a first layer below the threshold. */
  beginBelow(strength: number): void {
    const drive = this.#drive;
    if (drive !== undefined) grow(this.#sums.growth, drive, strength, 1, drive);
  }

  /** Ends the avalanche in a slot at a layer below the threshold, of strength `after`. */
  fallBelow(slot: number, after: number): void {
    this.#countSteps(slot, after, true);
    this.#countGrowth(slot, after, true);
    this.#add(slot, false);
  }

  /** Ends the trace in a slot whose avalanche reaches the depth, at strength `last`. */
  reachDepth(slot: number, last: number): void {
    this.#countSteps(slot, last, false);
    this.#countGrowth(slot, last, false);
    this.endTrace(slot);
  }

  /** Forgets the avalanche in a slot, if there is one, at a strength that is not finite. */
  drop(slot: number): void {
    const { words } = this.#traces;
    this.#sums.tally.nonFinite++;
    words[16 * slot + MARKED] = 1;
    if (words[16 * slot + DURATION] !== 0) this.#profiles?.release(slot);
  }

  /** Ends a trace whose last row has been seen. */
  endTrace(slot: number): void {
    const { words } = this.#traces;
    if (words[16 * slot + DURATION] !== 0) this.#add(slot, true);
    if (words[16 * slot + MARKED] === 0) this.#sums.tally.dead++;
    this.#traces.close(slot);
  }

  /**
   * Counts the steps within the avalanche in a slot.
   * @param last strength of the last row: the layer after the avalanche (`after`), to which a step leads too, or its last layer
   */
  #countSteps(slot: number, last: number, after: boolean): void {
    const { doubles, first, last: inTurn } = this.#traces;
    const { branching } = this.#sums;
    const sum = doubles[8 * slot + SUM]! + (this.#leavesOut ? inTurn[2 * slot + 1]! : 0);
    branching.ancestors += after ? sum : sum - last;
    branching.descendants += sum - first[slot]! + (after ? last : 0);
  }

  /** Counts how strength grew over the same steps, and the one from the drive to the avalanche's first layer. */
  #countGrowth(slot: number, last: number, after: boolean): void {
    const { words, first, last: inTurn } = this.#traces;
    const duration = words[16 * slot + DURATION]!;
    const steps = duration - (after ? 0 : 1);
    const drive = words[16 * slot + LAYER]! - duration + 1 === this.#firstLayer ? this.#drive : undefined;
    const from = drive ?? first[slot]!;
    grow(this.#sums.growth, from, last, drive === undefined ? steps : steps + 1, inTurn[2 * slot + 1]!);
  }

  /** Makes a row of the avalanche in a slot, if it is one without a last layer that is left out. */
  #add(slot: number, censored: boolean): void {
    const { words, doubles } = this.#traces;
    const duration = words[16 * slot + DURATION]! - (this.#leavesOut ? 1 : 0);
    if (duration === 0) {
      this.#profiles?.release(slot);
      return;
    }
    const rows = this.#rows;
    const row = rows.add();
    rows.words[2 * row] = words[16 * slot + LOW]!;
    rows.words[2 * row + 1] = words[16 * slot + HIGH]!;
    rows.start[row] = words[16 * slot + LAYER]! - words[16 * slot + DURATION]! + 1;
    rows.duration[row] = duration;
    rows.size[row] = this.#scale * doubles[8 * slot + EXCESS]!;
    rows.signalSize[row] = this.#scale * doubles[8 * slot + SUM]!;
    rows.peak[row] = doubles[8 * slot + PEAK]!;
    rows.censored[row] = censored ? 1 : 0;
    if (censored) this.#sums.tally.censored++;
    else this.#sums.tally.valid++;
    words[16 * slot + MARKED] = 1;
    this.#addProfile(slot, duration, row, censored);
  }

  #addProfile(slot: number, duration: number, row: number, censored: boolean): void {
    const profiles = this.#profiles;
    if (profiles === null) return;
    const { grid, profile } = this.#rows;
    if (censored) profile.fill(Number.NaN, row * grid, (row + 1) * grid);
    else profiles.resample(slot, duration, profile, row * grid);
    profiles.release(slot);
  }
}
