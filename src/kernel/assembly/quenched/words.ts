/** Element access: arrays are pointers. */
@inline
export function real(at: usize, i: i32): f64 {
  return load<f64>(at + (<usize>i << 3));
}
@inline
export function setReal(at: usize, i: i32, value: f64): void {
  store<f64>(at + (<usize>i << 3), value);
}
@inline
export function int(at: usize, i: i32): i32 {
  return load<i32>(at + (<usize>i << 2));
}
@inline
export function setInt(at: usize, i: i32, value: i32): void {
  store<i32>(at + (<usize>i << 2), value);
}
