import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * A special function of stdlib, loaded when it is first called: each is some fifty small CommonJS modules, which took a third of a run's
 * start and are needed at its end.
 */
function special(name: string): (x: number) => number {
  let loaded: ((x: number) => number) | undefined;
  return (x) => {
    loaded ??= require(`@stdlib/math-base-special-${name}`) as (x: number) => number;
    return loaded(x);
  };
}

export const erf = special('erf');
export const erfc = special('erfc');
/** exp(x²)·erfc(x). */
export const erfcx = special('erfcx');
/** ln|Γ(x)|. */
export const gammaln = special('gammaln');

let incompleteGamma: typeof import('@stdlib/math-base-special-gammainc') | undefined;

/** Incomplete gamma function of order a at x: the lower one divided by Γ(a), unless told otherwise. */
export function gammainc(x: number, a: number, regularized = true, upper = false): number {
  incompleteGamma ??= require('@stdlib/math-base-special-gammainc') as typeof incompleteGamma & {};
  return incompleteGamma(x, a, regularized, upper);
}
