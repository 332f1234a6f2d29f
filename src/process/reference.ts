import { fitSizes } from '../crackling/grouped-sizes.ts';
import type { Analysed } from '../crackling/tables.ts';
import { attempt } from '../error.ts';
import { fitBounded } from '../fit/fit-power-law.ts';
import type { Control } from './controls.ts';
import { durationSample } from './law/exact-law.ts';
import type { KnownExponentsValues } from './parameters.ts';
import type { ScalingWindow } from './scaling-window.ts';

/** What fits of exact laws find; an exponent whose law isn't known is undefined. */
export interface Reference {
  readonly tau?: number | undefined;
  readonly alpha?: number | undefined;
  readonly gamma?: number | undefined;
}

/**
 * The known values at finite size: what the very fits that are made of the data, in the same windows, find on the exact laws of the process. Exponents
 * are reached slowly (branching with ln D/D, the walk's areas with S^{−1/3}), and a good machine measures that.
 * @param window of durations that the fits were made in
 */
export function referenceOf(
  control: Control,
  one: Analysed,
  window: ScalingWindow,
  values: KnownExponentsValues,
): Reference {
  const parameters = control.ensemble.process!.parameters;
  const law = control.subject.law?.(parameters);
  if (law === undefined) return {};
  const { limits } = law;
  const reached = window.most <= limits.duration;
  const alpha = reached
    ? attempt(() => fitBounded(durationSample(law, window.most), window.least, window.most).exponent)
    : undefined;
  if (control.size === 'signal') return { alpha };
  const { size } = one.exponents;
  const largest = size?.xmax ?? Infinity;
  const tau =
    size === undefined || largest > limits.size
      ? undefined
      : attempt(() => fitBounded(law.sizes(1.02 * largest), size.xmin, largest).exponent);
  const gamma = reached ? attempt(() => exactGamma(law.meanSizes(window.most), one, window, values)) : undefined;
  return { tau, alpha, gamma };
}

/** γ that the scaling fit finds where ⟨S⟩(D) is exact, with the durations that the data have; nothing is known of ⟨ln S⟩. */
function exactGamma(
  exact: Float64Array,
  { statistics }: Analysed,
  { least, most }: ScalingWindow,
  values: KnownExponentsValues,
): number | undefined {
  if (values.scalingOf !== 'ln-mean') return undefined;
  const { scaling } = statistics;
  const meanSize = scaling.meanSize.map((size, i) => exact[Math.round(scaling.duration[i]!)] ?? size);
  const options = { of: values.scalingOf, weights: values.scalingWeights, least, most } as const;
  return fitSizes({ ...scaling, meanSize }, options, values).gamma;
}
