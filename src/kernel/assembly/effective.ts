/**
 * Perturbations through fresh Gaussian layers by the law of a layer's signal strength alone, which takes constant time at any width: bit for
 * bit the laws of `propagation/effective/layer-law.ts`.
 */
import { bytesOf, close, Ending, placeColumns, setRules, startAvalanche, SUMS, take } from './avalanche/first-passage';
import { isConstant, meanSquare } from './effective/mean-square';
import { chiSquared, chiSquaredFixed, EDGE, HEIGHT, normal, PREFIX, seed, setDegrees, uniform } from './effective/stream';

let width = 0, half = 0, depth = 0, signed = false, postActivation = false;
let weightVariance: f64 = 0, biasVariance: f64 = 0, inputStrength: f64 = 0;
/** 0: never retire; 1: below a constant; 2: below the table's entry of the layer. */
let floorMode = 0, floorConstant: f32 = 0;

let ids: usize = 0, rowPerturbation: usize = 0, positive: usize = 0, negative: usize = 0;
let signThreshold: usize = 0, signAlias: usize = 0, floors: usize = 0, rowLayer: usize = 0, rowStrength: usize = 0;
let firstSigns = 0, signs = 0;
let capacity = 0, count = 0, slot = 0, layer = 0, open = false;

/** Where the columns of avalanches begin, and how many there may be. */
let columns: usize = 0, places = 0;
/** (1/N)Σ h² of a layer, and (1/N)Σ φ(h)². */
let energy: f64 = 0, activity: f64 = 0;

/**
 * Lays out memory for a batch of perturbations, rows, floors, tables (bytes), the law of the number of signs (entries), and avalanches,
 * each with the points of a profile.
 * @returns 0, or 1 where there is not enough
 */
export function layout(
  batch: i32, rows: i32, floorEntries: i32, positiveBytes: i32, negativeBytes: i32, signs_: i32, places_: i32, points_: i32,
): i32 {
  capacity = rows;
  places = places_;
  signs = signs_;
  ids = (__heap_base + 63) & ~63;
  rowPerturbation = ids + (<usize>batch << 3);
  positive = rowPerturbation + (<usize>rows << 3);
  negative = positive + positiveBytes;
  signThreshold = negative + negativeBytes;
  signAlias = signThreshold + (<usize>signs << 3);
  floors = signAlias + (<usize>signs << 2);
  rowLayer = floors + (<usize>floorEntries << 2);
  rowStrength = rowLayer + (<usize>rows << 2);
  columns = (rowStrength + (<usize>rows << 2) + 7) & ~7;
  placeColumns(columns, places, points_);
  const top = columns + <usize>places * bytesOf(points_);
  const pages = <i32>((top + 0xffff) >> 16) - memory.size();
  return pages > 0 && memory.grow(pages) < 0 ? 1 : 0;
}

export function prefixPointer(): usize { return PREFIX; }
export function edgePointer(): usize { return EDGE; }
export function heightPointer(): usize { return HEIGHT; }
export function idsPointer(): usize { return ids; }
export function positivePointer(): usize { return positive; }
export function negativePointer(): usize { return negative; }
export function signThresholdPointer(): usize { return signThreshold; }
export function signAliasPointer(): usize { return signAlias; }
export function floorsPointer(): usize { return floors; }
export function rowPerturbationPointer(): usize { return rowPerturbation; }
export function rowLayerPointer(): usize { return rowLayer; }
export function rowStrengthPointer(): usize { return rowStrength; }
export function columnsPointer(): usize { return columns; }
export function sumsPointer(): usize { return SUMS; }

/** @param half_ neurons that the tables are of, which are of both signs where it is 0 */
export function configure(
  width_: i32, half_: i32, firstSigns_: i32, depth_: i32, weightVariance_: f64, biasVariance_: f64, inputStrength_: f64,
  postActivation_: bool, floorMode_: i32, floorConstant_: f32,
): void {
  width = width_;
  setDegrees(width_);
  half = half_;
  signed = half_ != 0;
  firstSigns = firstSigns_;
  depth = depth_;
  weightVariance = weightVariance_;
  biasVariance = biasVariance_;
  inputStrength = inputStrength_;
  postActivation = postActivation_;
  floorMode = floorMode_;
  floorConstant = floorConstant_;
}

/** What {@link follow} is to find: see `shortcut.ts`. */
export function ask(leavesOut: bool, excessProfile: bool, scale: f64, hasDrive: bool, drive: f64): void {
  setRules(leavesOut, excessProfile, scale, hasDrive, drive);
}

