/**
 * Packs a block of a row-major matrix into strips of `lanes` (4 or 8) columns of its longer side, [strip][depth][lanes], padded with zeros.
 * @param source first element of the block
 * @param stride elements between rows of the matrix
 * @param across extent of the block over strips
 * @param depth extent along the sum
 * @param alongRows true where the strips' lanes lie in one row of the matrix, false where they lie in one column
 */
export function pack(
  source: usize, stride: i32, across: i32, depth: i32, lanes: i32, alongRows: bool, out: usize,
): void {
  const rowBytes = <usize>stride << 2;
  const laneBytes = <usize>lanes << 2;
  for (let s = 0; s < across; s += lanes) {
    const full = s + lanes <= across;
    if (alongRows) {
      let at = source + (<usize>s << 2);
      if (full && lanes == 8) {
        for (let k = 0; k < depth; k++) {
          v128.store(out, v128.load(at));
          v128.store(out, v128.load(at, 16), 16);
          at += rowBytes;
          out += 32;
        }
      } else if (full) {
        for (let k = 0; k < depth; k++) {
          v128.store(out, v128.load(at));
          at += rowBytes;
          out += 16;
        }
      } else {
        const bytes = <usize>(across - s) << 2;
        for (let k = 0; k < depth; k++) {
          memory.fill(out, 0, laneBytes);
          memory.copy(out, at, bytes);
          at += rowBytes;
          out += laneBytes;
        }
      }
      continue;
    }
    for (let lane = 0; lane < lanes; lane += 4) {
      transpose(source + rowBytes * <usize>(s + lane), rowBytes, across - s - lane, depth, out + (<usize>lane << 2), laneBytes);
    }
    out += laneBytes * <usize>depth;
  }
}

/** Writes up to four rows as four lanes of every step of `out`. */
@inline
function transpose(source: usize, rowBytes: usize, rows: i32, depth: i32, out: usize, step: usize): void {
  let k = 0;
  if (rows >= 4) {
    for (; k + 4 <= depth; k += 4) {
      const at = source + (<usize>k << 2);
      const a = v128.load(at);
      const b = v128.load(at + rowBytes);
      const c = v128.load(at + 2 * rowBytes);
      const d = v128.load(at + 3 * rowBytes);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
      v128.store(out + step, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
      v128.store(out + 2 * step, v128.shuffle<f32>(AB, CD, 0, 1, 4, 5));
      v128.store(out + 3 * step, v128.shuffle<f32>(AB, CD, 2, 3, 6, 7));
      out += 4 * step;
    }
  }
  for (; k < depth; k++) {
    for (let lane = 0; lane < 4; lane++) {
      store<f32>(out + (<usize>lane << 2), lane < rows ? load<f32>(source + rowBytes * <usize>lane + (<usize>k << 2)) : 0);
    }
    out += step;
  }
}
