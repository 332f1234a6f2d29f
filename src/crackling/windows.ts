import { ParameterError } from '../error.ts';
import { type OrderedSample, orderSample } from '../fit/ordered-sample.ts';
import { cutTail, type Tail } from '../fit/tail.ts';
import { testWindow } from '../fit/window/acceptance.ts';
import type { WindowOptions } from '../fit/window/candidates.ts';
import { edgesOf } from '../fit/window/edges.ts';
import { meanSizeAt } from '../fit/window/image.ts';
import type { WindowRule } from '../fit/window/rule.ts';
import { smallestKsWindow } from '../fit/window/smallest-ks.ts';
import { widestWindow } from '../fit/window/widest.ts';
import { chiSquareSurvival } from '../numeric/log-probability.ts';
import { weightedLine } from '../numeric/weighted-line.ts';
import type { GroupedSample } from '../reduce/grouped.ts';
import { groupedSizes } from './grouped-sizes.ts';
import type { Statistics } from './reducer.ts';

/** Both cutoffs of a fit; max may be Infinity. */
export interface Cutoffs {
  readonly min: number;
  readonly max: number;
}

/** The windows that τ, α and γ are fitted on. */
export interface Windows {
  readonly sizes: Cutoffs;
  readonly durations: Cutoffs;
  /** Whether the windows pass the test of goodness of fit; undefined where the rule tests none, or durations are cut off as stated. */
  readonly accepted: boolean | undefined;
}

/** A cutoff that is stated, null where there is to be none, or `auto` where the rule finds it. */
export interface StatedCutoffs {
  readonly min: number | 'auto';
  readonly max: number | 'auto' | null;
}

/** How the windows of fits are found. */
export interface WindowChoice {
  readonly rule: WindowRule;
  readonly sizes: StatedCutoffs;
  readonly durations: StatedCutoffs;
  /** Durations in which the system scales, for the rule `scaling`. */
  readonly scaling?: Cutoffs;
  /** The longest duration that can be seen whole; default: any. */
  readonly longest?: number;
  /** What the rules `widest` and `smallest-ks` choose among. */
  readonly among?: Pick<WindowOptions, 'leastRatio' | 'leastTail'>;
}

const orders = new WeakMap<GroupedSample, OrderedSample>();
/** Orders that nobody reads any more, for the next ones. */
const idle: OrderedSample[] = [];
/** Two distributions of each half of a pair. */
const mostIdle = 4;

/** The ordered sample of a distribution, made once. */
export function ordered(sample: GroupedSample): OrderedSample {
  let known = orders.get(sample);
  if (known === undefined) {
    known = orderSample(sample, undefined, idle.shift());
    orders.set(sample, known);
  }
  return known;
}

/** Takes back what {@link ordered} gave of a part of the data that nobody reads any more, nor anything made of it. */
export function disordered({ histogram }: Pick<Statistics, 'histogram'>): void {
  for (const sample of [histogram.duration, histogram.size]) {
    const known = orders.get(sample);
    if (known === undefined || !orders.delete(sample)) continue;
    if (idle.length < mostIdle) idle.push(known);
  }
}

/** Share of the depth up to whose mean size no size is missing, of an avalanche under way at the last layer: docs/science/exponents.md. */
const wholeShare = 0.6;

const cutoffsOfTail = ({ xmin, xmax }: Tail): Cutoffs => ({ min: xmin, max: xmax });

/**
 * The windows that a rule finds in a sample of avalanches: as a function of the sample alone, so that every part of the data can find its
 * own. Windows of D and S are matched for every rule but `smallest-ks`, which goes by each distribution: sizes from ⟨S⟩ at the shortest to
 * ⟨S⟩ at the longest duration, or, where nothing tests that they are a power law, at 0.6 of the depth if that is less. The rule `widest`
 * takes the widest window of D on which all three are power laws: durations, the sizes on its image, and mean sizes against durations.
 * Cutoffs that are stated stay.
 * @throws ParameterError where there are no avalanches, no window is wide and full enough, or `scaling` has no range
 */
