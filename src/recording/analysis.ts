import type { AvalancheColumns } from '../avalanche/avalanche-rows.ts';
import { type Exponents, type Measuring, measureAvalanches, relationNames } from '../crackling/exponents.ts';
import type { BlockedStatistics, Statistics } from '../crackling/reducer.ts';
import { statisticsReducer } from '../crackling/reducer.ts';
import { classSystematic, classSystematics } from '../crackling/universality.ts';
import { findWindows, type StatedCutoffs, type WindowChoice, type Windows } from '../crackling/windows.ts';
import { ParameterError, SchemaError } from '../error.ts';
import { type FitReport, fitPowerLaw } from '../fit/fit-power-law.ts';
import { selected } from '../fit/jackknife.ts';
import type { ScalingOptions } from '../fit/scaling-fit.ts';
import { type ClassDistance, compareUniversality, systematicError } from '../fit/universality.ts';
import type { WindowRule } from '../fit/window/rule.ts';
import { power } from '../numeric/power.ts';
import { relationResolution } from '../report/relation-verdict.ts';
import type { SizeKind } from '../schema/size.ts';
import { latticeOf } from './lattice.ts';
import { type AvalancheBlocks, keyed, stretches } from './stretches.ts';
import { magnitudeOf } from './unit.ts';

/** How recorded avalanches are analysed. */
export interface RecordedOptions {
  /** How cutoffs that are `auto` are found; default `widest`. The rule `scaling` needs a system that is known and isn't one of them. */
  readonly window?: Exclude<WindowRule, 'scaling'>;
  readonly sizes: StatedCutoffs;
  readonly durations: StatedCutoffs;
  readonly alternatives?: boolean;
  /** Avalanches that a group of durations takes in the scaling fit, fewer where there are too few for twenty groups; default 100. */
  readonly scalingCount?: number;
  /** What γ is fitted to and its weights. */
  readonly scaling?: Omit<ScalingOptions, 'least' | 'most'>;
  /** Fewest decades of a window that is found; default 1. */
  readonly decades?: number;
  /** Systematic error of each exponent in the comparison with universality classes, beside the statistical ones; default 0.05. */
  readonly systematic?: number;
  /** Largest error of γ − γ predicted, as a share of γ, with which the crackling relation can be said to hold; default 0.1. */
  readonly resolution?: number;
  /** Ranges and counts of the shape collapse; its durations are those of the fit by default. */
  readonly collapse?: Measuring['collapse'];
}

/** The crackling analysis of recorded avalanches. */
export interface RecordedAnalysis extends Exponents {
  readonly size: FitReport;
  readonly duration: FitReport;
  /** Every class with its distance; undefined where the errors of the exponents don't allow it. */
  readonly universality: readonly ClassDistance[] | undefined;
  /** The systematic error of each exponent as it was given. */
  readonly systematic: number;
  /** That which the comparison with classes and, of each γ, the verdict on the relation allow for: the same, or more where durations begin at a few steps. Mean field has its own, in `universality`, which the verdict goes by where less contradicts the relation and mean field isn't excluded. */
  readonly classSystematic: number;
  /** The largest error of γ − γ predicted, as a share of γ, with which that verdict is on agreement. */
  readonly resolution: number;
  /** What had to be decided otherwise than asked. */
  readonly notes: readonly string[];
}

/**
 * Measures τ, α and γ on avalanches of any origin, holds the crackling relation against them and compares them with the universality
 * classes. Errors are from halves of the blocks, each with windows of its own.
 * @throws ParameterError where there are too few avalanches for a fit
 */
export function analyseRecorded(blocked: BlockedStatistics, options: RecordedOptions): RecordedAnalysis {
  const { alternatives = true, decades = 1, scalingCount = 100, scaling = {} } = options;
  const { systematic = systematicError, resolution = relationResolution } = options;
  const notes: string[] = [];
  const asked = (rule: WindowRule): WindowChoice => ({
    rule,
    sizes: options.sizes,
    durations: options.durations,
    among: { leastRatio: power(10, decades) },
  });
  const { window, found } = choose(blocked.all, asked(options.window ?? 'widest'), notes);
  const { histogram } = blocked.all;
  const dropped = histogram.n - histogram.size.count.reduce((sum, count) => sum + count, 0);
  if (dropped > 0)
    notes.push(
      `${dropped} of ${histogram.n} avalanches ${dropped === 1 ? 'has' : 'have'} no positive size: no power law has them.`,
    );
  const exponents = measureAvalanches(blocked, {
    window,
    scaling,
    scalingCount,
    collapse: options.collapse ?? {},
    alternatives,
  });
  const { size, duration } = exponents;
  if (size === undefined || duration === undefined) throw unfitted(blocked.all, found, options.sizes);
  const ofClasses = classSystematic(duration, systematic);
  if (exponents.scaling === undefined) notes.push("γ can't be fitted: too few durations have sizes that vary.");
  return {
    ...exponents,
    size: { ...size, n_excluded: dropped },
    duration,
    universality: compare(exponents, classSystematics(duration, systematic), notes),
    systematic,
    classSystematic: ofClasses,
    resolution,
    notes,
  };
}

