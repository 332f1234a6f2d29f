/** Sum of squares of a row of float32; `count` a multiple of 8. */
export function squares(x: usize, count: i32): f64 {
  let a = f32x4.splat(0), b = f32x4.splat(0);
  const end = x + (<usize>count << 2);
  for (let p = x; p < end; p += 32) {
    const u = v128.load(p);
    const v = v128.load(p, 16);
    a = f32x4.add(a, f32x4.mul(u, u));
    b = f32x4.add(b, f32x4.mul(v, v));
  }
  a = f32x4.add(a, b);
  return <f64>f32x4.extract_lane(a, 0) + <f64>f32x4.extract_lane(a, 1) +
    <f64>f32x4.extract_lane(a, 2) + <f64>f32x4.extract_lane(a, 3);
}
