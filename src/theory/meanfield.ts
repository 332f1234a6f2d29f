/**
 * Mean-field theory of wide random networks (N → ∞): fixed points, susceptibilities and depth scales at a point, curves of the
 * phase diagram, layer-wise recursions. Sources: Schoenholz et al., arXiv:1611.01232; Ghavasieh et al., arXiv:2509.22649.
 */
export type { ActivationFunction } from './meanfield/activation-function.ts';
export {
  type CurvePoint,
  curveBiasVariances,
  edgeOfChaos,
  phaseCurves,
  widomLine,
} from './meanfield/curves.ts';
export { missingCurves } from './meanfield/missing-curves.ts';
export { type MeanFieldPoint, meanFieldPoint } from './meanfield/point.ts';
export {
  correlationRecursion,
  lengthRecursion,
} from './meanfield/recursion.ts';
export { meanFieldRow, meanFieldSweep, phaseCurveRow } from './meanfield/sweep.ts';
