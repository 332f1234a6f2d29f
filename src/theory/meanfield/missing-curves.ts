import type { ActivationFunction } from './activation-function.ts';
import type { CurveName, CurvePoint } from './curves.ts';
import { fixedPoint } from './fixed-point.ts';
import { momentsOf } from './moments.ts';

const names: Readonly<Record<CurveName, string>> = {
  'edge-of-chaos': 'edge of chaos',
  'widom-weight-variance': 'Widom-like line of ∂s/∂σw²',
  'widom-weight-deviation': 'Widom-like line of ∂s/∂σw',
};

const digits = (value: number): string => String(Number(value.toPrecision(6)));

/** Why a curve of the phase diagram doesn't cross a line of constant σb². */
function reason(activation: ActivationFunction, curve: CurveName, biasVariance: number): string {
  const moments = momentsOf(activation);
  const { shape, saturating } = moments;
  const isEdge = curve === 'edge-of-chaos';
  if (shape.slopes !== undefined && !isEdge)
    return 'its length map is a straight line, and the susceptibility rises until it diverges';
  if (shape.silent && biasVariance === 0) {
    if (!(shape.gain > 0)) return 'small signals die out at any σw²';
    const reached = fixedPoint(moments, 1 / shape.gain, 0);
    const far = Number.isFinite(reached) ? `at once to q* = ${digits(reached)}` : 'without bound';
    return `small signals begin to grow at σw² = ${digits(1 / shape.gain)}, ${far}: there is no critical point`;
  }
  if (isEdge) return 'χ₁ is 1 at no fixed point that small signals go to';
  const where = saturating ? 'at any σw² above 0' : 'among the σw² at which small signals come to a fixed point';
  return `the susceptibility has no maximum ${where}`;
}

/**
 * What phase curves leave out, and why, in sentences.
 * @param found as of `phaseCurves` at the same σb²
 */
export function missingCurves(
  activation: ActivationFunction,
  biasVariances: readonly number[],
  found: readonly CurvePoint[],
): string[] {
  return (Object.keys(names) as CurveName[]).flatMap((curve) => {
    const there = new Set(found.filter((one) => one.curve === curve).map((one) => one.biasVariance));
    const byReason = new Map<string, number[]>();
    for (const bias of new Set(biasVariances)) {
      if (there.has(bias)) continue;
      const why = reason(activation, curve, bias);
      byReason.set(why, [...(byReason.get(why) ?? []), bias]);
    }
    return [...byReason].map(([why, at]) => {
      const few = at.length <= 6;
      const values = few ? at.join(', ') : `${Math.min(...at)} … ${Math.max(...at)} (${at.length} values)`;
      return `${activation.name} has no ${names[curve]} at σb² = ${values}: ${why}`;
    });
  });
}
