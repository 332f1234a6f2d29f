/** Sums in WGSL that keep what float32 loses; `params.zero` is 0, of which no compiler knows. */
export const twoSumSource = /* wgsl */ `
/** x, of which no compiler knows that it is x: Metal and Direct3D add and subtract in any order, as if nothing were lost. */
fn rounded(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ params.zero); }

/** a + b and what the sum lost (Knuth's two-sum). */
fn added(a: vec2f, b: f32) -> vec2f {
  let s = rounded(a.x + b);
  let t = rounded(s - a.x);
  let r = rounded(s - t);
  return vec2f(s, a.y + rounded(rounded(a.x - r) + rounded(b - t)));
}
`;
