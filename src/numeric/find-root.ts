/**
 * A zero of a continuous function between a and b, by Brent's method (R. P. Brent, Algorithms for Minimization without
 * Derivatives, 1973, chapter 4): inverse quadratic interpolation and secant steps, never slower than bisection by more than a factor.
 * @param f function whose values at a and b differ in sign (or vanish)
 * @param tolerance absolute width of the final bracket; the default 0 asks for full double precision
 * @returns x with a sign change of f within tolerance + 4·2⁻⁵²·|x|
 * @throws RangeError where f(a) and f(b) have the same sign or are not numbers
 */
export function findRoot(f: (x: number) => number, a: number, b: number, tolerance = 0): number {
  let previous = a;
  let best = b;
  let fPrevious = f(a);
  let fBest = f(b);
  if (fPrevious === 0) return a;
  if (fBest === 0) return b;
  if (!(fPrevious < 0 !== fBest < 0) || Number.isNaN(fPrevious + fBest)) {
    throw new RangeError(`findRoot needs a change of sign, got f(${a}) = ${fPrevious} and f(${b}) = ${fBest}`);
  }
  let opposite = previous;
  let fOpposite = fPrevious;
  let step = best - previous;
  let lastStep = step;
  for (;;) {
    if (Math.abs(fOpposite) < Math.abs(fBest)) {
      previous = best;
      fPrevious = fBest;
      best = opposite;
      fBest = fOpposite;
      opposite = previous;
      fOpposite = fPrevious;
    }
    const width = 2 * Number.EPSILON * Math.abs(best) + tolerance / 2;
    const half = (opposite - best) / 2;
    if (Math.abs(half) <= width || fBest === 0 || best + half === best || best + half === opposite) return best;
    if (Math.abs(lastStep) < width || Math.abs(fPrevious) <= Math.abs(fBest)) {
      step = half;
      lastStep = half;
    } else {
      const s = fBest / fPrevious;
      let p: number;
      let q: number;
      if (previous === opposite) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const r = fBest / fOpposite;
        const t = fPrevious / fOpposite;
        p = s * (2 * half * t * (t - r) - (best - previous) * (r - 1));
        q = (t - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      if (2 * p < Math.min(3 * half * q - Math.abs(width * q), Math.abs(lastStep * q))) {
        lastStep = step;
        step = p / q;
      } else {
        step = half;
        lastStep = half;
      }
    }
    previous = best;
    fPrevious = fBest;
    best += Math.abs(step) > width ? step : half > 0 ? width : -width;
    fBest = f(best);
    if (fBest < 0 === fOpposite < 0) {
      opposite = previous;
      fOpposite = fPrevious;
      step = best - previous;
      lastStep = step;
    }
  }
}
