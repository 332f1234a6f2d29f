/**
 * Perturbations through one Gaussian network that is never held: the rows of a layer are N(0, K) with the Gram matrix K of the
 * layer before, so a layer is H = F·Z with F·Fᵀ = K and fresh standard normal Z. Neurons go by in panels; between layers only
 * K and one scale a perturbation remain. A row of H has unit variance, its scale d is kept apart in float64, so that nothing
 * underflows at small signal strength.
 */
import { pack } from './matrix/pack';
import { cholesky, EXHAUSTED } from './quenched/cholesky';
import { gaussian, STATE_BYTES } from './quenched/gaussian';
import { dot, gram, gramDouble } from './quenched/gram';
import { product } from './quenched/product';
import { clearRoom, grow, take } from './quenched/room';
import { clearRows, placeRows, record, rowCount } from './quenched/rows';
import { activateRow, unitOf } from './quenched/scales';
import { squares } from './quenched/squares';
import { int, real, setInt, setReal } from './quenched/words';

/** Up to this many rows the Gram matrix is summed in float64 throughout. */
const FEW: i32 = 4;
/** Residual variance that float32 products leave. */
const NOISE: f64 = 1e-7;
const TINY: f64 = 1e-300;

let reuse = 0, width = 0, depth = 0, stride = 0, capacity = 0;
let kind = 0, argument: f32 = 0, weightVariance: f64 = 0, biasVariance: f64 = 0, inputStrength: f64 = 0;
let postActivation = false, paired = false;
/** 0: never retire; 1: below a constant; 2: below the table's entry of the layer. With a floor, what isn't finite is retired too. */
let floorMode = 0, floorConstant: f32 = 0;

let generator: usize = 0, saved: usize = 0, floors: usize = 0;
let rowSlot: usize = 0, rowLayer: usize = 0, rowStrength: usize = 0, pairs: usize = 0;
let slot: usize = 0, nextSlot: usize = 0, keep: usize = 0, order: usize = 0;
let scale: usize = 0, nextScale: usize = 0, unit: usize = 0, energy: usize = 0, residual: usize = 0;
let lostSlot: usize = 0, lostValue: usize = 0;
let gramMatrix: usize = 0, correlation: usize = 0, lower: usize = 0;
let factor: usize = 0, normal: usize = 0, signal: usize = 0;

let alive = 0, rank = 0, lost = 0, layer = 0;
let overlap: f64 = 0;

/** Neurons a panel: enough to fill the caches, whatever the number of rows. */
@inline
function panelOf(n: i32): i32 {
  return min((width + 7) & ~7, max(64, min(512, (65536 / n) & ~7)));
}

/** Lays out memory. @returns 0, or 1 where there is not enough */
export function layout(reuse_: i32, width_: i32, depth_: i32, capacity_: i32, floorEntries: i32): i32 {
  reuse = reuse_;
  width = width_;
  depth = depth_;
  capacity = capacity_;
  stride = (reuse + 7) & ~7;
  const n = <usize>stride;
  clearRoom();
  generator = take(STATE_BYTES);
  saved = take(STATE_BYTES);
  floors = take(<usize>floorEntries << 2);
  rowSlot = take(<usize>capacity << 2);
  rowLayer = take(<usize>capacity << 2);
  rowStrength = take(<usize>capacity << 2);
  placeRows(rowSlot, rowLayer, rowStrength);
  pairs = take(reuse == 2 ? <usize>capacity * 12 : 0);
  slot = take(n << 2);
  nextSlot = take(n << 2);
  keep = take(n << 2);
  order = take(n << 2);
  lostSlot = take(n << 2);
  scale = take(n << 3);
  nextScale = take(n << 3);
  unit = take(n << 3);
  energy = take(n << 3);
  residual = take(n << 3);
  lostValue = take(n << 3);
  gramMatrix = take((n * n) << 3);
  correlation = take((n * n) << 3);
  lower = take((n * n) << 3);
  factor = take((n * n) << 2);
  let panel: usize = 0;
  for (let r = 1; r <= reuse; r++) panel = max(panel, <usize>((r + 7) & ~7) * <usize>panelOf(r));
  normal = take(panel << 2);
  signal = take(panel << 2);
  return grow() ? 0 : 1;
}

export function generatorPointer(): usize { return generator; }
export function floorsPointer(): usize { return floors; }
export function rowSlotPointer(): usize { return rowSlot; }
export function rowLayerPointer(): usize { return rowLayer; }
export function rowStrengthPointer(): usize { return rowStrength; }
/** Two rows a network only: per row of two, energy a, energy b and correlation as float64. */
export function pairsPointer(): usize { return pairs; }

