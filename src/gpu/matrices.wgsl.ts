import { normalsSource } from './normals.wgsl.ts';
import { randomSource } from './random.wgsl.ts';

/** How matrices are drawn, as the manifest has it: runs under another name are other runs. */
export const MATRICES = 'weights by rows';

/** Quads of a row that one invocation draws: a key takes as many instructions as two of them. */
export const QUADS = 8;

/** Words of the parameters of `matricesSource`, all u32: those of a row that are there, those before it, and what they are numbered by. */
export const PARAMETERS = ['rows', 'columns', 'layer', 'first'] as const;

/**
 * Normals in WGSL: matrices N(0, σ²), one for each of the keys, each with a σ of its own. A row has a key as a layer of the annealed chain has, four
 * columns a quad, so a number depends on key, layer, row and column only. What fills a matrix up is zero. Rows of a tensor are numbered from `first`
 * on: weights come first, biases are the row after them.
 *
 * Takes four columns at once from `result`, `keys`, `deviations` and `uniforms`, in which `outShape` is (matrices, rows, columns) with columns divisible by
 * 4·QUADS.
 */
export const matricesSource = /* wgsl */ `
${randomSource}
${normalsSource}
fn draw(index: u32) {
  let quads = u32(uniforms.outShape.z) / 4u;
  let stride = quads / ${QUADS}u;
  let line = index / stride;
  let rows = u32(uniforms.outShape.y);
  let matrix = line / rows;
  if (matrix >= u32(uniforms.outShape.x)) { return; }
  let row = line % rows;
  var quad = index % stride;
  let key = hashed_row(bitcast<vec4u>(keys[matrix]), uniforms.layer, uniforms.first + row);
  let deviation = deviations[matrix];
  for (var i = 0u; i < ${QUADS}u; i++) {
    let there = select(0u, uniforms.columns, row < uniforms.rows);
    let z = deviation * normals(words(key.x + quad, key));
    result[line * quads + quad] = select(vec4f(0.0), z, 4u * quad + vec4u(0u, 1u, 2u, 3u) < vec4u(there));
    quad += stride;
  }
}
`;
