import { withError } from './concise.ts';
import type { Quantity } from './finding.ts';
import { fullNumber } from './quantity.ts';
import { quantityOf } from './summary-cells.ts';
import { numberOf, type Row, textOf } from './table-row.ts';

/** Share of perturbations that are never seen to end above which a cutoff of those that end is no end of activity. */
const unending = 0.05;

/**
 * Share of avalanches of a critical network that aren't over after so many layers: those of a random walk, 2·C(2L, L)/4^L (Sparre Andersen, Math. Scand. 1,
 * 263 (1953)). Of twenty networks from files it was 0.4 to 1.5 times that (width 128, 42 layers, σw² = 1 + 1/N).
 */
const passing = (layers: number): number => 2 / Math.sqrt(Math.PI * layers);

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/** Which side of the critical point an ensemble is on, as a sentence begins after its name. */
export interface Side {
  readonly sentence: string;
  readonly quantities: readonly Quantity[];
  readonly verdict: 'subcritical' | 'supercritical';
}

const branchingRatio = { name: 'branching_ratio', words: 'branching ratio', neutral: 1 };
const growthRate = { name: 'growth_rate', words: 'growth rate of ln s a layer', neutral: 0 };

/** What says how strength goes on from layer to layer: the branching ratio, but where it has no error and the growth rate has one. */
const gainOf = (row: Row): typeof growthRate =>
  !Number.isFinite(numberOf(row, 'branching_ratio_error')) && Number.isFinite(numberOf(row, 'growth_rate_error'))
    ? growthRate
    : branchingRatio;

/**
 * Whether a network is sub- or supercritical, where its data say so; undefined where they don't. Durations must be cut off exponentially well within
 * the window of their fit. Then the branching ratio tells that activity dies out, if it is below 1 by more than 1/N (at the critical point it is within
 * that of 1: 1 + 1/(4N) for a linear layer, less where it saturates), or the growth rate where the ratio has no error, if it is as far below 0; and
 * perturbations that reach the last layer, which such a cutoff would have stopped, tell that it doesn't, where they are more than twice as many as pass so
 * few layers at the critical point.
 * @param row of the `exponents` table
 * @param fits rows of the `fit` table of the same ensemble
 * @param depth its layers; NaN where they aren't known
 */
export function criticalityFinding(row: Row, fits: readonly Row[], depth: number): Side | undefined {
  if (!textOf(row, 'alpha_refuted_by').split(', ').includes('truncated_power_law')) return undefined;
  const rate = fits.find(
    (fit) =>
      textOf(fit, 'observable') === 'duration' &&
      textOf(fit, 'model') === 'truncated_power_law' &&
      textOf(fit, 'parameter') === 'lambda',
  );
  const cutoff = 1 / numberOf(rate ?? {}, 'estimate');
  const { name, words, neutral } = gainOf(row);
  const gain = numberOf(row, name);
  const error = numberOf(row, `${name}_error`);
  const width = numberOf(row, 'width');
  if (!(cutoff > 0 && width > 1 && Number.isFinite(gain))) return undefined;
  const [from, to] = [numberOf(row, 'alpha_min'), numberOf(row, 'alpha_max')].map(fullNumber);
  const ends = `durations are cut off at about ${fullNumber(Math.round(cutoff))} layers, within the window of their fit, ${from}–${to}`;
  const quantities = [
    { quantity: 'cutoff', of: 'duration', value: cutoff },
    quantityOf(row, name),
    { quantity: 'censored_share', value: numberOf(row, 'censored_share') },
  ];
  const censored = numberOf(row, 'censored_share');
  if (censored > unending) {
    if (censored <= 2 * passing(depth)) return undefined;
    const sentence = `the network is supercritical: ${ends}, and yet ${percent(censored)} of avalanches go on to the last layer (${words} ${withError(gain, error)}).`;
    return { sentence, quantities, verdict: 'supercritical' };
  }
  if (!(neutral - gain > Math.max(1 / width, 3 * error))) return undefined;
  const sentence = `the network is subcritical: ${ends}, and the ${words} ${withError(gain, error)} is below ${neutral} by more than 1/N = ${Number((1 / width).toPrecision(2))}.`;
  return { sentence, quantities, verdict: 'subcritical' };
}
