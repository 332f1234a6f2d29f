/** Neurons of a layer, or twice their squares, where a lane's perturbations are normalised: sums of z² of every row. */
const norms = (lanes: number): string => /* wgsl */ `
fn norms(key: vec4u, lane: u32) {
  let quads = (params.width + 3u) / 4u;
  let parts = max(1u, ${lanes}u / REUSE);
  for (var task = lane; task < parts * REUSE; task += ${lanes}u) {
    let k = task / parts;
    var sum = 0.0;
    for (var q = task % parts; q < quads; q += parts) {
      let z = drawn(key.x + k * quads + q, key, params.width - 4u * q);
      sum += along(z, z);
    }
    panel[task].x = sum;
  }
  workgroupBarrier();
  for (var i = lane; i < REUSE; i += ${lanes}u) {
    var sum = 0.0;
    for (var part = 0u; part < parts; part++) { sum += panel[i * parts + part].x; }
    spare[i] = sum;
  }
  workgroupBarrier();
}
`;

/** Inputs in WGSL: every perturbation's normals in a row of its own, of the drive's strength exactly. */
export const inputsSource = (lanes: number): string => /* wgsl */ `${norms(lanes)}
fn inputs(key: vec4u, lane: u32, at: Places) {
  norms(key, lane);
  for (var task = lane; task < BLOCKS * COLUMNS; task += ${lanes}u) {
    let block = task / COLUMNS;
    let k = task % COLUMNS;
    var f = vec4f(0.0);
    if (k / 4u == block && k < REUSE) { f[k % 4u] = inverseSqrt(max(spare[k] * params.inverse.x, 1e-30)); }
    factors[at.factor + task] = f;
  }
  for (var i = lane; i < REUSE; i += ${lanes}u) {
    order[i] = i;
    states[at.state + MANTISSAS + i] = bitcast<u32>(params.drive_m);
    states[at.state + EXPONENTS + i] = bitcast<u32>(params.drive_e);
  }
}
`;
