/**
 * Residual variance, of 1, below which a row counts as a combination of earlier ones: float32 leaves that much of products and of sums over
 * neurons. Perturbations whose correlation exceeds 1 less half of it go on as one.
 */
const NOISE = 1e-6;
/** NOISE as the bits that pivots are compared by. */
const noiseBits = new Uint32Array(Float32Array.of(NOISE).buffer)[0]!;

/**
 * The factor of the next layer in WGSL: \`factorise(count, lane, at)\` takes the Gram matrix of the rows in \`keep\` to factor, strengths and order.
 * Cholesky with complete pivoting of the correlation matrix, a column of L at a time, each row by a lane; cut off where what is left is noise. Rows that
 * are equal get equal rows of L: pivot and all others are divided alike.
 */
export const choleskySource = (lanes: number): string => /* wgsl */ `
/** Covariance of rows i and j of the next layer, in their units. */
fn covariance(i: u32, j: u32, at: Places) -> f32 {
  return fma(bias[i], bias[j], scaled(product_of(i, j, at), params.scale));
}
fn correlation(i: u32, j: u32, at: Places) -> f32 {
  return covariance(keep[i], keep[j], at) * (gain[i] * gain[j]);
}

fn factorise(count: u32, lane: u32, at: Places) {
  for (var i = lane; i < count; i += ${lanes}u) {
    let row = keep[i];
    let variance = covariance(row, row, at);
    let slot = order[row];
    // What is below has no row: it is 0 from here on.
    let there = variance > 1e-36;
    gain[i] = select(0.0, inverseSqrt(max(variance, 1e-36)), there);
    let root = sqrt(variance);
    let power = i32((bitcast<u32>(root) >> 23u) & 255u) - 127;
    let unit = row_of(slot, at).u;
    states[at.state + MANTISSAS + slot] = select(0u, bitcast<u32>(root * power_of_two(-power)), there);
    states[at.state + EXPONENTS + slot] = select(0u, bitcast<u32>(power + unit), there);
    place[i] = NONE;
    spare[i] = f32(there);
  }
  if (lane == 0u) { atomicStore(&best[0], 0u); atomicStore(&best[1], 0u); }
  workgroupBarrier();
  let limit = min(count, params.width + select(0u, 1u, params.bias_m != 0.0));
  var rank = 0u;
  for (var k = 0u; k < count; k++) {
    for (var i = lane; i < count; i += ${lanes}u) {
      // As bits: what is negative, or no number, is no pivot, -0 and NaN included, of which max() may give either.
      let left = bitcast<u32>(spare[i]);
      if (place[i] == NONE) { atomicMax(&best[k & 1u], (select(0u, left, left < 0x7f800000u) & ~255u) | (255u - i)); }
    }
    storageBarrier();
    workgroupBarrier();
    let top = atomicLoad(&best[k & 1u]);
    let goes_on = rank == k && k < limit && (top & ~255u) > ${noiseBits}u;
    let p = 255u - (top & 255u);
    // The pivot and what is left of the others beside it, by the same sum.
    if (goes_on) {
      rank++;
      for (var i = lane; i < count; i += ${lanes}u) {
        if (place[i] != NONE) { continue; }
        var rest = correlation(i, p, at);
        for (var j = 0u; j < k; j++) { rest = fma(-lower[at.lower + j * COLUMNS + i], lower[at.lower + j * COLUMNS + p], rest); }
        lower[at.lower + k * COLUMNS + i] = rest;
        if (i == p) { pivot = max(rest, ${NOISE / 2}); }
      }
    }
    if (lane == 0u) { atomicStore(&best[(k + 1u) & 1u], 0u); }
    workgroupBarrier();
    if (goes_on) {
      let by = inverseSqrt(pivot);
      for (var i = lane; i < count; i += ${lanes}u) {
        let entry = at.lower + k * COLUMNS + i;
        if (place[i] != NONE) { lower[entry] = 0.0; continue; }
        let l = lower[entry] * by;
        lower[entry] = l;
        spare[i] -= l * l;
        if (i == p) { place[i] = k; }
      }
    }
  }
  workgroupBarrier();
  // Rows without a pivot come last.
  for (var i = lane; i < count; i += ${lanes}u) {
    var to = place[i];
    if (to == NONE) {
      to = rank;
      for (var j = 0u; j < i; j++) { to += u32(place[j] >= rank); }
    }
    states[at.state + ORDER + to] = order[keep[i]];
    states[at.state + TURNS + to] = i;
  }
  storageBarrier();
  workgroupBarrier();
  for (var i = lane; i < count; i += ${lanes}u) {
    order[i] = states[at.state + ORDER + i];
    keep[i] = states[at.state + TURNS + i];
  }
  workgroupBarrier();
  // Columns up to four are there for \`few\`, blocks up to the last row.
  let columns = max(4u, rank);
  for (var task = lane; task < (count + 3u) / 4u * columns; task += ${lanes}u) {
    let block = task / columns;
    let k = task % columns;
    var f = vec4f(0.0);
    for (var r = 0u; r < 4u; r++) {
      if (k < rank && 4u * block + r < count) { f[r] = lower[at.lower + k * COLUMNS + keep[4u * block + r]]; }
    }
    factors[at.factor + block * COLUMNS + k] = f;
  }
  if (lane == 0u) { alive = count; ranked = rank; }
}
`;
