import { erfc, erfcx, gammainc } from './special.ts';

/** ln(1 − eˣ) for x ≤ 0, by whichever of expm1 and log1p keeps the digits (Mächler 2012). */
export function log1mexp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** ln erfcx(w) = w² + ln erfc(w), finite for every w: the log of a Gaussian tail never underflows. */
export function logErfcx(w: number): number {
  return w < -5 ? w * w + Math.log(erfc(w)) : Math.log(erfcx(w));
}

/** P(|Z| ≥ z) of a standard Gaussian, by erfc: small p-values don't round to 0 before 1e−308. */
export function twoSidedP(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2);
}

/** P(χ² ≥ x) with k degrees of freedom. */
export function chiSquareSurvival(x: number, k: number): number {
  if (x <= 0) return 1;
  return k === 1 ? erfc(Math.sqrt(x / 2)) : gammainc(x / 2, k / 2, true, true);
}
