import { Ended, STATE_WORDS } from '../gpu/annealed.wgsl.ts';
import { grow } from '../numeric/growth.ts';
import { writeId } from '../schema/int64.ts';
import type { AvalancheColumns, FirstPassage } from '../shortcut.ts';

/** Avalanches of a batch at most: small enough for the caches that reducers go through it in. */
const AVALANCHES = 4096;

const starts = new Int32Array(AVALANCHES).fill(1);

/** States that are gone through at a time: V8 compiles what is called often for good, and what is in a long loop only for that loop, again and again. */
const STRETCH = 1024;

/** Σ of the thresholds of layers 1 … D, as float32 has them, at D; or the threshold of all layers. */
function summed(threshold: number | Float32Array): number | Float64Array {
  if (typeof threshold === 'number') return Math.fround(threshold);
  const sums = new Float64Array(threshold.length);
  for (let layer = 1; layer < sums.length; layer++) sums[layer] = sums[layer - 1]! + threshold[layer]!;
  return sums;
}

/** What perturbations came to whose states a card left: columns of their avalanches, in the order of ids, and sums that are counted once. */
export class FollowedStates {
  /** Perturbations of whom it knows, and for each its layers at or above the threshold and its last strength where that isn't one of them. */
  ids: Float64Array = new Float64Array(0);
  readonly #followed: Float64Array;
  readonly above: Int32Array;
  readonly last: Float32Array;
  /** Avalanches, valid or censored. */
  length = 0;
  readonly slot: Int32Array;
  /** The words of the perturbations' ids. */
  readonly #ids: Int32Array<ArrayBuffer>;
  readonly #duration: Int32Array;
  readonly #size: Float64Array;
  readonly #signalSize: Float64Array;
  readonly #peak: Float64Array;
  readonly #censored: Uint8Array;

  /** Profiles of the avalanches, row after row, NaN where censored. */
  profiles = new Float32Array(0);

  /** @param capacity perturbations that it may take at a time */
  constructor(capacity: number) {
    this.#followed = new Float64Array(capacity);
    this.#ids = new Int32Array(2 * capacity);
    this.above = new Int32Array(capacity);
    this.last = new Float32Array(capacity);
    this.slot = new Int32Array(capacity);
    this.#duration = new Int32Array(capacity);
    this.#size = new Float64Array(capacity);
    this.#signalSize = new Float64Array(capacity);
    this.#peak = new Float64Array(capacity);
    this.#censored = new Uint8Array(capacity);
  }

  /** Knows of no perturbation until the next states are taken. */
  forget(): void {
    this.ids = this.#followed.subarray(0, 0);
  }

  /** Takes the states of perturbations, slot by slot, and counts their sums on. */
  take(states: ArrayBuffer, ids: Float64Array, request: FirstPassage): void {
    const thresholds = summed(request.threshold);
    const { branching } = request.sums;
    // Numbers in an array are numbers to V8: fields of an object, which began as the integer 0, become an object for each that is added.
    const sums = Float64Array.of(branching.ancestors, branching.descendants);
    const words = new Uint32Array(states);
    const floats = new Float32Array(states);
    // A copy: whoever gave them may write over them.
    this.#followed.set(ids);
    this.ids = this.#followed.subarray(0, ids.length);
    this.length = 0;
    for (let from = 0; from < ids.length; from += STRETCH) {
      this.#takeSome(words, floats, from, Math.min(ids.length, from + STRETCH), request, thresholds, sums);
    }
    Object.assign(branching, { ancestors: sums[0], descendants: sums[1] });
  }

