import { ParameterError } from '../error.ts';
import { activation } from '../network/activation.ts';
import { criticalVariance } from '../network/critical-point.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { gaussianParameters, normOf } from '../network/gaussian.ts';
import { auto, distinct, integer, list, real, type ValuesOf } from '../parameter.ts';
import { effectiveEngineParameters, stopParameters, stopRule } from '../propagation/parameters.ts';
import { countsSummary } from '../report/counts-summary.ts';
import { exponentsSummary } from '../report/exponents-summary.ts';
import { footingSummary } from '../report/footing-summary.ts';
import { randomWalkSummary } from '../report/random-walk-summary.ts';
import { surrogateSummary } from '../report/surrogate-summary.ts';
import { universalitySummary } from '../report/universality-summary.ts';
import { analyse, type Crackling, crackling, cracklingTableNames, tablesOfAnalysed } from './crackling.ts';
import { cracklingParameters } from './parameters.ts';
import { withWalk } from './random-walk.ts';
import { measuredAlone } from './tables.ts';

/** Parameters of a comparison of activations, each at its own critical point. */
export const activationParameters = {
  activations: list(
    'activations φ, one ensemble each',
    ['tanh', 'erf', 'sin', 'hard-tanh', 'linear', 'relu'],
    gaussianParameters.activation,
  ),
  width: integer('neurons per layer N', 256, 2, 2 ** 31 - 1),
  depth: auto(integer('layers L (auto: 8·N)', 1000, 1, 2 ** 31 - 2)),
  correction: real("share x of each activation's own correction c in σw² = critical·(1 + x·c/N)", 1),
  inputNorm: normOf('total norm of a perturbation'),
  reuse: gaussianParameters.reuse,
  windowMin: integer('smallest duration of the window 1 ≪ D ≪ N of the random-walk theory', 10),
  windowMax: auto(integer('largest duration of that window (auto: N/4)', 64)),
  ...effectiveEngineParameters,
  ...stopParameters(300_000),
  ...cracklingParameters,
};

/** Values of {@link activationParameters}. */
export type ActivationValues = ValuesOf<typeof activationParameters>;

/**
 * One ensemble an activation, at σw² = critical·(1 + correction·c/N).
 * @throws ParameterError for an activation that is listed twice or has no critical point
 */
export function activationEnsembles(values: ActivationValues): Ensemble[] {
  const names = values.activations.map((name) => activation(name).name);
  const { width } = values;
  return distinct('activations', names).map((name, index) => {
    return {
      index,
      activation: name,
      width,
      depth: values.depth ?? 8 * width,
      weightVariance: criticalVariance(name, width, values.correction),
      biasVariance: 0,
      inputStrength: values.inputNorm / Math.sqrt(width),
      reuse: values.reuse,
    };
  });
}

/** Tables that a comparison of activations makes. */
export const activationTableNames = [...cracklingTableNames, 'random_walk'] as const;

/** The parts of a composition that compare activations. */
export interface ActivationUniversality extends Crackling {
  readonly ensembles: readonly Ensemble[];
  readonly stop: ReturnType<typeof stopRule>;
}

/**
 * Activations side by side, each at its critical point: exponents with their distances from universality classes, and durations held
 * against the random-walk theory of arXiv:2512.00168 in table `random_walk`. Spread it into what `compose` returns.
 *
 * The theory: at small signal ln s does a random walk that starts at the threshold. Durations then go as D^(−3/2) for 1 ≪ D ≪ N for every
 * activation that is linear on either side of 0, the slopes setting the critical σw², the variance of the steps and the finite-size
 * correction (`criticalPoint`). Beyond N layers activations part: saturating ones pull the signal down at q ~ 1/N (a trap), piecewise
 * linear ones don't. gelu and silu may be listed, but they push the signal up: their σw² is critical for small signals only.
 * @throws ParameterError for a window that holds no two durations
 */
export function activationUniversality(values: ActivationValues): ActivationUniversality {
  const analysis = crackling(values);
  const window = { least: values.windowMin, most: values.windowMax ?? Math.floor(values.width / 4) };
  if (window.most <= window.least) {
    const from = values.windowMax === null ? ` (a quarter of the width, ${values.width}, as none is given)` : '';
    throw new ParameterError(
      `window-max must be larger than window-min, got ${window.most}${from} and ${window.least}`,
    );
  }
  return {
    ...analysis,
    ensembles: activationEnsembles(values),
    stop: stopRule(values),
    ahead: { of: analysis.reducer, measure: (one) => measuredAlone(withWalk(analyse(one, values), window)) },
    summaries: (tables) => [
      exponentsSummary(tables, values),
      footingSummary(tables),
      randomWalkSummary(tables, values.resolution),
      universalitySummary(tables),
      surrogateSummary(tables),
      countsSummary(tables),
    ],
    results: (ensembles) => {
      const analysed = ensembles.map((one) => withWalk(analyse(one, values), window));
      return {
        ...tablesOfAnalysed(analysed, values, values.engine),
        random_walk: analysed.map(({ walk }) => walk),
      };
    },
  };
}
