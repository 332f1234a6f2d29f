/** The avalanche of a perturbation from its first layer on: what `avalanche/detector.ts` finds by the first-passage rule, bit for bit. */
import { append, resample, startProfile } from './profile';

/** How a perturbation ended: below the threshold, at the last layer, with a strength that is not finite. */
export const enum Ending { none, below, depth, notFinite }

/** Bytes of a record: int32 layers, ending, duration and a gap; doubles peak, first and last strength, Σ s, Σ (s − θ), what is left out. */
export const RECORD: usize = 64;

let leavesOut = false, excessProfile = false, points = 0;
let duration = 0;
let sum: f64 = 0, excess: f64 = 0, peak: f64 = 0;
/** Strengths of the first and of the last layer, and its excess. */
let first: f64 = 0, last: f64 = 0, lastExcess: f64 = 0;

/** @param leavesOut_ whether the last layer at or above the threshold isn't the avalanche's */
export function setRules(leavesOut_: bool, excessProfile_: bool, points_: i32): void {
  leavesOut = leavesOut_;
  excessProfile = excessProfile_;
  points = points_;
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

/** Writes what became of a perturbation that has ended at a layer with strength s, and its profile if its avalanche has ended. */
export function record(at: usize, profile: usize, layer: i32, ending: i32, s: f64): void {
  store<i32>(at, layer);
  store<i32>(at, ending, 4);
  store<i32>(at, duration, 8);
  store<f64>(at, peak, 16);
  store<f64>(at, layer == 1 ? s : first, 24);
  store<f64>(at, s, 32);
  store<f64>(at, sum, 40);
  store<f64>(at, excess, 48);
  store<f64>(at, leavesOut && duration > 0 ? last : 0, 56);
  const counted = leavesOut ? duration - 1 : duration;
  if (points > 0 && ending == Ending.below && counted > 0) resample(counted, points, profile);
}
