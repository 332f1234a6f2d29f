import type { AvalancheColumns } from '../avalanche/avalanche-rows.ts';
import { cutoffsOf, type Exponents, exponentsAt, relationNames } from '../crackling/exponents.ts';
import { groupedSizes } from '../crackling/grouped-sizes.ts';
import type { BlockedStatistics } from '../crackling/reducer.ts';
import { statisticsReducer } from '../crackling/reducer.ts';
import { ParameterError, SchemaError } from '../error.ts';
import type { CollapseOptions } from '../fit/collapse-fit.ts';
import { type FitOptions, type FitReport, fitPowerLaw } from '../fit/fit-power-law.ts';
import { selected } from '../fit/jackknife.ts';
import { fitScaling, type ScalingFit, type ScalingOptions, type SizesByDuration } from '../fit/scaling-fit.ts';
import { type ClassDistance, compareUniversality } from '../fit/universality.ts';
import type { WindowOptions } from '../fit/window/candidates.ts';
import type { GroupedSample } from '../reduce/grouped.ts';
import type { ScalingResult } from '../reduce/scaling.ts';
import type { SizeKind } from '../schema/size.ts';
import { latticeOf } from './lattice.ts';
import { type AvalancheBlocks, keyed, stretches } from './stretches.ts';

/** Cutoffs of one distribution: given, found, or (max only) none. */
export interface GivenCutoffs {
  readonly min: number | 'auto';
  readonly max: number | 'auto' | null;
}

export interface RecordedOptions {
  readonly sizes: GivenCutoffs;
  readonly durations: GivenCutoffs;
  readonly alternatives?: boolean;
  /** Avalanches that a group of durations takes at least in the scaling fit; default 10. */
  readonly scalingCount?: number;
  /** What γ is fitted to and its weights. */
  readonly scaling?: Omit<ScalingOptions, 'least' | 'most'>;
  /** How both cutoffs are found together. */
  readonly window?: WindowOptions;
  /** Systematic error of each exponent in the comparison with universality classes, beside the statistical ones; default 0.05. */
  readonly systematic?: number;
  /** Ranges and counts of the shape collapse; its largest duration is that of the fit by default. */
  readonly collapse?: CollapseOptions;
}

/** The crackling analysis of recorded avalanches. */
export interface RecordedAnalysis extends Exponents {
  readonly size: FitReport;
  readonly duration: FitReport;
  /** As they were given to the fits. */
  readonly cutoffs: { readonly size: GivenCutoffs; readonly duration: GivenCutoffs };
  /** undefined where sizes of one duration don't vary, or too few durations are left. */
  readonly scaling: ScalingFit | undefined;
  /** Every class with its distance; undefined where the errors of the exponents don't allow it. */
  readonly universality: readonly ClassDistance[] | undefined;
  /** The systematic error of each exponent that this comparison allows for. */
  readonly systematic: number;
  /** What had to be decided otherwise than asked. */
  readonly notes: readonly string[];
}

/** Cutoffs for both ends found at once, or for the lower end alone where no window is wide and full enough. */
function fitDistribution(
  name: string,
  sample: GroupedSample,
  { min, max }: GivenCutoffs,
  how: Pick<FitOptions, 'alternatives' | 'window'>,
  notes: string[],
): { report: FitReport; cutoffs: GivenCutoffs } {
  const tryTo = (xmax: number | 'auto' | null) => ({
    report: fitPowerLaw(sample, { xmin: min, xmax, ...how }),
    cutoffs: { min, max: xmax },
  });
  try {
    if (max !== 'auto') return tryTo(max);
    try {
      return tryTo('auto');
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      const unbounded = tryTo(null);
      notes.push(`The ${name} distribution is fitted without an upper cutoff: ${error.message}.`);
      return unbounded;
    }
  } catch (error) {
    if (error instanceof ParameterError) throw new ParameterError(`${name} distribution: ${error.message}`);
    throw error;
  }
}

/**
 * Measures τ, α and γ on avalanches of any origin, holds the crackling relation against them and compares them with the universality
 * classes. Cutoffs are found once on all data; errors are delete-one-block jackknife errors at those cutoffs.
 * @throws ParameterError where there are too few avalanches for a fit
 */
export function analyseRecorded(blocked: BlockedStatistics, options: RecordedOptions): RecordedAnalysis {
  const { histogram, scaling } = blocked.all;
  const { alternatives = true, window = {}, scalingCount = 10, systematic = 0.05, scaling: how = {} } = options;
  const fitting = { alternatives, window };
  const notes: string[] = [];
  const duration = fitDistribution('duration', histogram.duration, options.durations, fitting, notes);
  const size = fitDistribution('size', histogram.size, options.sizes, fitting, notes);
  const dropped = histogram.n - histogram.size.count.reduce((sum, count) => sum + count, 0);
  if (dropped > 0) notes.push(`${dropped} of ${histogram.n} avalanches have no positive size: no power law has them.`);
  const cutoffs = { size: size.cutoffs, duration: duration.cutoffs };
  const durations = cutoffsOf(duration.report);
  const range = { least: durations.min, most: durations.max };
  const sizesOf = (all: ScalingResult) => groupedSizes(all, range, scalingCount);
  const line = scale(sizesOf(scaling), { ...how, ...range }, notes);
  const shape = { most: durations.max, ...options.collapse };
  const exponents = exponentsAt(blocked, cutoffsOf(size.report), durations, { shape, scaling: how, sizesOf });
  return {
    size: { ...size.report, n_excluded: dropped },
    duration: duration.report,
    cutoffs,
    scaling: line,
    ...exponents,
    universality: compare(exponents, systematic, notes),
    systematic,
    notes,
  };
}