/** Opens a batch of perturbations, whose 64-bit ids lie at `ids`. */
export function start(count_: i32): void {
  count = count_;
  slot = 0;
  open = false;
}

/** Bin(N, 1/2) by its alias table. */
function positives(): i32 {
  const at = uniform() * <f64>signs;
  const column = <i32>at;
  const keep = uniform() < load<f64>(signThreshold + (<usize>column << 3));
  return firstSigns + (keep ? column : load<i32>(signAlias + (<usize>column << 2)));
}

/** Σ φ² over `n` neurons of one sign whose squares sum to `sum`. */
function part(table: usize, n: i32, sum: f64): f64 {
  if (n == 0) return 0;
  if (isConstant(table)) return meanSquare(table, sum, 0);
  const neurons = <f64>n;
  return neurons * meanSquare(table, sum / neurons, normal() * Math.sqrt(<f64>half / neurons));
}

function signedActivity(n: i32, plus: f64, minus: f64): f64 {
  const above = part(positive, n, plus);
  return (above + part(negative, width - n, minus)) / <f64>width;
}

@inline
function sphereActivity(y: f64): f64 {
  return meanSquare(positive, y, isConstant(positive) ? 0 : normal());
}

/** A layer whose pre-activations are N(0, v), into energy and activity. */
@inline
function draw(v: f64): void {
  if (!signed) {
    energy = (v * chiSquaredFixed()) / <f64>width;
    activity = sphereActivity(energy);
    return;
  }
  const n = positives();
  const plus = v * chiSquared(n);
  const minus = v * chiSquared(width - n);
  energy = (plus + minus) / <f64>width;
  activity = signedActivity(n, plus, minus);
}

/** (1/N)Σ φ(h)² of an input that is uniform on the sphere (1/N)Σ h² = q. */
function drive(q: f64): f64 {
  if (!signed) return sphereActivity(q);
  const n = positives();
  const plus = chiSquared(n);
  const minus = chiSquared(width - n);
  const scale = (q * <f64>width) / (plus + minus);
  return signedActivity(n, scale * plus, scale * minus);
}

/** Goes on until the rows are full or every perturbation of the batch has been followed to its end. @returns rows written */
export function run(): i32 {
  let rows = 0;
  for (; slot < count; slot++) {
    const id = load<i64>(ids + (<usize>slot << 3));
    if (!open) {
      seed(<i32>id, <i32>(id >> 32));
      activity = drive(inputStrength * inputStrength);
      layer = 0;
      open = true;
    }
    while (layer < depth) {
      if (rows == capacity) return rows;
      layer++;
      draw(weightVariance * activity + biasVariance);
      const s = <f32>Math.sqrt(postActivation ? activity : energy);
      const at = <usize>rows << 2;
      store<i64>(rowPerturbation + (at << 1), id);
      store<i32>(rowLayer + at, layer);
      store<f32>(rowStrength + at, s);
      rows++;
      if (floorMode != 0) {
        // A strength that is not finite has been passed on and stays so: there is nothing left to follow.
        const floor = floorMode == 1 ? floorConstant : load<f32>(floors + (<usize>layer << 2));
        if (!(s >= floor && s < Infinity)) break;
      }
    }
    open = false;
  }
  return rows;
}

/**
 * Goes on until every row is taken, every perturbation of the batch has been followed to the end of its avalanche, or some layers were drawn.
 * The floor is the threshold. @returns avalanches
 */
export function follow(layers: i32): i32 {
  let rows = 0;
  while (slot < count && rows < places) {
    const id = load<i64>(ids + (<usize>slot << 3));
    if (!open) {
      seed(<i32>id, <i32>(id >> 32));
      activity = drive(inputStrength * inputStrength);
      layer = 0;
      startAvalanche();
      open = true;
    }
    let ending: i32 = Ending.none;
    let strength: f64 = 0;
    do {
      if (layers-- == 0) return rows;
      layer++;
      draw(weightVariance * activity + biasVariance);
      const s = <f32>Math.sqrt(postActivation ? activity : energy);
      const floor = floorMode == 1 ? floorConstant : load<f32>(floors + (<usize>layer << 2));
      strength = <f64>s;
      if (s >= floor && s < Infinity) {
        take(strength, <f64>floor);
        if (layer == depth) ending = Ending.depth;
      } else {
        ending = isFinite(s) ? Ending.below : Ending.notFinite;
      }
    } while (ending == Ending.none);
    rows += close(rows, id, layer, ending, strength);
    open = false;
    slot++;
  }
  return rows;
}

/** True once every perturbation of the batch has been followed to its end. */
export function finished(): bool {
  return slot == count;
}
