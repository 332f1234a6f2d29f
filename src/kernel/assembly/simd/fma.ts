/** a·b + c on four lanes; fused where the build has relaxed SIMD. */
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Sum of the lanes, in float64. */
@inline
export function laneSum(a: v128): f64 {
  const b = f64x2.add(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(v128.shuffle<i32>(a, a, 2, 3, 2, 3)));
  return f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1);
}
