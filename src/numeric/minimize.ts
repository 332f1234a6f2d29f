/** Where a function of one variable is smallest, and how small. */
export interface Minimum {
  readonly x: number;
  readonly value: number;
}

const GOLDEN = (3 - Math.sqrt(5)) / 2;

/**
 * A local minimum of f on [a, b] by Brent's method (Algorithms for Minimization without Derivatives, 1973, chapter 5):
 * parabolas guarded by golden sections.
 * @param tolerance relative accuracy of x; below ~1e-8 it buys nothing, a minimum being flat
 */
export function minimize(f: (x: number) => number, a: number, b: number, tolerance = 1e-9): Minimum {
  let low = a;
  let high = b;
  let x = low + GOLDEN * (high - low);
  let [w, v] = [x, x];
  let fx = f(x);
  let [fw, fv] = [fx, fx];
  let step = 0;
  let last = 0;
  for (let round = 0; round < 200; round++) {
    const middle = (low + high) / 2;
    const width = tolerance * Math.abs(x) + 1e-14;
    if (Math.abs(x - middle) <= 2 * width - (high - low) / 2) break;
    let golden = true;
    if (Math.abs(last) > width) {
      const r = (x - w) * (fx - fv);
      let q = (x - v) * (fx - fw);
      let p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      q = Math.abs(q);
      const before = last;
      last = step;
      if (Math.abs(p) < Math.abs((q * before) / 2) && p > q * (low - x) && p < q * (high - x)) {
        step = p / q;
        const u = x + step;
        if (u - low < 2 * width || high - u < 2 * width) step = x < middle ? width : -width;
        golden = false;
      }
    }
    if (golden) {
      last = x < middle ? high - x : low - x;
      step = GOLDEN * last;
    }
    const u = x + (Math.abs(step) >= width ? step : step > 0 ? width : -width);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) high = x;
      else low = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) low = u;
      else high = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
  return { x, value: fx };
}
