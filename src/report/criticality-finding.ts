import { withError } from './concise.ts';
import type { Quantity } from './finding.ts';
import { inputStrengthOf } from './input-strength.ts';
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

/**
 * How many times as far as that the side is plain by itself, whatever the fit of durations: a gain 4/N below that of the critical point ends avalanches within
 * about N/16 layers (ln s walks with variance 1/(2N) a layer), and four times the share that passes at the critical point is what networks have about 2/N
 * above it (N = 128, 1000 layers; 1 + 1/N itself 0.6 to 1.03 times, N from 16 to 1000, 30 to 1000 layers, tanh and linear).
 */
const plain = 4;

/** What a gain may be below that of small signals because these are not small: at the critical point tanh takes s² off a gain, erf and sin take as much. */
function saturation(networks: Row): number {
  const strength = inputStrengthOf(networks);
  return Number.isFinite(strength) ? 4 * strength ** 2 : 0;
}

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

/** Where durations are cut off exponentially, within the window of a fit that the cutoff refutes; undefined where they aren't. */
function cutoffOf(row: Row, fits: readonly Row[]): { readonly layers: number; readonly words: string } | undefined {
  if (!textOf(row, 'alpha_refuted_by').split(', ').includes('truncated_power_law')) return undefined;
  const rate = fits.find(
    (fit) =>
      textOf(fit, 'observable') === 'duration' &&
      textOf(fit, 'model') === 'truncated_power_law' &&
      textOf(fit, 'parameter') === 'lambda',
  );
  const layers = 1 / numberOf(rate ?? {}, 'estimate');
  if (!(layers > 0)) return undefined;
  const [from, to] = [numberOf(row, 'alpha_min'), numberOf(row, 'alpha_max')].map(fullNumber);
  const words = `durations are cut off at about ${fullNumber(Math.round(layers))} layers, within the window of their fit, ${from}–${to}`;
  return { layers, words };
}

/**
 * Whether a network is sub- or supercritical, where its data say so; undefined where they don't. The branching ratio tells that activity dies out, if it is
 * below 1 by more than 1/N (at the critical point it is within that of 1: 1 + 1/(4N) for a linear layer, less where it saturates), or the growth rate
 * where the ratio has no error, if it is as far below 0, and either by more than what signals of the input's strength lose to saturation. Perturbations
 * that reach the last layer tell that it doesn't, where they are more than twice as many as pass so few layers at the critical point. Either needs
 * durations that are cut off exponentially well within the window of their fit, or to be four times as clear. With biases nothing is supercritical:
 * they hold every signal up, and no state absorbs it.
 * @param row of the `exponents` table
 * @param fits rows of the `fit` table of the same ensemble
 * @param networks its row of the `ensemble` table, empty where there is none: how many layers it has, and how strong its input is
 */
export function criticalityFinding(row: Row, fits: readonly Row[], networks: Row): Side | undefined {
  const { name, words, neutral } = gainOf(row);
  const gain = numberOf(row, name);
  const error = numberOf(row, `${name}_error`);
  const width = numberOf(row, 'width');
  if (!(width > 1 && Number.isFinite(gain))) return undefined;
  const depth = numberOf(networks, 'depth');
  const cutoff = cutoffOf(row, fits);
  const censored = numberOf(row, 'censored_share');
  const quantities = [
    ...(cutoff === undefined ? [] : [{ quantity: 'cutoff', of: 'duration', value: cutoff.layers }]),
    quantityOf(row, name),
    { quantity: 'censored_share', value: censored },
  ];
  if (censored > unending) {
    const above = (times: number): boolean => censored > times * passing(depth);
    if (numberOf(row, 'bias_variance') > 0 || !above(cutoff === undefined ? plain : 2)) return undefined;
    const goOn = `${percent(censored)} of avalanches go on to the last layer`;
    const why =
      cutoff === undefined
        ? `${goOn}, at the critical point ${percent(passing(depth))} would`
        : `${cutoff.words}, and yet ${goOn}`;
    const sentence = `the network is supercritical: ${why} (${words} ${withError(gain, error)}).`;
    return { sentence, quantities, verdict: 'supercritical' };
  }
  const times = cutoff === undefined ? plain : 1;
  if (!(neutral - gain > Math.max(times / width, 3 * error, saturation(networks)))) return undefined;
  const ends = cutoff === undefined ? '' : `${cutoff.words}, and `;
  const sentence = `the network is subcritical: ${ends}the ${words} ${withError(gain, error)} is below ${neutral} by more than ${times}/N = ${Number((times / width).toPrecision(2))}.`;
  return { sentence, quantities, verdict: 'subcritical' };
}
