/** Four perturbations at a time, each in a lane: what becomes of one depends on its own stream alone. */
import { countedLayers, Ending, Of, points } from '../avalanche/first-passage';
import { append, resample, startProfile, TRACE_BYTES } from '../avalanche/profile';
import { activity, draw, drive, energy } from './law';
import { beginNext, idOfBegun, isHeldUp } from './records';
import { seed, STREAMS } from './stream';

/** Doubles of the lanes: of the last layer, and sums of layers before it, as in a record. */
export const ACTIVITY: usize = memory.data(32, 16), ENERGY: usize = memory.data(32, 16), STRENGTH: usize = memory.data(32, 16);
export const SUM: usize = memory.data(32, 16), EXCESS: usize = memory.data(32, 16), PEAK: usize = memory.data(32, 16);
/** Below 0 before the first layer. */
export const FIRST: usize = memory.data(32, 16);
export const LATEST: usize = memory.data(32, 16), LATEST_EXCESS: usize = memory.data(32, 16);
/** Layers at or above the threshold; records, 0 in lanes that are empty; all ones in these. */
export const DURATION: usize = memory.data(16, 16);
const RECORD: usize = memory.data(16, 16);
export const EMPTY: usize = memory.data(16, 16);
export const TRACES: usize = memory.data(33024, 16);

/** Leaves all lanes empty. */
export function emptyLanes(): void {
  for (let lane = 0; lane < 4; lane++) leave(lane);
}

/** An empty lane goes on with what it finds there, of which nothing is kept. */
function leave(lane: i32): void {
  const word = <usize>lane << 2, double = <usize>lane << 3;
  store<i32>(RECORD + word, 0);
  store<i32>(EMPTY + word, -1);
  store<i32>(DURATION + word, 0);
  store<f64>(ACTIVITY + double, 1);
}

/** The next perturbation goes into a lane, or the lane stays empty. */
function begin(lane: i32): void {
  const record = beginNext();
  if (record == 0) {
    leave(lane);
    return;
  }
  const word = <usize>lane << 2, double = <usize>lane << 3, id = idOfBegun();
  seed(STREAMS + word, <i32>id, <i32>(id >> 32));
  store<f64>(ACTIVITY + double, drive(STREAMS + word));
  store<f64>(SUM + double, 0);
  store<f64>(EXCESS + double, 0);
  store<f64>(PEAK + double, 0);
  store<f64>(FIRST + double, -1);
  store<f64>(LATEST + double, 0);
  store<f64>(LATEST_EXCESS + double, 0);
  store<i32>(DURATION + word, 0);
  store<i32>(RECORD + word, <i32>record);
  store<i32>(EMPTY + word, 0);
  startProfile(TRACES + <usize>lane * TRACE_BYTES);
}

/** Writes down what the perturbation in a lane came to. @param above whether its last layer is at or above the threshold */
function end(lane: i32, above: bool): void {
  const double = <usize>lane << 3;
  const record = <usize>load<i32>(RECORD + (<usize>lane << 2)), duration = load<i32>(DURATION + (<usize>lane << 2));
  const s = load<f64>(STRENGTH + double);
  const ending = above ? Ending.depth : isFinite(s) ? Ending.below : Ending.notFinite;
  store<i32>(record, ending);
  store<i32>(record, duration, Of.duration);
  store<f64>(record, load<f64>(SUM + double), Of.sum);
  store<f64>(record, load<f64>(EXCESS + double), Of.excess);
  store<f64>(record, load<f64>(PEAK + double), Of.peak);
  store<f64>(record, load<f64>(FIRST + double), Of.first);
  store<f64>(record, s, Of.end);
  store<f64>(record, load<f64>(LATEST + double), Of.last);
  const counted = countedLayers(duration);
  if (points == 0 || ending != Ending.below || counted == 0) return;
  resample(TRACES + <usize>lane * TRACE_BYTES, counted, points, record + Of.profile);
}

/**
 * Ends perturbations and begins others.
 * @param goes bits of the lanes that go on
 * @param above of the lanes whose last layer is at or above the threshold
 * @returns whether there is something to go on with
 */
export function settle(goes: i32, above: i32): bool {
  for (let lane = 0; lane < 4; lane++) {
    if ((goes & (1 << lane)) != 0) continue;
    end(lane, (above & (1 << lane)) != 0);
    begin(lane);
  }
  const empty = i32x4.bitmask(v128.load(EMPTY));
  return empty == 0 || (empty != 15 && !isHeldUp());
}

/** Perturbations go into empty lanes, as far as there are any. @returns whether any lane has one */
export function fill(): bool {
  for (let lane = 0; lane < 4; lane++) if (load<i32>(EMPTY + (<usize>lane << 2)) != 0) begin(lane);
  return i32x4.bitmask(v128.load(EMPTY)) != 15;
}

/** Layers of any law, a lane after the other. */
export function drawEach(): void {
  for (let lane = 0; lane < 4; lane++) {
    if (load<i32>(EMPTY + (<usize>lane << 2)) != 0) continue;
    const double = <usize>lane << 3;
    draw(STREAMS + (<usize>lane << 2), load<f64>(ACTIVITY + double));
    store<f64>(ENERGY + double, energy);
    store<f64>(ACTIVITY + double, activity);
  }
}

/** Of profiles: what the lanes' values are. */
export const VALUE: usize = memory.data(32, 16);

/** Appends to profiles some of which have more layers than are kept as they are. @param taken bits of the lanes to append to */
export function appendEach(taken: i32): void {
  for (let lane = 0; lane < 4; lane++) {
    if ((taken & (1 << lane)) == 0) continue;
    const duration = load<i32>(DURATION + (<usize>lane << 2));
    append(TRACES + <usize>lane * TRACE_BYTES, duration, load<f64>(VALUE + (<usize>lane << 3)));
  }
}
