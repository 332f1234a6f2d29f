import type Erf from '@stdlib/math-base-special-erf';
import type Gammainc from '@stdlib/math-base-special-gammainc';
import { vendorModule } from '../vendor/file.ts';

type Plain = 'erf' | 'erfc' | 'erfcx' | 'gammaln';
type Special = Readonly<Record<Plain, typeof Erf>> & { readonly gammainc: typeof Gammainc };

let loaded: Special | undefined;

/** Special functions of stdlib, loaded when the first one is called: the end of a run needs them. */
function special(): Special {
  loaded ??= vendorModule('special') as Special;
  return loaded;
}

export const erf = (x: number): number => special().erf(x);
export const erfc = (x: number): number => special().erfc(x);
/** exp(x²)·erfc(x). */
export const erfcx = (x: number): number => special().erfcx(x);
/** ln|Γ(x)|. */
export const gammaln = (x: number): number => special().gammaln(x);

/** Incomplete gamma function of order a at x: the lower one divided by Γ(a), unless told otherwise. */
export function gammainc(x: number, a: number, regularized = true, upper = false): number {
  return special().gammainc(x, a, regularized, upper);
}
