import { attempt } from '../error.ts';
import { selected } from '../fit/jackknife.ts';
import { cutoffExponent, momentOrders, type WidthMoments } from '../fit/moment-scaling.ts';
import type { CutoffExponentRow, MomentScalingRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import { type Further, names } from './further.ts';
import type { CracklingValues } from './parameters.ts';

const observables = ['duration', 'size', 'driven_size'] as const;
type ObservableName = (typeof observables)[number];

/** Moments of durations and sizes of one width. */
function momentsOf(
  { ensemble, further }: Further,
  size: CracklingValues['size'],
): Record<ObservableName, WidthMoments> {
  const { width, inputStrength } = ensemble;
  const at = (name: 'duration' | 'size'): WidthMoments => {
    const own = momentOrders.map((q) => names.logMoment(name, q));
    const { covariance, estimate } = selected(further, own);
    return { width, logMoments: own.map((one) => estimate[one]!), covariance };
  };
  const sizes = at('size');
  // Where sizes begin: a layer's excess is a fluctuation, N·s0/√(2N); from zero it is the drive, N·s0.
  const unit = Math.log((size === 'excess' ? Math.sqrt(width) : width) * inputStrength);
  return {
    duration: at('duration'),
    size: sizes,
    driven_size: { ...sizes, logMoments: sizes.logMoments.map((value, k) => value - momentOrders[k]! * unit) },
  };
}

interface CutoffTables {
  readonly moment_scaling: readonly MomentScalingRow[];
  readonly cutoff_exponent: readonly CutoffExponentRow[];
}

/** Rows of the tables `moment_scaling` and `cutoff_exponent`; none with fewer than three widths. */
export function cutoffTables(analysed: readonly Further[], { size }: Pick<CracklingValues, 'size'>): CutoffTables {
  const none: CutoffTables = { moment_scaling: [], cutoff_exponent: [] };
  if (new Set(analysed.map(({ ensemble }) => ensemble.width)).size < 3) return none;
  const moments = analysed.map((one) => momentsOf(one, size));
  return observables.reduce<CutoffTables>((tables, observable) => {
    const found = attempt(() => cutoffExponent(moments.map((one) => one[observable])));
    if (found === undefined || !Number.isFinite(found.cutoff)) return tables;
    const rows = found.moments.map(({ order, sigma, sigmaError, chiSquare, degreesOfFreedom }) => ({
      observable,
      moment: order,
      sigma,
      sigma_error: orNull(sigmaError),
      chi_square: orNull(chiSquare),
      degrees_of_freedom: degreesOfFreedom,
    }));
    const row = {
      observable,
      cutoff: found.cutoff,
      cutoff_error: orNull(found.cutoffError),
      exponent: observable === 'size' ? null : orNull(found.exponent),
      exponent_error: observable === 'size' ? null : orNull(found.exponentError),
      order_min: momentOrders[0]!,
      order_max: momentOrders.at(-1)!,
    };
    return {
      moment_scaling: [...tables.moment_scaling, ...rows],
      cutoff_exponent: [...tables.cutoff_exponent, row],
    };
  }, none);
}
