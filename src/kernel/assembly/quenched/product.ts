import { fma } from '../simd/fma';

/**
 * H = F·Z for a factor F whose row i has entries up to column i + 3 (lower triangular up to its blocks of four rows).
 * @param factor F as packed blocks of four rows: [block][column][4], each block with `rank` columns of room
 * @param z Z as packed blocks of eight columns: [block][row < rank][8]
 * @param h out, rows of `width` float32
 * @param rows a multiple of 4
 * @param width a multiple of 8
 */
export function product(factor: usize, z: usize, h: usize, rows: i32, rank: i32, width: i32): void {
  const stride = <usize>width << 2;
  const blockBytes = <usize>rank << 4;
  for (let c = 0; c < width; c += 8) {
    let f = factor;
    let out = h + (<usize>c << 2);
    for (let r = 0; r < rows; r += 4) {
      const depth = min(r + 4, rank);
      let a0 = f32x4.splat(0), a1 = f32x4.splat(0);
      let b0 = f32x4.splat(0), b1 = f32x4.splat(0);
      let c0 = f32x4.splat(0), c1 = f32x4.splat(0);
      let d0 = f32x4.splat(0), d1 = f32x4.splat(0);
      let p = f;
      let q = z;
      for (let k = 0; k < depth; k++) {
        const z0 = v128.load(q);
        const z1 = v128.load(q, 16);
        let l = v128.load32_splat(p);
        a0 = fma(l, z0, a0);
        a1 = fma(l, z1, a1);
        l = v128.load32_splat(p, 4);
        b0 = fma(l, z0, b0);
        b1 = fma(l, z1, b1);
        l = v128.load32_splat(p, 8);
        c0 = fma(l, z0, c0);
        c1 = fma(l, z1, c1);
        l = v128.load32_splat(p, 12);
        d0 = fma(l, z0, d0);
        d1 = fma(l, z1, d1);
        p += 16;
        q += 32;
      }
      v128.store(out, a0);
      v128.store(out, a1, 16);
      v128.store(out + stride, b0);
      v128.store(out + stride, b1, 16);
      v128.store(out + 2 * stride, c0);
      v128.store(out + 2 * stride, c1, 16);
      v128.store(out + 3 * stride, d0);
      v128.store(out + 3 * stride, d1, 16);
      f += blockBytes;
      out += stride << 2;
    }
    z += <usize>rank << 5;
  }
}
