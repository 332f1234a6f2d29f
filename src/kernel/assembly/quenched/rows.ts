import { setInt } from './words';

let slots: usize = 0;
let layers: usize = 0;
let strengths: usize = 0;
let count: i32 = 0;

/** Where rows are written: place in the network, layer, strength. */
export function placeRows(slots_: usize, layers_: usize, strengths_: usize): void {
  slots = slots_;
  layers = layers_;
  strengths = strengths_;
}

export function clearRows(): void {
  count = 0;
}

export function rowCount(): i32 {
  return count;
}

/** Writes a row. @returns the strength as it was written */
export function record(slot: i32, layer: i32, strength: f64): f32 {
  const value = <f32>strength;
  setInt(slots, count, slot);
  setInt(layers, count, layer);
  store<f32>(strengths + (<usize>count << 2), value);
  count++;
  return value;
}
