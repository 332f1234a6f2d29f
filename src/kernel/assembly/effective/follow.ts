/** Four lanes of perturbations at once, layer by layer, to the end of their avalanches. */
import { excessProfile, leavesOut, points } from '../avalanche/first-passage';
import { LIMIT, TRACE_BYTES } from '../avalanche/profile';
import { CHI, drawFour, NOISE, prepareFour } from './four';
import {
  ACTIVITY, appendEach, drawEach, DURATION, EMPTY, ENERGY, EXCESS, fill, FIRST, LATEST, LATEST_EXCESS, PEAK, settle,
  STRENGTH, SUM, TRACES, VALUE,
} from './lanes';
import { biasVariance, isPlain, positive, weightVariance, width } from './law';
import { meanSquares } from './mean-square';

let depth = 0, postActivation = false, floors: usize = 0, floorConstant: f64 = 0;

/** @param floors_ thresholds by layer, 0 where all have the constant one */
export function setFollowing(depth_: i32, postActivation_: bool, floors_: usize, floorConstant_: f32): void {
  depth = depth_;
  postActivation = postActivation_;
  floors = floors_;
  floorConstant = <f64>floorConstant_;
}

/** To float32, as strengths are. */
@inline
function rounded(x: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(x));
}

@inline
function floorAt(layer: i32): f64 {
  return <f64>load<f32>(floors + (<usize>layer << 2));
}

/** Adds a layer's strengths and excesses, 0 where they don't count, to two lanes. */
@inline
function addPair(at: usize, strength: v128, above: v128, taken: v128): void {
  if (leavesOut) {
    const latest = v128.load(LATEST + at), latestExcess = v128.load(LATEST_EXCESS + at);
    v128.store(SUM + at, f64x2.add(v128.load(SUM + at), v128.and(latest, taken)));
    v128.store(EXCESS + at, f64x2.add(v128.load(EXCESS + at), v128.and(latestExcess, taken)));
    v128.store(LATEST + at, v128.bitselect(strength, latest, taken));
    v128.store(LATEST_EXCESS + at, v128.bitselect(above, latestExcess, taken));
  } else {
    v128.store(SUM + at, f64x2.add(v128.load(SUM + at), strength));
    v128.store(EXCESS + at, f64x2.add(v128.load(EXCESS + at), above));
  }
  v128.store(PEAK + at, f64x2.pmax(v128.load(PEAK + at), strength));
}

/** Keeps strengths of last layers, where that of the last one that counts isn't kept anyway. */
@inline
function keepLatest(one: v128, other: v128): void {
  if (leavesOut) return;
  v128.store(LATEST, one);
  v128.store(LATEST, other, 16);
}

/** Keeps the strength of the first layer. */
@inline
function keepFirst(at: usize, s: v128): void {
  const first = v128.load(FIRST + at);
  v128.store(FIRST + at, v128.bitselect(s, first, f64x2.lt(first, f64x2.splat(0))));
}

