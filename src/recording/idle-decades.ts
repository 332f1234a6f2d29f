import { ParameterError } from '../error.ts';
import type { AvalancheOptions, ColumnOptions, TraceOptions } from './parameters.ts';

/**
 * Refuses `decades` where no window is found that it could be the least width of.
 * @throws ParameterError that says what would have one found
 */
export function refuseIdleDecades(
  { decades }: ColumnOptions | AvalancheOptions | TraceOptions,
  isFound: boolean,
  remedy: string,
): void {
  if (decades === undefined || isFound) return;
  throw new ParameterError(
    `decades is the least width of a window whose two cutoffs are found, and here none is; ${remedy}, or leave decades out`,
  );
}

/** {@link refuseIdleDecades} for avalanches: windows of durations are found, and by the rule `smallest-ks` also those of sizes. */
export function refuseIdleDecadesOfAvalanches(options: AvalancheOptions | TraceOptions): void {
  const { window, durationMin = 'auto', durationMax = 'auto', sizeMin = 'auto', sizeMax = 'auto' } = options;
  const open = (min: unknown, max: unknown): boolean => min === 'auto' || max === 'auto';
  const isFound =
    window !== 'given' && (open(durationMin, durationMax) || (window === 'smallest-ks' && open(sizeMin, sizeMax)));
  const remedy = window === 'given' ? 'choose window widest or smallest-ks' : 'leave a cutoff of durations auto';
  refuseIdleDecades(options, isFound, remedy);
}
