/**
 * Perturbations through fresh Gaussian layers by the law of a layer's signal strength alone, which takes constant time at any width: bit for
 * bit the laws of `propagation/effective/layer-law.ts`.
 */
import { columnBytes, placeColumns, setRules, SUMS } from './avalanche/first-passage';
import { activity, draw, drive, energy, placeTables, setLaw } from './effective/law';
import { allCounted, placeRecords, putInOrder, startRecords } from './effective/records';
import { followFour, setFollowing } from './effective/follow';
import { emptyLanes } from './effective/lanes';
import { EDGE, HEIGHT, PREFIX, seed, STREAMS } from './effective/stream';

let depth = 0, postActivation = false;
/** 0: never retire; 1: below a constant; 2: below the table's entry of the layer. */
let floorMode = 0, floorConstant: f32 = 0;

let ids: usize = 0, rowPerturbation: usize = 0, positive: usize = 0, negative: usize = 0;
let signThreshold: usize = 0, signAlias: usize = 0, floors: usize = 0, rowLayer: usize = 0, rowStrength: usize = 0;
let capacity = 0, count = 0, slot = 0, layer = 0, open = false;
/** (1/N)Σ φ(h)² of the layer that was drawn last. */
let before: f64 = 0;

/** Where the columns of avalanches begin. */
let columns: usize = 0;

/**
 * Lays out memory for a batch of perturbations, rows, floors, tables (bytes), the law of the number of signs (entries), and avalanches,
 * each with the points of a profile.
 * @returns 0, or 1 where there is not enough
 */
export function layout(
  batch: i32, rows: i32, floorEntries: i32, positiveBytes: i32, negativeBytes: i32, signs: i32, places: i32, points: i32,
): i32 {
  capacity = rows;
  ids = (__heap_base + 63) & ~63;
  rowPerturbation = ids + (<usize>batch << 3);
  positive = rowPerturbation + (<usize>rows << 3);
  negative = positive + positiveBytes;
  signThreshold = negative + negativeBytes;
  signAlias = signThreshold + (<usize>signs << 3);
  floors = signAlias + (<usize>signs << 2);
  rowLayer = floors + (<usize>floorEntries << 2);
  rowStrength = rowLayer + (<usize>rows << 2);
  columns = (rowStrength + (<usize>rows << 2) + 15) & ~15;
  placeColumns(columns, places, points);
  placeTables(positive, negative, signThreshold, signAlias, signs);
  const records = columns + columnBytes(places, points);
  const top = placeRecords(records, places);
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

/** @param half neurons that the tables are of, which are of both signs where it is 0 */
export function configure(
  width: i32, half: i32, firstSigns: i32, depth_: i32, weightVariance: f64, biasVariance: f64, inputStrength: f64,
  postActivation_: bool, floorMode_: i32, floorConstant_: f32,
): void {
  setLaw(width, half, firstSigns, weightVariance, biasVariance, inputStrength);
  depth = depth_;
  postActivation = postActivation_;
  floorMode = floorMode_;
  floorConstant = floorConstant_;
  setFollowing(depth_, postActivation_, floorMode_ == 2 ? floors : 0, floorConstant_);
}

/** What {@link follow} is to find: see `shortcut.ts`. */
export function ask(leavesOut: bool, excessProfile: bool, scale: f64, hasDrive: bool, driven: f64): void {
  setRules(leavesOut, excessProfile, scale, hasDrive, driven);
}

/** Opens a batch of perturbations, whose 64-bit ids lie at `ids`. */
export function start(count_: i32): void {
  count = count_;
  slot = 0;
  open = false;
  startRecords(ids, count_);
  emptyLanes();
}

/** Goes on until the rows are full or every perturbation of the batch has been followed to its end. @returns rows written */
export function run(): i32 {
  let rows = 0;
  for (; slot < count; slot++) {
    const id = load<i64>(ids + (<usize>slot << 3));
    if (!open) {
      seed(STREAMS, <i32>id, <i32>(id >> 32));
      before = drive(STREAMS);
      layer = 0;
      open = true;
    }
    while (layer < depth) {
      if (rows == capacity) return rows;
      layer++;
      draw(STREAMS, before);
      before = activity;
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
 * Goes on until there are rows to be taken, every perturbation of the batch has been followed to the end of its avalanche, or some layers
 * were drawn. The floor is the threshold. @returns avalanches
 */
export function follow(layers: i32): i32 {
  followFour(layers);
  return putInOrder();
}

/** True once every perturbation of the batch has been followed to its end. */
export function finished(): bool {
  return slot == count || allCounted();
}
