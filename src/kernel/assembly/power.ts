/** x to the y by musl's algorithm, within 0.52 units in the last place. */
export function power(x: f64, y: f64): f64 {
  return NativeMath.pow(x, y);
}