export function configure(
  kind_: i32, argument_: f32, weightVariance_: f64, biasVariance_: f64, inputStrength_: f64,
  postActivation_: bool, paired_: bool, floorMode_: i32, floorConstant_: f32,
): void {
  kind = kind_;
  argument = argument_;
  weightVariance = weightVariance_;
  biasVariance = biasVariance_;
  inputStrength = inputStrength_;
  postActivation = postActivation_;
  paired = paired_;
  floorMode = floorMode_;
  floorConstant = floorConstant_;
}

@inline
function entry(matrix: usize, i: i32, j: i32): usize {
  return matrix + (<usize>(i * stride + j) << 3);
}

@inline
function setFactor(i: i32, k: i32, value: f32): void {
  store<f32>(factor + (<usize>((i >> 2) * rank * 4 + k * 4 + (i & 3)) << 2), value);
}

/** Draws one panel of H; what lies past the width is zero. @returns its padded width */
function draw(w: i32): i32 {
  const padded = (w + 7) & ~7;
  const blocks = (alive + 3) & ~3;
  gaussian(generator, normal, rank * padded);
  product(factor, normal, signal, blocks, rank, padded);
  return padded;
}

function clearTails(w: i32, padded: i32): void {
  if (w == padded) return;
  for (let i = 0; i < alive; i++) memory.fill(signal + (<usize>(i * padded + w) << 2), 0, <usize>(padded - w) << 2);
}

/** Neurons of one layer: energies of the rows, and, where wanted, the Gram matrix of their post-activations. */
function panels(wantGram: bool): void {
  memory.fill(energy, 0, <usize>stride << 3);
  overlap = 0;
  if (wantGram) {
    memory.fill(gramMatrix, 0, <usize>(((alive + 7) & ~7) * stride) << 3);
    for (let i = 0; i < alive; i++) setReal(unit, i, unitOf(kind, real(scale, i)));
  }
  const panel = panelOf(alive);
  for (let done = 0; done < width; done += panel) {
    const w = min(panel, width - done);
    const padded = draw(w);
    const rowBytes = <usize>padded << 2;
    clearTails(w, padded);
    if (paired) {
      for (let i = 0; i < alive; i++) {
        const x = signal + rowBytes * <usize>i;
        setReal(energy, i, real(energy, i) + dot(x, x, padded));
      }
      if (alive == 2) overlap += dot(signal, signal + rowBytes, padded);
    } else {
      for (let i = 0; i < alive; i++) {
        setReal(energy, i, real(energy, i) + squares(signal + rowBytes * <usize>i, padded));
      }
    }
    if (!wantGram) continue;
    for (let i = 0; i < alive; i++) {
      activateRow(kind, argument, signal + rowBytes * <usize>i, rowBytes, real(scale, i), real(unit, i));
    }
    clearTails(w, padded);
    if (alive <= FEW) gramDouble(signal, gramMatrix, alive, padded, stride);
    else {
      // The numbers that made this panel have been used: their room serves for the packed rows.
      pack(signal, padded, alive, padded, 8, false, normal);
      gram(normal, gramMatrix, (alive + 7) & ~7, padded, stride);
    }
  }
}

/** Covariance of rows i ≥ j of the next layer, in their units. */
@inline
function covariance(i: i32, j: i32): f64 {
  const k = real(entry(gramMatrix, i, j), 0) * (weightVariance / <f64>width);
  return biasVariance == 0 ? k : k + biasVariance / (real(unit, i) * real(unit, j));
}

