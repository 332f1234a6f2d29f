import { power } from '../../numeric/power.ts';
import { createStream } from '../../numeric/random.ts';
import { centred, coefficients, type MeanRule, meanSlopes, trialSlopes } from './coefficients.ts';
import {
  type Decay,
  type DecayFit,
  decayFitter,
  expectedCoefficients,
  longestTime,
  ratioOf,
  timeOf,
} from './decay-fit.ts';
import { addSums, emptySums, fewTrials, type PairCollector, type PairSums, type TrialSums } from './pair-sums.ts';

/** How the multistep branching ratio is estimated. */
export interface MultistepOptions {
  /** Default `within-trials`. */
  readonly means?: MeanRule | undefined;
  /** Default `auto`: an offset where it lies three standard errors from 0. */
  readonly decay?: Decay | 'auto' | undefined;
  /** Samples of the bootstrap over trials (stretches, where there are few trials); default 200. */
  readonly bootstraps?: number | undefined;
  readonly seed?: number | undefined;
}

/** An estimate and its 95 % interval; `high` is Infinity (of a ratio: 1) where the data set no upper end. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** The multistep branching ratio of recorded activity, with what it was fitted to. */
export interface MultistepEstimate {
  readonly means: MeanRule;
  readonly decay: Decay;
  /** r_1 … r_K as measured, with the standard errors of the bootstrap. */
  readonly coefficients: Float64Array;
  readonly coefficientErrors: Float64Array;
  /** Branching ratio m; NaN where there is no memory to be told from noise. */
  readonly ratio: Interval;
  /** Autocorrelation time −1/ln m, in rows. */
  readonly time: Interval;
  readonly amplitude: Interval;
  readonly offset: Interval;
  /** Both laws, as fitted. */
  readonly fits: Readonly<Record<Decay, DecayFit>>;
  /** How many standard errors r_k lies from 0, weighted as the fit decays. */
  readonly significance: number;
  readonly trials: number;
  /** What was drawn again: trials, or stretches of them. */
  readonly units: number;
}

/** Least significance at which there is memory: of 1000 traces without, about one passes. */
const leastSignificance = 3.5;
/** Standard errors from 0 at which an offset is taken for one. */
const leastOffset = 3;
/** Autocorrelation times that the rows must hold to tell the time from any longer one: a random walk of 200,000 rows comes out as 10 of them at most. */
const leastTimes = 20;
const mostUnits = 256;
const purpose = 0x6d737465;

const whole = ({ stretches }: TrialSums): PairSums =>
  stretches.length === 1 ? stretches[0]! : stretches.reduce(addSums, emptySums(stretches[0]!.n.length));

/** Neighbouring trials as one, so that there are at most {@link mostUnits}: for sums that are drawn again a hundred times. */
function bagged(trials: readonly PairSums[]): PairSums[] {
  const bag = Math.ceil(trials.length / mostUnits);
  if (bag === 1) return [...trials];
  return Array.from({ length: Math.ceil(trials.length / bag) }, (_, i) =>
    trials.slice(i * bag, (i + 1) * bag).reduce(addSums, emptySums(trials[0]!.n.length)),
  );
}

/** Makes coefficients of trials drawn again. */
function resampler(collected: readonly TrialSums[], trials: readonly PairSums[], rule: MeanRule) {
  const pick = (n: number, stream: ReturnType<typeof createStream>): number[] =>
    Array.from({ length: n }, () => stream.integer(n));
  if (trials.length > fewTrials) {
    if (rule === 'trial-separated') {
      const slopes = trialSlopes(trials);
      return {
        units: trials.length,
        draw: (s: ReturnType<typeof createStream>) => meanSlopes(pick(slopes.length, s).map((i) => slopes[i]!)),
      };
    }
    const bags = bagged(rule === 'within-trials' ? trials.map(centred) : trials);
    return {
      units: bags.length,
      draw: (s: ReturnType<typeof createStream>) =>
        coefficients(
          pick(bags.length, s).map((i) => bags[i]!),
          'stationary-mean',
        ),
    };
  }
  const lags = trials[0]!.n.length;
  return {
    units: collected.reduce((n, { stretches }) => n + stretches.length, 0),
    draw: (s: ReturnType<typeof createStream>) =>
      coefficients(
        collected.map(({ stretches }) =>
          pick(stretches.length, s).reduce((sum, i) => addSums(sum, stretches[i]!), emptySums(lags)),
        ),
        rule,
      ),
  };
}

function intervalOf(estimate: number, samples: readonly number[]): Interval {
  const sorted = samples.filter((x) => !Number.isNaN(x)).sort((a, b) => a - b);
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const low = Math.floor(position);
    const [a, b] = [sorted[low] ?? Number.NaN, sorted[Math.min(low + 1, sorted.length - 1)] ?? Number.NaN];
    return a + (position - low) * (b - a);
  };
  return { estimate, low: at(0.025), high: at(0.975) };
}

/**
 * The interval of a positive quantity whose logarithm is nearly Gaussian, as the autocorrelation time is and m is not: Student's t with the standard
 * deviation of the bootstrap, which n units drawn with replacement make too small by √((n − 1)/n). Quantiles of the bootstrap cover 85–92 %.
 */
function logInterval(estimate: number, samples: readonly number[], units: number): Interval {
  const spread = deviation(samples.map(Math.log)) * Math.sqrt(units / Math.max(units - 1, 1));
  const factor = Math.exp(studentQuantile(units - 1) * spread);
  return { estimate, low: estimate / factor, high: estimate * factor };
}

interface Times {
  readonly estimate: number;
  readonly samples: readonly number[];
  readonly units: number;
  /** Times at the end of those that were looked for. */
  readonly longest: number;
  /** Rows of all trials. */
  readonly total: number;
}

