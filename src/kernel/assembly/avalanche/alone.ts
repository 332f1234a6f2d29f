/** The avalanche of the one perturbation that is followed. */
import {
  countedLayers, Ending, excessProfile, leavesOut, Of, points, put, recordBytes,
} from './first-passage';
import { append, resample, startProfile, TRACE_BYTES } from './profile';

let record: usize = 0;
const TRACE: usize = memory.data(<i32>TRACE_BYTES, 16);

/** Says where what it came to is kept, at a multiple of 16. @returns the end of it */
export function placeAlone(at: usize): usize {
  record = at;
  return at + recordBytes(points);
}

let duration = 0;
let sum: f64 = 0, excess: f64 = 0, peak: f64 = 0;
/** Strengths of the first and of the last layer, and its excess. */
let first: f64 = 0, last: f64 = 0, lastExcess: f64 = 0;

@inline
export function startAvalanche(): void {
  duration = 0;
  sum = 0;
  excess = 0;
  startProfile(TRACE);
}

/** The next layer at or above the threshold. */
@inline
export function take(strength: f64, threshold: f64): void {
  const above = strength - threshold;
  if (duration == 0) {
    first = strength;
    peak = strength;
  } else if (strength > peak) peak = strength;
  if (leavesOut) {
    if (duration > 0) {
      sum += last;
      excess += lastExcess;
    }
    lastExcess = above;
  } else {
    sum += strength;
    excess += above;
  }
  last = strength;
  if (points > 0) append(TRACE, duration, excessProfile ? above : strength);
  duration++;
}

/** Ends a perturbation at a layer with strength s; its avalanche, if it is one, goes to a row. @returns avalanches, 0 or 1 */
export function close(row: i32, id: i64, ending: i32, s: f64): i32 {
  store<i32>(record, ending);
  store<i32>(record, duration, Of.duration);
  store<f64>(record, sum, Of.sum);
  store<f64>(record, excess, Of.excess);
  store<f64>(record, peak, Of.peak);
  store<f64>(record, duration == 0 ? s : first, Of.first);
  store<f64>(record, s, Of.end);
  store<f64>(record, last, Of.last);
  const counted = countedLayers(duration);
  if (points > 0 && ending == Ending.below && counted > 0) resample(TRACE, counted, points, record + Of.profile);
  return put(row, id, record);
}
