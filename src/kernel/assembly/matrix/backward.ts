/** d ← d·(1 − x²): the derivative of tanh by its value x; `count` floats, room for a multiple of 4. */
export function backTanh(d: usize, x: usize, count: i32): void {
  const one = f32x4.splat(1);
  for (let i: usize = 0; i < <usize>count << 2; i += 16) {
    const v = v128.load(x + i);
    v128.store(d + i, f32x4.mul(v128.load(d + i), f32x4.sub(one, f32x4.mul(v, v))));
  }
}

/** out ← out + the sum of the m rows of n floats. */
export function addColumns(x: usize, out: usize, m: i32, n: i32): void {
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let at = x + (<usize>j << 2);
    let sum = f32x4.splat(0);
    for (let r = 0; r < m; r++) {
      sum = f32x4.add(sum, v128.load(at));
      at += <usize>n << 2;
    }
    const to = out + (<usize>j << 2);
    v128.store(to, f32x4.add(v128.load(to), sum));
  }
  for (; j < n; j++) {
    let sum: f32 = 0;
    for (let r = 0; r < m; r++) sum += load<f32>(x + (<usize>(r * n + j) << 2));
    store<f32>(out + (<usize>j << 2), load<f32>(out + (<usize>j << 2)) + sum);
  }
}