/** From the Gram matrix of the `count` rows in `keep` to factor, scales and slots of the next layer. */
function factorise(count: i32): void {
  let n = 0;
  for (let i = 0; i < count; i++) {
    const row = int(keep, i);
    const variance = covariance(row, row);
    let d = Math.sqrt(variance) * real(unit, row);
    if (!(d < Infinity)) {
      setInt(lostSlot, lost, int(slot, row));
      setReal(lostValue, lost, d);
      lost++;
      continue;
    }
    if (d < TINY) d = 0;
    setReal(nextScale, n, d);
    setReal(residual, n, variance);
    setInt(keep, n, row);
    n++;
  }
  for (let i = 0; i < n; i++) {
    const row = int(keep, i);
    const variance = real(residual, i);
    const dead = real(nextScale, i) == 0;
    for (let j = 0; j <= i; j++) {
      const c = dead || real(nextScale, j) == 0
        ? 0
        : covariance(row, int(keep, j)) / Math.sqrt(variance * real(residual, j));
      store<f64>(entry(correlation, i, j), c);
      store<f64>(entry(correlation, j, i), c);
    }
  }
  const limit = biasVariance > 0 ? width + 1 : width;
  rank = n == 0 ? 0 : cholesky(
    correlation, lower, residual, order, n, stride, min(n, limit), n <= FEW ? EXHAUSTED : NOISE,
  );
  memory.fill(factor, 0, <usize>(((n + 3) & ~3) * rank) << 2);
  for (let i = 0; i < n; i++) {
    const row = int(order, i);
    const end = min(i + 1, rank);
    for (let k = 0; k < end; k++) setFactor(i, k, <f32>real(entry(lower, row, 0), k));
    setInt(nextSlot, i, int(slot, int(keep, row)));
    setReal(scale, i, real(nextScale, row));
  }
  memory.copy(slot, nextSlot, <usize>n << 2);
  alive = n;
}

/** Opens a network from the generator's state: draws its inputs and leaves their energies (or, paired, their Gram matrix). */
export function open(): void {
  alive = reuse;
  rank = reuse;
  lost = 0;
  layer = 0;
  memory.copy(saved, generator, STATE_BYTES);
  memory.fill(factor, 0, <usize>(((alive + 3) & ~3) * rank) << 2);
  for (let i = 0; i < alive; i++) {
    setFactor(i, i, 1);
    setInt(slot, i, i);
    setReal(scale, i, inputStrength);
  }
  panels(false);
  for (let i = 0; i < alive; i++) setFactor(i, i, <f32>(1 / Math.sqrt(real(energy, i) / <f64>width)));
}

/** Mean product of the raw inputs i ≥ j of an opened network (off the diagonal only where paired). */
export function inputOverlap(i: i32, j: i32): f64 {
  return (i == j ? real(energy, i) : overlap) / <f64>width;
}

/** Makes input i the sum of the raw inputs with these coefficients (lower triangular), before `ignite`. */
export function mixInput(i: i32, k: i32, coefficient: f64): void {
  setFactor(i, k, <f32>coefficient);
}

/** Sends the inputs of an opened network into it. */
export function ignite(): void {
  memory.copy(generator, saved, STATE_BYTES);
  panels(true);
  for (let i = 0; i < alive; i++) setInt(keep, i, i);
  factorise(alive);
}

/** Energies by slot, and the correlation where both rows still have one. */
function recordPair(): void {
  const p = pairs + <usize>(rowCount() >> 1) * 24;
  for (let i = 0; i < alive; i++) {
    const d = real(scale, i);
    setReal(p, int(slot, i), d * d * (real(energy, i) / <f64>width));
  }
  for (let i = 0; i < lost; i++) setReal(p, int(lostSlot, i), real(lostValue, i) * real(lostValue, i));
  setReal(p, 2, alive == 2 ? overlap / Math.sqrt(real(energy, 0) * real(energy, 1)) : NaN);
}

/** Goes on until the rows are full, the depth is reached or every perturbation has been retired. @returns rows written */
export function advance(): i32 {
  clearRows();
  while (layer < depth && alive + lost > 0 && rowCount() + alive + lost <= capacity) {
    layer++;
    const last = layer == depth;
    if (alive > 0) panels(!last || postActivation);
    if (paired) recordPair();
    const floor = floorMode == 2 ? load<f32>(floors + (<usize>layer << 2)) : floorConstant;
    let kept = 0;
    for (let i = 0; i < alive; i++) {
      const s = postActivation
        ? Math.sqrt(real(entry(gramMatrix, i, i), 0) / <f64>width) * real(unit, i)
        : Math.sqrt(real(energy, i) / <f64>width) * real(scale, i);
      const value = record(int(slot, i), layer, s);
      if (floorMode == 0 || (value >= floor && value < Infinity)) setInt(keep, kept++, i);
    }
    for (let i = 0; i < lost; i++) record(int(lostSlot, i), layer, real(lostValue, i));
    if (floorMode != 0) lost = 0;
    if (last) alive = kept;
    else factorise(kept);
  }
  return rowCount();
}

/** True once nothing is left to propagate in the open network. */
export function finished(): bool {
  return layer == depth || alive + lost == 0;
}
