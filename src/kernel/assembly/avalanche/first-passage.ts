/** Avalanches from a perturbation's first layer on: what `avalanche/detector.ts` finds by the first-passage rule, bit for bit. */

/** How a perturbation ended: below the threshold, at the last layer, with a strength that is not finite. */
export const enum Ending { none, below, depth, notFinite }

/**
 * Four int32 (avalanches that ended, perturbations without any, avalanches cut off, strengths not finite), five doubles (ancestors, descendants; of
 * growth the steps, product and exponent).
 */
export const SUMS: usize = memory.data(56, 16);

/**
 * What a perturbation came to: how it ended and the layers at or above the threshold (int32); sums of strengths and of excesses, without those of
 * the last such layer where it is left out; the peak; strengths of the first layer, of the one that ended it, and of the last at or above
 * the threshold (doubles); then the profile.
 */
export const enum Of { ending = 0, duration = 4, sum = 8, excess = 16, peak = 24, first = 32, end = 40, last = 48, profile = 64 }

/** Bytes of that with a profile of so many points. */
export function recordBytes(points: i32): usize { return Of.profile + (((<usize>points << 2) + 15) & ~15); }

export let leavesOut = false, excessProfile = false, points = 0;
let scale: f64 = 1, hasDrive = false, driven: f64 = 0;
/** Columns of avalanches. */
let perturbation: usize = 0, size: usize = 0, signalSize: usize = 0, peaks: usize = 0, durations: usize = 0, profiles: usize = 0;
let censored: usize = 0;

/** After the last profile, since profiles are copied by 16 bytes. */
const PAD: usize = 16;

/** Bytes of so many avalanches in all columns, with profiles of so many points. */
export function columnBytes(rows: i32, points_: i32): usize {
  return ((37 + (<usize>points_ << 2)) * <usize>rows + PAD + 15) & ~15;
}

/** Says where the columns of `rows` avalanches begin, at a multiple of 8. */
export function placeColumns(at: usize, rows: i32, points_: i32): void {
  const doubles = <usize>rows << 3;
  points = points_;
  perturbation = at;
  size = at + doubles;
  signalSize = size + doubles;
  peaks = signalSize + doubles;
  durations = peaks + doubles;
  profiles = durations + (<usize>rows << 2);
  censored = profiles + ((<usize>rows * <usize>points_) << 2) + PAD;
}

/** What is asked for: see `shortcut.ts`. */
export function setRules(leavesOut_: bool, excessProfile_: bool, scale_: f64, hasDrive_: bool, drive_: f64): void {
  leavesOut = leavesOut_;
  excessProfile = excessProfile_;
  scale = scale_;
  hasDrive = hasDrive_;
  driven = drive_;
}

/** Layers of an avalanche that count. */
@inline
export function countedLayers(duration: i32): i32 {
  return leavesOut && duration > 0 ? duration - 1 : duration;
}

@inline
function count(what: usize): void {
  store<i32>(SUMS + what, load<i32>(SUMS + what) + 1);
}

/** Counts the steps from a layer to the next of a perturbation that has ended. */
function countSteps(record: usize, ending: i32, duration: i32): void {
  let ancestors = load<f64>(SUMS, 16), descendants = load<f64>(SUMS, 24);
  const start = load<f64>(record, Of.first), s = load<f64>(record, Of.end), sum = load<f64>(record, Of.sum);
  if (hasDrive) {
    ancestors += driven;
    descendants += start;
  }
  if (duration > 0 && ending != Ending.notFinite) {
    const whole = leavesOut ? sum + load<f64>(record, Of.last) : sum;
    ancestors += ending == Ending.below ? whole : whole - s;
    descendants += whole - start + (ending == Ending.below ? s : 0);
  }
  store<f64>(SUMS, ancestors, 16);
  store<f64>(SUMS, descendants, 24);
}

const MOST: f64 = 1.3407807929942597e154, LEAST: f64 = 1 / MOST;

/** `grow` of numeric/growth.ts for a perturbation that has ended. */
function countGrowth(record: usize, ending: i32, duration: i32): void {
  if (ending == Ending.notFinite || (duration == 0 && !hasDrive)) return;
  const below = ending == Ending.below, s = load<f64>(record, Of.end), died = below && s == 0;
  const steps = duration - (hasDrive ? 0 : 1) + (below ? 1 : 0) - (died ? 1 : 0);
  const ratio = (died ? load<f64>(record, Of.last) : s) / (hasDrive ? driven : load<f64>(record, Of.first));
  if (steps < 1 || !(ratio > LEAST && ratio < MOST)) return;
  let product = load<f64>(SUMS, 40) * ratio, exponent = load<f64>(SUMS, 48);
  if (product > MOST) {
    product *= LEAST;
    exponent += 512;
  } else if (product < LEAST) {
    product *= MOST;
    exponent -= 512;
  }
  store<f64>(SUMS, load<f64>(SUMS, 32) + <f64>steps, 32);
  store<f64>(SUMS, product, 40);
  store<f64>(SUMS, exponent, 48);
}

/** Counts what a perturbation came to; its avalanche, if it is one, goes to a row. @returns avalanches, 0 or 1 */
export function put(row: i32, id: i64, record: usize): i32 {
  const ending = load<i32>(record), duration = load<i32>(record, Of.duration);
  if (duration > 0 || ending != Ending.notFinite) countSteps(record, ending, duration);
  countGrowth(record, ending, duration);
  if (ending == Ending.notFinite) {
    count(12);
    return 0;
  }
  const counted = countedLayers(duration);
  if (counted == 0) {
    count(4);
    return 0;
  }
  const at = <usize>row << 3;
  store<i64>(perturbation + at, id);
  store<f64>(size + at, scale * load<f64>(record, Of.excess));
  store<f64>(signalSize + at, scale * load<f64>(record, Of.sum));
  store<f64>(peaks + at, load<f64>(record, Of.peak));
  store<i32>(durations + (at >> 1), counted);
  const end = ending == Ending.depth;
  count(end ? 8 : 0);
  const profile = profiles + ((<usize>row * <usize>points) << 2), bytes = <usize>points << 2;
  // By more than there is: beyond it lies the place of the next one, which comes later, or nothing.
  for (let done: usize = 0; done < bytes; done += 16) {
    v128.store(profile + done, end ? f32x4.splat(f32.NaN) : v128.load(record + Of.profile + done));
  }
  store<u8>(censored + <usize>row, end ? 1 : 0);
  return 1;
}
