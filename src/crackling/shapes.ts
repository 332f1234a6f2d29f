import type { AsymmetryRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import { pointOf } from './ensemble-row.ts';
import { type Further, names } from './further.ts';

/** Rows of the `asymmetry` table: how the mean shape leans, by duration, with jackknife errors over networks. */
export function asymmetryRows({ ensemble, asymmetry: found, further }: Further): AsymmetryRow[] {
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([group, { duration, count, asymmetry, skewness }]) => ({
      ...pointOf(ensemble),
      duration,
      count,
      asymmetry,
      asymmetry_error: orNull(further.standardError[names.asymmetry(group)]),
      skewness,
      skewness_error: orNull(further.standardError[names.skewness(group)]),
    }));
}
