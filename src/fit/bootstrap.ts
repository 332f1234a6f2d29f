import { ParameterError } from '../error.ts';
import { binomial } from '../numeric/binomial.ts';
import { fineUniform } from '../numeric/fine-uniform.ts';
import { createStream, type RandomStream } from '../numeric/random.ts';
import { type BinnedData, type BinnedPlan, binnedRepetition, planBinned } from './binned-bootstrap.ts';
import { bodyCells, type Cells, drawCounts, groupsFrom, tailCells } from './bootstrap-cells.ts';
import { type CensoredPlan, censoredRepetition, planCensored } from './censored/bootstrap.ts';
import { type CensoredSample, isCensored } from './censored/sample.ts';
import { type CountedSample, expanded, groupsOf } from './counted.ts';
import { type CutoffOptions, chooseTail, type FitOptions } from './fit-power-law.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { isCounted, isGrouped, orderSample, type Sample } from './ordered-sample.ts';
import { estimatePowerLaw, type PowerLaw, quantile } from './power-law.ts';
import { planResampling, type ResamplePlan, resampled } from './resample.ts';
import type { Tail } from './tail.ts';

/** All that a bootstrap repetition needs: plain arrays, so that it crosses threads. */
export interface BootstrapPlan {
  readonly law: PowerLaw;
  readonly options: CutoffOptions;
  /** The data's own distance. */
  readonly ks: number;
  readonly n: number;
  readonly nTail: number;
  /** Raw values outside the tail; empty where cutoffs are given. */
  readonly body: Float64Array;
  /** The data, to be drawn again for the error of the exponent. */
  readonly data: ResamplePlan;
  /** For a grouped sample. */
  readonly cells: { readonly body: Cells; readonly tail: Cells } | null;
}

/** Names the draws of this room among the keys of random streams. */
const PURPOSE = 0x626f6f74;

/**
 * Fits the data and prepares the semi-parametric bootstrap (Clauset et al. 2009, section 4.1).
 * @throws ParameterError where the data or the options don't allow a fit
 */
export function planBootstrap(given: Sample, options: FitOptions = {}): BootstrapPlan {
  const { alternatives: _, ...cutoffs } = options;
  const sample = isCounted(given) ? drawable(given, options.discrete ?? false) : given;
  const ordered = orderSample(sample, isCounted(given) && isGrouped(sample) ? undefined : options.discrete);
  const tail = chooseTail(ordered, cutoffs);
  const law = estimatePowerLaw(tail);
  const found = (cutoffs.xmin ?? 'auto') === 'auto' || cutoffs.xmax === 'auto';
  const grouped = isGrouped(sample);
  return {
    law,
    options: cutoffs,
    ks: kolmogorovSmirnov(tail, law, cutoffs.convention),
    n: found ? ordered.countFrom[0]! : tail.n,
    nTail: tail.n,
    body: found && !grouped ? bodyValues(tail) : new Float64Array(0),
    data: planResampling(ordered, cutoffs),
    cells: grouped ? { body: bodyCells(tail), tail: tailCells(tail, law) } : null,
  };
}

/** Values drawn one by one, where there are not too many for that; else groups, whose counts are drawn. */
function drawable(sample: CountedSample, discrete: boolean): Sample {
  const n = sample.count.reduce((sum, count) => sum + count, 0);
  return n <= mostDrawn ? expanded(sample) : groupsOf(sample, discrete);
}

const mostDrawn = 200_000;

function bodyValues({ sample, first, last, n }: Tail): Float64Array {
  const values = new Float64Array(sample.countFrom[0]! - n);
  let at = 0;
  for (let j = 0; j < sample.position.length; j++) {
    if (j >= first && j < last) continue;
    const count = sample.countFrom[j]! - sample.countFrom[j + 1]!;
    values.fill(sample.position[j]!, at, at + count);
    at += count;
  }
  return values;
}

/** Numbers that a repetition gives: distance of a synthetic sample; exponent and xmin of the data drawn again. */
export const perRepetition = 3;

/** The bootstrap of any sample. */
export type AnyPlan = BootstrapPlan | CensoredPlan | BinnedPlan;

/** {@link planBootstrap}, of values known by a bound or by a bin alone, too; those have their cutoffs with them. */
export function planAny(sample: Sample | CensoredSample | BinnedData, options: FitOptions): AnyPlan {
  if ('cutoffs' in sample) return planBinned(sample);
  return isCensored(sample) ? planCensored(sample, options) : planBootstrap(sample, options);
}

/** Repetition i of the bootstrap. */
export function repetition(plan: AnyPlan, seed: number, i: number): [ks: number, exponent: number, xmin: number] {
  if ('censoring' in plan) return censoredRepetition(plan, seed, i);
  if ('edges' in plan) return binnedRepetition(plan, seed, i);
  const { exponent, xmin } = resampled(plan.data, seed, i);
  return [bootstrapReplicate(plan, seed, i), exponent, xmin];
}

/**
 * The Kolmogorov–Smirnov distance of repetition i: a synthetic sample of the same size (below and above the cutoffs the data
 * resampled, between them the fitted law), fitted anew just like the data, cutoffs found again where they were found.
 * Depends on nothing but (plan, seed, i).
 * @throws ParameterError where a hundred samples in a row allow no fit
 */
export function bootstrapReplicate(plan: BootstrapPlan, seed: number, i: number): number {
  // A small synthetic sample may allow no fit (all values equal): then it is drawn again.
  for (let attempt = 0; attempt < 100; attempt++) {
    const sample = synthetic(plan, createStream(seed, PURPOSE, i, attempt));
    try {
      const ordered = orderSample(sample, plan.law.discrete);
      const tail = chooseTail(ordered, plan.options);
      return kolmogorovSmirnov(tail, estimatePowerLaw(tail), plan.options.convention);
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
    }
  }
  throw new ParameterError(
    `a bootstrap needs data whose fit can be repeated, got ${plan.nTail} values that mostly can't`,
  );
}

function synthetic(plan: BootstrapPlan, stream: RandomStream): Sample {
  const { law, n, nTail, body, cells } = plan;
  const inTail = n === nTail ? n : binomial(stream, n, nTail / n);
  if (cells !== null) {
    const parts = [{ cells: cells.tail, count: drawCounts(stream, inTail, cells.tail.mass) }];
    if (inTail < n) parts.push({ cells: cells.body, count: drawCounts(stream, n - inTail, cells.body.mass) });
    return groupsFrom(stream, law.discrete, parts);
  }
  const values = new Float64Array(n);
  const draw = quantile(law);
  for (let k = 0; k < inTail; k++) values[k] = draw(fineUniform(stream));
  for (let k = inTail; k < n; k++) values[k] = body[stream.integer(body.length)]!;
  return values;
}
