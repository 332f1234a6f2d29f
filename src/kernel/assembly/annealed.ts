/**
 * Perturbations through Gaussian networks with fresh weights at every layer: given layer l − 1 the pre-activations of layer l are
 * independent N(0, v), so a layer costs N squares and never a matrix. v and all sums are float64, single neurons float32.
 */
import { energy, LEAKY_RELU, LINEAR, SILU } from './annealed/gain';
import { PREFIX, restore, save, seed } from './annealed/state';
import { GROUP, loosen, signedSquares, squares, sumOfSquares } from './annealed/squares';
import { close, placeAlone, startAvalanche, take } from './avalanche/alone';
import { columnBytes, Ending, placeColumns, setRules, SUMS } from './avalanche/first-passage';

/** Neurons that are drawn at a time: they stay in the first cache. */
const CHUNK: i32 = 2048;
const BUFFER: usize = memory.data(8192, 16);

let kind = 0, argument: f64 = 0, width = 0, depth = 0, postActivation = false;
let weightVariance: f64 = 0, biasVariance: f64 = 0, inputStrength: f64 = 0;
/** 0: never retire; 1: below a constant; 2: below the table's entry of the layer. */
let floorMode = 0, floorConstant: f32 = 0;

let ids: usize = 0, rowPerturbation: usize = 0, floors: usize = 0, rowLayer: usize = 0, rowStrength: usize = 0;
let capacity = 0, count = 0, slot = 0, layer = 0, open = false;
let variance: f64 = 0;
/** (1/N)Σ φ(h)² of the layer, where it is known. */
let mean: f64 = 0;
/** Where the columns of avalanches begin, and how many there may be. */
let columns: usize = 0, places = 0;
/** Rows are kept of perturbations whose id is a multiple of this, while there is room; 0: of none. */
let every: u32 = 0, kept = 0, written = 0, keeping = false, roomy = false;

/**
 * Lays out memory for a batch of perturbations, rows, a table of floors, and avalanches, each with the points of a profile.
 * @returns 0, or 1 where there is not enough
 */
export function layout(batch: i32, capacity_: i32, floorEntries: i32, places_: i32, points_: i32): i32 {
  capacity = capacity_;
  ids = (__heap_base + 63) & ~63;
  rowPerturbation = ids + (<usize>batch << 3);
  floors = rowPerturbation + (<usize>capacity << 3);
  rowLayer = floors + (<usize>floorEntries << 2);
  rowStrength = rowLayer + (<usize>capacity << 2);
  places = places_;
  columns = (rowStrength + (<usize>capacity << 2) + 15) & ~15;
  placeColumns(columns, places, points_);
  const top = placeAlone(columns + columnBytes(places, points_));
  const pages = <i32>((top + 0xffff) >> 16) - memory.size();
  return pages > 0 && memory.grow(pages) < 0 ? 1 : 0;
}

export function prefixPointer(): usize { return PREFIX; }
export function idsPointer(): usize { return ids; }
export function floorsPointer(): usize { return floors; }
export function rowPerturbationPointer(): usize { return rowPerturbation; }
export function rowLayerPointer(): usize { return rowLayer; }
export function rowStrengthPointer(): usize { return rowStrength; }
export function columnsPointer(): usize { return columns; }
export function sumsPointer(): usize { return SUMS; }