export function findWindows(part: Statistics, choice: WindowChoice): Windows {
  const { rule, among = {}, longest = Infinity } = choice;
  const stated = { xmin: choice.durations.min, xmax: choice.durations.max };
  const durations = ordered(part.histogram.duration);
  const sizes = ordered(part.histogram.size);
  const image = ({ min, max }: Cutoffs): Cutoffs => ({
    min: choice.sizes.min === 'auto' ? sizeOf(part, min) : choice.sizes.min,
    max:
      choice.sizes.max === 'auto' ? (max === Infinity ? Infinity : sizeOf(part, max)) : (choice.sizes.max ?? Infinity),
  });
  const bounded = (max: number): number => Math.min(max, longest);
  // No test of goodness of fit sees here that sizes are missing. Half of a window near the depth is kept.
  const untested = (min: number, most: number): Windows => {
    const max = bounded(most);
    const whole = Math.min(max, Math.max(wholeShare * (longest + 1), Math.sqrt(min * max)));
    return { durations: { min, max }, sizes: image({ min, max: whole }), accepted: undefined };
  };

  const given = bothOf(choice.durations);

  if (rule === 'smallest-ks') {
    const found = given ?? cutoffsOfTail(smallestKsWindow(durations, { ...among, ...stated, most: longest }));
    const own =
      bothOf(choice.sizes) ??
      cutoffsOfTail(smallestKsWindow(sizes, { ...among, xmin: choice.sizes.min, xmax: choice.sizes.max }));
    const passes = (sample: OrderedSample, { min, max }: Cutoffs): boolean =>
      testWindow(edgesOf(sample), cutTail(sample, min, max)).accepted;
    const accepted = given === undefined ? passes(durations, found) && passes(sizes, own) : undefined;
    return { durations: found, sizes: own, accepted };
  }
  if (rule === 'widest') {
    if (given !== undefined) return untested(given.min, given.max);
    const edges = edgesOf(sizes);
    const also = (tail: Tail): boolean => {
      const { min, max } = image(cutoffsOfTail(tail));
      if (!(max > min) || !isStraight(part, tail)) return false;
      const own = cutTail(sizes, min, max);
      return own.n >= (among.leastTail ?? 50) && own.last - own.first >= 2 && testWindow(edges, own).accepted;
    };
    const { tail, accepted } = widestWindow(durations, { ...among, ...stated, most: longest, also });
    const found = cutoffsOfTail(tail);
    return { durations: found, sizes: image(found), accepted };
  }
  if (rule === 'scaling' && choice.scaling === undefined) {
    throw new ParameterError('the window rule scaling needs a range of durations in which the system scales');
  }
  const all = { min: durations.position[0]!, max: Infinity };
  const range = (rule === 'scaling' && choice.scaling) || all;
  return untested(
    stated.xmin === 'auto' ? range.min : stated.xmin,
    stated.xmax === 'auto' ? range.max : (stated.xmax ?? Infinity),
  );
}

/** Cutoffs that are both stated: there is no window to be found then, however few decades of it a part of the data fills, and none is tested. */
function bothOf({ min, max }: StatedCutoffs): Cutoffs | undefined {
  return min === 'auto' || max === 'auto' ? undefined : { min, max: max ?? Infinity };
}

function sizeOf({ scaling, histogram }: Statistics, duration: number): number {
  const size = meanSizeAt(scaling, duration);
  return histogram.size.discrete ? Math.max(1, Math.round(size)) : size;
}

/** Avalanches a point of this test, whose variance is its own estimate. */
const pointCount = 50;
/** Root mean square of ln⟨S⟩ about its line that is of no account: a slope that changes by 0.06 over a decade. */
const negligible = 0.005;

/**
 * Whether ln⟨S⟩ against ln D is a line between the cutoffs, by its χ² (p ≥ 0.01: the weights are estimates too) or, as for distributions,
 * by the size of what is left.
 */
function isStraight({ scaling }: Statistics, { xmin, xmax }: Tail): boolean {
  const { logDuration, count, meanSize, varSize } = groupedSizes(scaling, { least: xmin, most: xmax }, pointCount);
  const weight = count.map((n, i) => {
    // As a ratio first, so that squares of tiny or huge sizes neither vanish nor overflow here.
    const variance = varSize[i]! / meanSize[i]! / meanSize[i]!;
    return variance > 0 && variance < Infinity ? n / variance : 0;
  });
  const line = weightedLine(logDuration, meanSize.map(Math.log), weight);
  if (line.degreesOfFreedom < 1) return true;
  // Σ of the weights, from the errors of the line.
  const total = 1 / (line.interceptError ** 2 - (line.covariance / line.slopeError) ** 2);
  if (Math.sqrt(line.chiSquare / total) <= negligible) return true;
  return chiSquareSurvival(line.chiSquare, line.degreesOfFreedom) >= 0.01;
}
