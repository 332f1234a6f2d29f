/** Words of the uniform block. */
export const PARAMETER_WORDS = 28;

/** The uniform block in WGSL, as `parameters.ts` fills it. */
export const parametersSource = /* wgsl */ `
struct Params {
  prefix: vec4u,
  width: u32, depth: u32, layers: u32, stride: u32,
  first: u32, count: u32, floor_mode: u32, excess: u32,
  scale: vec2f, inverse: vec2f,
  drive_m: f32, drive_e: i32, bias_m: f32, bias_e: i32,
  argument: f32, leaves_out: u32, steady: u32, again: u32,
  points: u32, zero: u32, keeps: u32, unused: u32,
}
`;