/** The windows asked for, or all that isn't cut off where no window is wide and full enough for the rule. */
function choose(all: Statistics, window: WindowChoice, notes: string[]): { window: WindowChoice; found: Windows } {
  try {
    return { window, found: findWindows(all, window) };
  } catch (error) {
    if (!(error instanceof ParameterError) || window.rule === 'given') throw error;
    notes.push(`No cutoffs were chosen beyond those given: ${error.message}.`);
    const given = { ...window, rule: 'given' } as const;
    return { window: given, found: findWindows(all, given) };
  }
}

/** Why there is no fit: the error of the fit itself. */
function unfitted({ histogram }: Statistics, { sizes, durations }: Windows, asked: StatedCutoffs): ParameterError {
  if (asked.min === 'auto' && asked.max === 'auto' && sizes.max <= sizes.min) {
    return new ParameterError(
      'mean sizes must grow with durations, whose window sizes are fitted over, got ones that fall',
    );
  }
  for (const [name, { min, max }] of [
    ['duration', durations],
    ['size', sizes],
  ] as const) {
    try {
      fitPowerLaw(histogram[name], { xmin: min, xmax: max === Infinity ? null : max, alternatives: false });
    } catch (error) {
      if (error instanceof ParameterError) return new ParameterError(`${name} distribution: ${error.message}`);
      throw error;
    }
  }
  return new ParameterError("the alternatives can't be fitted to these avalanches");
}

function compare(
  { jackknife }: Pick<Exponents, 'jackknife'>,
  systematic: ReturnType<typeof classSystematics>,
  notes: string[],
): ClassDistance[] | undefined {
  const { tau, alpha, gammaScaling: gamma } = jackknife.estimate;
  const { covariance } = selected(jackknife, relationNames);
  try {
    return compareUniversality({ tau, alpha, gamma }, covariance, { systematic });
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    notes.push(`Universality classes can't be compared: ${error.message} (from ${jackknife.blocks} blocks).`);
    return undefined;
  }
}

/** What is collected of recorded avalanches. */
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
  /** With sizes in units of {@link Collected.sizeStep}. */
  readonly blocked: BlockedStatistics;
  readonly discreteSize: boolean;
  /** What sizes are counted in: the step of discrete ones, a power of two for real numbers of no ordinary magnitude, else 1. */
  readonly sizeStep: number;
}

const looked = 65_536;

/**
 * Sizes of one kind as numbers of steps. Those of the other, which nothing is made of, need not lie on the same lattice: of a signal with two
 * levels, excess and signal are multiples of different steps.
 * @throws SchemaError for a size that is no multiple of the step
 */
function inSizeSteps(found: AvalancheColumns, step: number, kind: 'size' | 'signalSize'): AvalancheColumns {
  const steps = found[kind].map((s) => {
    const k = Math.round(s / step);
    if (Math.abs(s - k * step) > 1e-5 * Math.abs(s)) throw new SchemaError(`${s} is no multiple of ${step}`);
    return k;
  });
  return { ...inSizeUnits(found, step), [kind]: steps };
}

const inSizeUnits = (found: AvalancheColumns, unit: number): AvalancheColumns => ({
  ...found,
  size: found.size.map((s) => s / unit),
  signalSize: found.signalSize.map((s) => s / unit),
});

/**
 * Collects recorded avalanches into the statistics that {@link analyseRecorded} takes, in memory that doesn't grow with their number.
 * @throws ParameterError (`add`) for sizes of which the first 65,536 are multiples of one step, and a later one isn't
 */
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
  const kind = size === 'excess' ? 'size' : 'signalSize';

  function begin(): NonNullable<typeof into> {
    const sizes = Float64Array.from(waiting.flatMap(({ found }) => Array.from(found[kind])));
    const found = discreteSize === false ? undefined : latticeOf(sizes);
    const discrete = discreteSize === true || found !== undefined;
    const step = found ?? (discrete ? 1 : magnitudeOf(sizes));
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
      const counted = step === 1 ? found : discrete ? inSizeSteps(found, step, kind) : inSizeUnits(found, step);
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
