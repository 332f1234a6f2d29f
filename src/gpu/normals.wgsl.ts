import { UNIT } from './random.wgsl.ts';

/** Standard normal numbers in WGSL, from words of `randomSource`. */
export const normalsSource = /* wgsl */ `
/** Four independent normals. Which of the two of an exponential is the larger is a bit of its own, that of the angle's sign. */
fn normals(w: vec4u) -> vec4f {
  let e = exponentials(w.xy);
  let s = smaller(e, w.zw);
  let c = vec4f(e - s, s);
  let squares = select(c, c.zwxy, (w.zw >> vec2u(31u)).xyxy == vec4u(1u));
  let z = sqrt(${UNIT} * squares);
  return select(-z, z, positive(w.zw));
}
`;