  #takeSome(
    words: Uint32Array,
    floats: Float32Array,
    from: number,
    to: number,
    { leavesOut, scale, drive, sums: { tally, growth } }: FirstPassage,
    thresholds: number | Float64Array,
    sums: Float64Array,
  ): void {
    const { ids, above, last, slot } = this;
    const [idWords, durations, sizes, signalSizes] = [this.#ids, this.#duration, this.#size, this.#signalSize];
    const [peaks, cut] = [this.#peak, this.#censored];
    let [valid, dead, censored, nonFinite] = [0, 0, 0, 0];
    let row = this.length;
    for (let i = from; i < to; i++) {
      const at = STATE_WORDS * i;
      const ending = words[at + 3]!;
      const duration = words[at + 4]!;
      const first = floats[at + 6]!;
      const below = ending === Ended.below;
      above[i] = duration;
      last[i] = ending === Ended.depth ? Number.NaN : floats[at + 7]!;
      if (drive !== undefined && (ending !== Ended.nonFinite || words[at + 2]! > 1)) {
        sums[0]! += drive;
        sums[1]! += first;
      }
      if (ending === Ended.nonFinite) {
        nonFinite++;
        continue;
      }
      if (drive !== undefined || duration > 0) {
        const steps = duration - (drive === undefined ? 1 : 0) + (below ? 1 : 0);
        grow(growth, drive ?? first, floats[at + 7]!, steps, floats[at + 10]!);
      }
      const counted = duration - (leavesOut && duration > 0 ? 1 : 0);
      if (duration > 0) {
        const sum = floats[at + 8]! + floats[at + 9]!;
        const final = floats[at + 7]!;
        const whole = sum + (leavesOut ? floats[at + 10]! : 0);
        sums[0]! += below ? whole : whole - final;
        sums[1]! += whole - first + (below ? final : 0);
        if (counted > 0) {
          slot[row] = i;
          writeId(idWords, row, ids[i]!);
          durations[row] = counted;
          sizes[row] = scale * (sum - (typeof thresholds === 'number' ? counted * thresholds : thresholds[counted]!));
          signalSizes[row] = scale * sum;
          peaks[row] = floats[at + 5]!;
          cut[row] = below ? 0 : 1;
          row++;
        }
      }
      if (counted === 0) dead++;
      else if (below) valid++;
      else censored++;
    }
    this.length = row;
    tally.valid += valid;
    tally.dead += dead;
    tally.censored += censored;
    tally.nonFinite += nonFinite;
  }

  /** Duration of an avalanche that has a profile, 0 where it was cut off. */
  duration(row: number): number {
    return this.#censored[row] === 1 ? 0 : this.#duration[row]!;
  }

  /** Takes their profiles; rows of censored ones may hold anything. @param recycle whether memory of the last ones may be used again */
  takeProfiles(bytes: ArrayBuffer, points: number, recycle: boolean): void {
    const length = this.length * points;
    if (!recycle || this.profiles.length < length) this.profiles = new Float32Array(length);
    this.profiles.set(new Float32Array(bytes));
    for (let row = 0; row < this.length; row++) {
      if (this.#censored[row] === 1) this.profiles.fill(Number.NaN, row * points, (row + 1) * points);
    }
  }

  /**
   * The avalanches, some at a time.
   * @param recycle whether columns may be overwritten once the next are asked for
   */
  *columns(points: number, recycle: boolean): Generator<AvalancheColumns, void> {
    const own = <T extends Int32Array | Float64Array | Uint8Array | Float32Array>(column: T): T =>
      (recycle ? column : column.slice()) as T;
    for (let from = 0; from < this.length; from += AVALANCHES) {
      const to = Math.min(this.length, from + AVALANCHES);
      yield {
        length: to - from,
        perturbation: new BigInt64Array(
          own(this.#ids.subarray(2 * from, 2 * to)).buffer,
          recycle ? 8 * from : 0,
          to - from,
        ),
        start: own(starts.subarray(0, to - from)),
        duration: own(this.#duration.subarray(from, to)),
        size: own(this.#size.subarray(from, to)),
        signalSize: own(this.#signalSize.subarray(from, to)),
        peak: own(this.#peak.subarray(from, to)),
        censored: own(this.#censored.subarray(from, to)),
        profile: this.profiles.subarray(points * from, points * to),
      };
    }
  }
}