function scale(sizes: SizesByDuration, range: ScalingOptions, notes: string[]): ScalingFit | undefined {
  try {
    return fitScaling(sizes, range);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    notes.push(`γ can't be fitted: ${error.message} and sizes that vary.`);
    return undefined;
  }
}

function compare(
  { jackknife }: Pick<Exponents, 'jackknife'>,
  systematic: number,
  notes: string[],
): ClassDistance[] | undefined {
  const { tau, alpha, gammaScaling: gamma } = jackknife.estimate;
  const { covariance } = selected(jackknife, relationNames);
  try {
    return compareUniversality({ tau, alpha, gamma }, covariance, { systematic });
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    notes.push(`Universality classes can't be compared: ${error.message} (from ${jackknife.blocks} jackknife blocks).`);
    return undefined;
  }
}

export interface CollectOptions {
  /** Points of the profiles that avalanches come with, 0 for none. */
  readonly profilePoints: number;
  /** Whether sizes are integers; default: if all of the first 65,536 are. */
  readonly discreteSize?: boolean | undefined;
  /** Which size; profiles must be of it. Default: the excess. */
  readonly size?: SizeKind;
  /** Jackknife blocks, at least; default 32. */
  readonly blocks?: number;
}

/** Collects avalanches of any number in flat memory. */
export interface Collection {
  /** @param key of each avalanche, for blocks of avalanches that belong together; without it blocks are stretches of time */
  add(found: AvalancheColumns, key?: ArrayLike<number>): void;
  /** @throws ParameterError where there were none */
  finish(): Collected;
}

/** Avalanches that were collected. */
export interface Collected {
  /** With sizes in steps, where they are discrete. */
  readonly blocked: BlockedStatistics;
  readonly discreteSize: boolean;
  /** What discrete sizes are multiples of; 1 for integers, and for real numbers. */
  readonly sizeStep: number;
}

const looked = 65_536;

/** @throws SchemaError for a size that is no multiple of the step */
function inSizeSteps(found: AvalancheColumns, step: number): AvalancheColumns {
  const steps = (sizes: Float64Array): Float64Array =>
    sizes.map((s) => {
      const k = Math.round(s / step);
      if (Math.abs(s - k * step) > 1e-6 * Math.abs(s)) throw new SchemaError(`${s} is no multiple of ${step}`);
      return k;
    });
  return { ...found, size: steps(found.size), signalSize: steps(found.signalSize) };
}

export function collectAvalanches({
  profilePoints,
  discreteSize,
  size = 'excess',
  blocks = 32,
}: CollectOptions): Collection {
  let waiting: { found: AvalancheColumns; key: ArrayLike<number> | undefined }[] = [];
  let seen = 0;
  let into: { discrete: boolean; step: number; inTime: AvalancheBlocks; byKey: ReturnType<typeof keyed> } | undefined;
  let anyKey = false;
  const profile = { points: profilePoints, of: size };
  const sizesOf = (found: AvalancheColumns) => (size === 'excess' ? found.size : found.signalSize);

  function begin(): NonNullable<typeof into> {
    const sizes = Float64Array.from(waiting.flatMap(({ found }) => Array.from(sizesOf(found))));
    const found = discreteSize === false ? undefined : latticeOf(sizes);
    const discrete = discreteSize === true || found !== undefined;
    const step = found ?? 1;
    const reducer = statisticsReducer({ profilePoints, size, discreteSize: discrete });
    into = {
      discrete,
      step,
      inTime: stretches(reducer, profile, blocks),
      byKey: keyed(reducer, profile, blocks),
    };
    const held = waiting;
    waiting = [];
    for (const { found, key } of held) fold(found, key);
    return into;
  }

  function fold(found: AvalancheColumns, key: ArrayLike<number> | undefined): void {
    const { inTime, byKey, discrete, step } = into!;
    try {
      const counted = step === 1 ? found : inSizeSteps(found, step);
      if (key === undefined) inTime.add(counted);
      else byKey.add(counted, key);
    } catch (error) {
      if (!(error instanceof SchemaError && discrete && discreteSize === undefined)) throw error;
      throw new ParameterError(
        `the first ${looked} avalanche sizes are ${step === 1 ? 'integers' : `multiples of ${step}`}, a later one is not (${error.message}): say whether sizes are discrete or continuous`,
      );
    }
  }

  return {
    add(found, key) {
      if (found.length === 0) return;
      seen += found.length;
      anyKey ||= key !== undefined;
      if (into !== undefined) fold(found, key);
      else {
        waiting.push({ found, key });
        if (seen >= looked) begin();
      }
    },
    finish() {
      if (seen === 0) throw new ParameterError('a crackling analysis needs avalanches, got none');
      const { discrete, step, inTime, byKey } = into ?? begin();
      const blocked = anyKey ? byKey.finish() : inTime.finish();
      return { blocked, discreteSize: discrete, sizeStep: step };
    },
  };
}
