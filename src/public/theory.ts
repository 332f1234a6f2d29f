/**
 * Theory: mean field of wide networks, universality classes.
 *
 * ```ts
 * import { activation, edgeOfChaos } from 'crackle';
 *
 * console.log(edgeOfChaos(activation('tanh'), 0)?.weightVariance.toFixed(3)); // 1.000
 * ```
 */

export type { CurveName } from '../theory/meanfield/curves.ts';
export type { Variances } from '../theory/meanfield/recursion.ts';
export {
  type ActivationFunction,
  type CurvePoint,
  edgeOfChaos,
  lengthRecursion,
  type MeanFieldPoint,
  meanFieldPoint,
  phaseCurves,
  widomLine,
} from '../theory/meanfield.ts';
export { type Basis as ExponentBasis, type UniversalityClass, universalityClasses } from '../theory/universality.ts';