/** Of few long traces: open where the rows hold the time less than {@link leastTimes} times. */
function traceInterval({ estimate, samples, units, longest, total }: Times): Interval {
  const spread = logInterval(estimate, samples, units);
  return estimate > Math.min(total / leastTimes, longest) ? { ...spread, high: Infinity } : spread;
}

/**
 * Of many trials: open where the rate 1/time is no more than its own 95 % from 0, which is a random walk; the lower end is then that of the rate.
 */
function trialInterval({ estimate, samples, units, longest }: Times): Interval {
  const rates = samples.map((time) => 1 / time).sort((a, b) => a - b);
  const reach = studentQuantile(units - 1) * deviation(rates) * Math.sqrt(units / Math.max(units - 1, 1));
  const rate = 1 / estimate;
  if (estimate < longest && rate > reach) return logInterval(estimate, samples, units);
  const { high } = intervalOf(rate, rates);
  return { estimate, low: 1 / Math.max(rate + reach, high), high: Infinity };
}

/** The 97.5 % quantile of Student's t (Cornish–Fisher, Abramowitz & Stegun 26.7.5; to 1e-3 for 5 degrees of freedom and more). */
function studentQuantile(degrees: number): number {
  const z = 1.959963984540054;
  const g1 = (power(z, 3) + z) / 4;
  const g2 = (5 * power(z, 5) + 16 * power(z, 3) + 3 * z) / 96;
  const g3 = (3 * power(z, 7) + 19 * power(z, 5) + 17 * power(z, 3) - 15 * z) / 384;
  const v = Math.max(degrees, 2);
  return z + g1 / v + g2 / v ** 2 + g3 / power(v, 3);
}

/** Lags that all but short trials reach a few times over. */
function usable(r: Float64Array, rows: readonly number[]): Float64Array {
  const typical = [...rows].sort((a, b) => a - b)[Math.floor(rows.length / 2)]!;
  const lags = Math.max(Math.min(r.length, 10), Math.min(r.length, Math.floor(typical / 4)));
  const first = r.subarray(0, lags).findIndex(Number.isNaN);
  return r.slice(0, first < 0 ? lags : first);
}

/**
 * The multistep branching ratio: m of r_k = b·m^k, r_k the slope of A(t+k) against A(t). Right with external drive and under subsampling, where the
 * slope at one step isn't (Wilting & Priesemann, Nat. Commun. 9, 2325 (2018)). Intervals come from a bootstrap over trials, which draws and fits again.
 * Undefined where there are too few rows for two lags.
 */
export function estimateMultistep(
  collector: PairCollector,
  options: MultistepOptions = {},
): MultistepEstimate | undefined {
  const { bootstraps = 200, seed = 1 } = options;
  const collected = collector.trials.filter(({ rows }) => rows > 2);
  const trials = collected.map(whole);
  const rows = collected.map(({ rows: n }) => n);
  if (trials.length === 0) return undefined;
  const means = options.means ?? 'within-trials';
  const total = rows.reduce((a, b) => a + b, 0);
  const taken = { rows, pooled: means === 'stationary-mean' };
  const measured = usable(coefficients(trials, means), rows);
  if (measured.length < 2) return undefined;
  const lags = measured.length;
  const fitted = decayFitter(lags, taken);
  const fits = {
    exponential: fitted(measured, 'exponential'),
    'exponential-offset': fitted(measured, 'exponential-offset'),
  };

  const { draw, units } = resampler(collected, trials, means);
  const stream = createStream(seed, purpose);
  const samples = Array.from({ length: bootstraps }, () => draw(stream).slice(0, lags));
  const choice = options.decay ?? 'auto';
  const shiftedFits = choice === 'exponential' ? [] : samples.map((r) => fitted(r, 'exponential-offset'));
  const offsetSamples = shiftedFits.map(({ offset }) => offset);
  const offsets = intervalOf(fits['exponential-offset'].offset, offsetSamples);
  const shifted = Math.abs(offsets.estimate) > leastOffset * deviation(offsetSamples);
  const decay: Decay = choice !== 'auto' ? choice : shifted ? 'exponential-offset' : 'exponential';
  const fit = fits[decay];
  const again = decay === 'exponential' ? samples.map((r) => fitted(r, decay)) : shiftedFits;
  const errors = measured.map((_, k) => deviation(samples.map((r) => r[k]!)));
  const white = expectedCoefficients(fit, 0, taken);
  const shape = expectedCoefficients(fit, 1, taken).map((r, k) => r - white[k]!);
  const projected = (r: Float64Array): number => shape.reduce((sum, x, k) => sum + x * (r[k]! - white[k]!), 0);
  const significance = projected(measured) / deviation(samples.map(projected));
  const defined = significance > leastSignificance;
  const times = again.map(({ ratio }) => timeOf(ratio));
  const time = (trials.length > fewTrials ? trialInterval : traceInterval)({
    estimate: timeOf(fit.ratio),
    samples: times,
    units,
    longest: 0.95 * longestTime(lags, taken),
    total,
  });
  const none: Interval = { estimate: Number.NaN, low: Number.NaN, high: Number.NaN };
  return {
    means,
    decay,
    coefficients: measured,
    coefficientErrors: errors,
    ratio: defined ? { estimate: fit.ratio, low: ratioOf(time.low), high: ratioOf(time.high) } : none,
    time: defined ? time : none,
    amplitude: intervalOf(
      fit.amplitude,
      again.map(({ amplitude }) => amplitude),
    ),
    offset: decay === 'exponential' ? { estimate: 0, low: 0, high: 0 } : offsets,
    fits,
    significance,
    trials: trials.length,
    units,
  };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
}
