import { ParameterError } from '../error.ts';
import { criticalVariance } from '../network/critical-point.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { gaussianEnsembles, gaussianParameters } from '../network/gaussian.ts';
import { auto, choice, distinct, flag, idleWhere, integer, list, real, type ValuesOf } from '../parameter.ts';
import { effectiveEngineParameters } from '../propagation/parameters.ts';
import { cracklingParameters } from './parameters.ts';
import { spectrumParameters } from './spectra.ts';

const { weightVariance: _, ...networks } = gaussianParameters;

const unscanned = ({ scanValid }: Readonly<Record<string, unknown>>): string | undefined =>
  scanValid === 0 ? 'without the scan, which scan-valid 0 leaves out' : undefined;

/** Parameters of a finite-size study: widths, the scan for the correction δ(N), how many avalanches, and those of the analysis. */
export const finiteSizeParameters = {
  ...networks,
  widths: list('neurons per layer N', [100, 200, 300, 400, 500], integer('', 128, 2, 2 ** 31 - 1)),
  depth: auto(integer('layers L (auto: 8·N, so that all widths are cut off at the same D/N)', 1000, 1, 2 ** 31 - 2)),
  ...effectiveEngineParameters,
  valid: auto(integer('valid avalanches a width (auto: 400,000, or 4,000,000 with full)', 400_000)),
  full: idleWhere(flag('the full setting, 4,000,000 valid avalanches a width', false), ({ valid }) =>
    typeof valid === 'number' ? `where valid is given, ${valid}` : undefined,
  ),
  scan: idleWhere(
    list(
      'corrections x in σw² = critical·(1 + x·c/N) that are scanned for the straightest distributions; tanh: σw² = 1 + x/N',
      [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5],
      real('', 1),
    ),
    unscanned,
  ),
  scanValid: integer('valid avalanches a width and correction of the scan; 0 leaves the scan out', 50_000, 0),
  straightest: idleWhere(
    choice('which distribution must be straightest', 'duration', ['duration', 'size']),
    ({ corrections, ...values }) => (Array.isArray(corrections) ? 'where corrections are given' : unscanned(values)),
  ),
  straightFrom: idleWhere(
    integer('smallest duration D of a line; for sizes the mean size of such avalanches', 10),
    unscanned,
  ),
  corrections: auto(
    list('corrections x of the widths, one for all or one each (auto: found by the scan; 1 without)', [1], real('', 1)),
  ),
  ...cracklingParameters,
  ...spectrumParameters,
};

/** Values of {@link finiteSizeParameters}. */
export type FiniteSizeValues = ValuesOf<typeof finiteSizeParameters>;

/** The ensembles of a finite-size study: those of the scan first, a width after the other, then one a width. */
export interface FiniteSizeEnsembles {
  readonly scan: readonly Ensemble[];
  /** None as long as the corrections are to be found. */
  readonly main: readonly Ensemble[];
}

/** @throws ParameterError for corrections that don't go with the widths or the scan */
export function finiteSizeEnsembles(values: FiniteSizeValues): FiniteSizeEnsembles {
  const { widths, scanValid } = values;
  const offsets = [...new Set(values.scan)].sort((a, b) => a - b);
  if (scanValid > 0 && offsets.length < 3) {
    throw new ParameterError(`scan must hold at least 3 different corrections, got ${offsets.length}`);
  }
  const corrections = values.corrections ?? (scanValid > 0 ? [] : [1]);
  if (corrections.length > 1 && corrections.length !== widths.length) {
    throw new ParameterError(
      `corrections must be one or as many as there are widths (${widths.length}), got ${corrections.length}`,
    );
  }
  // One width each, so that every width has a depth of its own.
  const at = (width: number, scaled: number): Ensemble => {
    const depth = values.depth ?? 8 * width;
    const weightVariance = criticalVariance(values.activation, width, scaled);
    const [ensemble] = gaussianEnsembles({ ...values, widths: [width], depth, weightVariance });
    return ensemble!;
  };
  distinct('widths', widths);
  const scan = scanValid > 0 ? widths.flatMap((width) => offsets.map((scaled) => at(width, scaled))) : [];
  const main = corrections.length === 0 ? [] : widths.map((width, i) => at(width, corrections[i] ?? corrections[0]!));
  return {
    scan: scan.map((ensemble, index) => ({ ...ensemble, index })),
    main: main.map((ensemble, i) => ({ ...ensemble, index: scan.length + i })),
  };
}