/** Goes on until rows stand in the way, all perturbations have ended, or some layers were drawn. */
export function followFour(layers: i32): void {
  if (!fill()) return;
  const plain = isPlain() && prepareFour(), wide = f64x2.splat(<f64>width);
  const gain = f64x2.splat(weightVariance), bias = f64x2.splat(biasVariance);
  const last = i32x4.splat(depth), limit = i32x4.splat(LIMIT - 1);
  const step = <i32>TRACE_BYTES, trace = <i32>TRACES;
  const traces = i32x4(trace, trace + step, trace + 2 * step, trace + 3 * step);
  let floor01 = f64x2.splat(floorConstant), floor23 = floor01;
  let activity01 = v128.load(ACTIVITY), activity23 = v128.load(ACTIVITY, 16), duration = v128.load(DURATION);
  let empty = v128.load(EMPTY);
  /** Strengths of the layer before, in the end that of the last layer at or above the threshold. */
  let before01 = v128.load(LATEST), before23 = v128.load(LATEST, 16);
  // Perturbations of which no layer was drawn yet.
  let begun = true;
  for (; layers > 0; layers -= 4) {
    let energy01: v128, energy23: v128;
    if (plain) {
      drawFour();
      const variance01 = f64x2.add(f64x2.mul(gain, activity01), bias);
      const variance23 = f64x2.add(f64x2.mul(gain, activity23), bias);
      energy01 = f64x2.div(f64x2.mul(variance01, v128.load(CHI)), wide);
      energy23 = f64x2.div(f64x2.mul(variance23, v128.load(CHI, 16)), wide);
      activity01 = meanSquares(positive, energy01, v128.load(NOISE));
      activity23 = meanSquares(positive, energy23, v128.load(NOISE, 16));
    } else {
      v128.store(ACTIVITY, activity01);
      v128.store(ACTIVITY, activity23, 16);
      drawEach();
      activity01 = v128.load(ACTIVITY);
      activity23 = v128.load(ACTIVITY, 16);
      energy01 = v128.load(ENERGY);
      energy23 = v128.load(ENERGY, 16);
    }
    const s01 = rounded(f64x2.sqrt(postActivation ? activity01 : energy01));
    const s23 = rounded(f64x2.sqrt(postActivation ? activity23 : energy23));
    if (floors != 0) {
      floor01 = f64x2(floorAt(i32x4.extract_lane(duration, 0) + 1), floorAt(i32x4.extract_lane(duration, 1) + 1));
      floor23 = f64x2(floorAt(i32x4.extract_lane(duration, 2) + 1), floorAt(i32x4.extract_lane(duration, 3) + 1));
    }
    const infinite = f64x2.splat(Infinity);
    const taken01 = v128.and(f64x2.ge(s01, floor01), f64x2.lt(s01, infinite));
    const taken23 = v128.and(f64x2.ge(s23, floor23), f64x2.lt(s23, infinite));
    const strength01 = v128.and(s01, taken01), above01 = v128.and(f64x2.sub(s01, floor01), taken01);
    const strength23 = v128.and(s23, taken23), above23 = v128.and(f64x2.sub(s23, floor23), taken23);
    if (begun) {
      keepFirst(0, s01);
      keepFirst(16, s23);
      begun = false;
    }
    addPair(0, strength01, above01, taken01);
    addPair(16, strength23, above23, taken23);
    const taken = v128.shuffle<i32>(taken01, taken23, 0, 2, 4, 6);
    if (points > 0) {
      const value01 = excessProfile ? above01 : strength01, value23 = excessProfile ? above23 : strength23;
      if (v128.any_true(i32x4.gt_s(duration, limit))) {
        v128.store(VALUE, value01);
        v128.store(VALUE, value23, 16);
        v128.store(DURATION, duration);
        appendEach(i32x4.bitmask(v128.andnot(taken, empty)));
      } else {
        const low = f32x4.demote_f64x2_zero(value01), high = f32x4.demote_f64x2_zero(value23);
        const at = i32x4.add(i32x4.shl(duration, 2), traces);
        v128.store32_lane(<usize>i32x4.extract_lane(at, 0), low, 0);
        v128.store32_lane(<usize>i32x4.extract_lane(at, 1), low, 1);
        v128.store32_lane(<usize>i32x4.extract_lane(at, 2), high, 0);
        v128.store32_lane(<usize>i32x4.extract_lane(at, 3), high, 1);
      }
    }
    duration = v128.andnot(i32x4.sub(duration, taken), empty);
    const goes = v128.or(v128.andnot(taken, i32x4.eq(duration, last)), empty);
    if (i32x4.all_true(goes)) {
      before01 = s01;
      before23 = s23;
      continue;
    }
    keepLatest(before01, before23);
    before01 = s01;
    before23 = s23;
    v128.store(ACTIVITY, activity01);
    v128.store(ACTIVITY, activity23, 16);
    v128.store(STRENGTH, s01);
    v128.store(STRENGTH, s23, 16);
    v128.store(DURATION, duration);
    const on = settle(i32x4.bitmask(goes), i32x4.bitmask(taken));
    activity01 = v128.load(ACTIVITY);
    activity23 = v128.load(ACTIVITY, 16);
    duration = v128.load(DURATION);
    empty = v128.load(EMPTY);
    if (!on) break;
    begun = true;
  }
  keepLatest(before01, before23);
  v128.store(ACTIVITY, activity01);
  v128.store(ACTIVITY, activity23, 16);
  v128.store(DURATION, duration);
}