export function configure(
  kind_: i32, argument_: f64, width_: i32, depth_: i32, weightVariance_: f64, biasVariance_: f64, inputStrength_: f64,
  postActivation_: bool, floorMode_: i32, floorConstant_: f32,
): void {
  kind = kind_;
  argument = argument_;
  width = width_;
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

/** Has {@link follow} keep the rows of the first perturbations whose id is a multiple, 0 of none. */
export function keep(every_: i32): void { every = every_; }

/** Rows that were kept of the batch, of whole perturbations. */
export function keptRows(): i32 { return kept; }

/** Opens a batch of perturbations, whose 64-bit ids lie at `ids`. */
export function start(count_: i32): void {
  count = count_;
  slot = 0;
  open = false;
  kept = 0;
  roomy = every > 0;
}

/** Draws `n` ≤ CHUNK neurons into the buffer, zeros up to the group's end. @returns Σ z² */
function draw(n: i32): f64 {
  const whole = n / GROUP, rest = n % GROUP;
  const signs = kind == LEAKY_RELU || kind >= SILU;
  if (kind == LINEAR) {
    let total = sumOfSquares(whole);
    if (rest > 0) {
      squares(BUFFER, 1);
      total += loosen(BUFFER, rest);
    }
    return total;
  }
  let total = signs ? signedSquares(BUFFER, whole) : squares(BUFFER, whole);
  if (rest > 0) {
    const last = BUFFER + (<usize>whole << 6);
    if (signs) signedSquares(last, 1);
    else squares(last, 1);
    total += loosen(last, rest);
  }
  return total;
}

let total: f64 = 0;

/** Σ φ² over the `n` neurons in the buffer, whose Σ z² is `sum`. */
@inline
function bufferEnergy(n: i32, v: f64, sum: f64): f64 {
  return kind == LINEAR ? v * sum : energy(kind, argument, BUFFER, (n + GROUP - 1) / GROUP, v);
}

/** Draws a layer wider than the buffer: Σ z² into `total`. @returns Σ φ(√v·z)² */
function drawWide(v: f64): f64 {
  let result: f64 = 0;
  total = 0;
  for (let done = 0; done < width; done += CHUNK) {
    const n = min(CHUNK, width - done);
    const sum = draw(n);
    total += sum;
    result += bufferEnergy(n, v, sum);
  }
  return result;
}

/** Variance of the first layer's pre-activations. h⁰ is standard normal, scaled to the input strength exactly. */
function firstVariance(): f64 {
  const drive = inputStrength * inputStrength;
  let mean = drive;
  if (kind != LINEAR) {
    const wide = width > CHUNK;
    if (wide) {
      save();
      drawWide(1);
      restore();
    } else total = draw(width);
    const v = drive / (max(total, 1e-30) / <f64>width);
    mean = (wide ? drawWide(v) : bufferEnergy(width, v, total)) / <f64>width;
  }
  return weightVariance * mean + biasVariance;
}

@inline
function begin(id: usize): void {
  seed(load<i32>(id), load<i32>(id, 4));
  variance = firstVariance();
  layer = 0;
  open = true;
}

/** Draws the next layer. @returns its strength */
@inline
function next(wide: bool): f32 {
  layer++;
  if (wide) mean = drawWide(variance) / <f64>width;
  else {
    total = draw(width);
    if (postActivation) mean = bufferEnergy(width, variance, total) / <f64>width;
  }
  return <f32>Math.sqrt(postActivation ? mean : variance * (total / <f64>width));
}

/** What the layer hands on to the next. */
@inline
function pass(wide: bool): void {
  if (!wide && !postActivation) mean = bufferEnergy(width, variance, total) / <f64>width;
  variance = weightVariance * mean + biasVariance;
}

@inline
function floorOf(layer: i32): f32 {
  return floorMode == 1 ? floorConstant : load<f32>(floors + (<usize>layer << 2));
}

@inline
function writeRow(row: i32, id: usize, strength: f32): void {
  const at = <usize>row << 2;
  store<i64>(rowPerturbation + (at << 1), load<i64>(id));
  store<i32>(rowLayer + at, layer);
  store<f32>(rowStrength + at, strength);
}

/** Keeps a row, or lets go of the perturbation, and of those after it, where there is no room. */
function keepRow(id: usize, strength: f32): void {
  keeping = roomy = written < capacity;
  if (keeping) writeRow(written++, id, strength);
}

/** Goes on until the rows are full or every perturbation of the batch has been followed to its end. @returns rows written */
export function run(): i32 {
  let rows = 0;
  const wide = width > CHUNK;
  for (; slot < count; slot++) {
    const id = ids + (<usize>slot << 3);
    if (!open) begin(id);
    while (layer < depth) {
      if (rows == capacity) return rows;
      const s = next(wide);
      writeRow(rows++, id, s);
      // A strength that is not finite has been passed on and stays so: there is nothing left to follow.
      if (floorMode != 0 && !(s >= floorOf(layer) && s < Infinity)) break;
      if (layer < depth) pass(wide);
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
  const wide = width > CHUNK;
  while (slot < count && rows < places) {
    const id = ids + (<usize>slot << 3);
    if (!open) {
      begin(id);
      startAvalanche();
      keeping = roomy && load<u32>(id) % every == 0;
      written = kept;
    }
    let ending: i32 = Ending.none;
    let strength: f64 = 0;
    do {
      if (layers-- == 0) return rows;
      const s = next(wide);
      const floor = floorOf(layer);
      strength = <f64>s;
      if (keeping) keepRow(id, s);
      if (s >= floor && s < Infinity) {
        take(strength, <f64>floor);
        if (layer == depth) ending = Ending.depth;
        else pass(wide);
      } else {
        ending = isFinite(s) ? Ending.below : Ending.notFinite;
      }
    } while (ending == Ending.none);
    rows += close(rows, load<i64>(id), ending, strength);
    if (keeping) kept = written;
    open = false;
    slot++;
  }
  return rows;
}

/** True once every perturbation of the batch has been followed to its end. */
export function finished(): bool {
  return slot == count;
}

/** For tests: where `draw` puts its squares. */
export function bufferPointer(): usize { return BUFFER; }

/** For tests: seeds the lanes for a perturbation and draws `n` ≤ 2048 squares into the buffer. @returns their sum */
export function drawFor(low: i32, high: i32, n: i32): f64 {
  seed(low, high);
  return draw(n);
}

/** For tests: φ(√(v·c))² by the approximations of the configured kind. */
export function energyOf(v: f64, c: f32): f64 {
  memory.fill(BUFFER, 0, 64);
  store<f32>(BUFFER, c);
  return bufferEnergy(1, v, <f64>abs(c));
}
