/** The avalanche of a perturbation from its first layer on: what `avalanche/detector.ts` finds by the first-passage rule, bit for bit. */
import { append, resample, startProfile } from './profile';

/** How a perturbation ended: below the threshold, at the last layer, with a strength that is not finite. */
export const enum Ending { none, below, depth, notFinite }

/** Four int32 (avalanches that ended, perturbations without any, avalanches cut off, strengths not finite), two doubles (ancestors, descendants). */
export const SUMS: usize = memory.data(32, 16);

let leavesOut = false, excessProfile = false, points = 0;
let scale: f64 = 1, hasDrive = false, driven: f64 = 0;
/** Columns of avalanches. */
let perturbation: usize = 0, size: usize = 0, signalSize: usize = 0, peaks: usize = 0, durations: usize = 0, profiles: usize = 0;
let censored: usize = 0;

/** Bytes of an avalanche in all columns, with a profile of so many points. */
export function bytesOf(points_: i32): usize { return 37 + (<usize>points_ << 2); }

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
  censored = profiles + ((<usize>rows * <usize>points_) << 2);
}

let duration = 0;
let sum: f64 = 0, excess: f64 = 0, peak: f64 = 0;
/** Strengths of the first and of the last layer, and its excess. */
let first: f64 = 0, last: f64 = 0, lastExcess: f64 = 0;

/** What is asked for: see `shortcut.ts`. */
export function setRules(leavesOut_: bool, excessProfile_: bool, scale_: f64, hasDrive_: bool, drive_: f64): void {
  leavesOut = leavesOut_;
  excessProfile = excessProfile_;
  scale = scale_;
  hasDrive = hasDrive_;
  driven = drive_;
}

@inline
export function startAvalanche(): void {
  duration = 0;
}

/** The next layer at or above the threshold. */
@inline
export function take(strength: f64, threshold: f64): void {
  const above = strength - threshold;
  if (duration == 0) {
    first = strength;
    peak = strength;
    sum = 0;
    excess = 0;
    startProfile();
  } else if (strength > peak) peak = strength;
  if (leavesOut) {
    if (duration > 0) {
      sum += last;
      excess += lastExcess;
    }
    last = strength;
    lastExcess = above;
  } else {
    sum += strength;
    excess += above;
  }
  if (points > 0) append(duration, excessProfile ? above : strength);
  duration++;
}

@inline
function count(what: usize): void {
  store<i32>(SUMS + what, load<i32>(SUMS + what) + 1);
}

/** Counts the steps from a layer to the next of a perturbation that has ended with strength s. */
function countSteps(start: f64, ending: i32, s: f64): void {
  let ancestors = load<f64>(SUMS, 16), descendants = load<f64>(SUMS, 24);
  if (hasDrive) {
    ancestors += driven;
    descendants += start;
  }
  if (duration > 0 && ending != Ending.notFinite) {
    const whole = leavesOut ? sum + last : sum;
    ancestors += ending == Ending.below ? whole : whole - s;
    descendants += whole - start + (ending == Ending.below ? s : 0);
  }
  store<f64>(SUMS, ancestors, 16);
  store<f64>(SUMS, descendants, 24);
}

/** Ends a perturbation at a layer with strength s; its avalanche, if it is one, goes to a row. @returns avalanches, 0 or 1 */
export function close(row: i32, id: i64, layer: i32, ending: i32, s: f64): i32 {
  if (layer > 1 || ending != Ending.notFinite) countSteps(layer == 1 ? s : first, ending, s);
  if (ending == Ending.notFinite) {
    count(12);
    return 0;
  }
  const counted = leavesOut && duration > 0 ? duration - 1 : duration;
  if (counted == 0) {
    count(4);
    return 0;
  }
  const at = <usize>row << 3;
  store<i64>(perturbation + at, id);
  store<f64>(size + at, scale * excess);
  store<f64>(signalSize + at, scale * sum);
  store<f64>(peaks + at, peak);
  store<i32>(durations + (at >> 1), counted);
  store<u8>(censored + <usize>row, ending == Ending.depth ? 1 : 0);
  const profile = profiles + ((<usize>row * <usize>points) << 2);
  if (ending == Ending.depth) {
    count(8);
    for (let g = 0; g < points; g++) store<f32>(profile + (<usize>g << 2), f32.NaN);
  } else {
    count(0);
    if (points > 0) resample(counted, points, profile);
  }
  return 1;
}
