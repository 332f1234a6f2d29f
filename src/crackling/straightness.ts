import { attempt } from '../error.ts';
import { adaptiveBins, straightness } from '../fit/adaptive-bins.ts';
import { errorsOfPairs } from '../fit/half-samples.ts';
import { meanSizeAt } from '../fit/window/image.ts';
import { criticalPoint } from '../network/critical-point.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { solvePositive } from '../numeric/positive-solve.ts';
import { type EnsembleResult, withMore } from '../pipeline.ts';
import { handedBack } from '../reduce/handed-back.ts';
import type { CorrectionRow, StraightnessRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import { type SizeKind, sizeColumn } from '../schema/size.ts';
import type { BlockedStatistics, Statistics } from './reducer.ts';
import { measuredAhead } from './tables.ts';

/**
 * R² of lines through the distributions of an ensemble of the scan: of all avalanches, and of both halves of each pair. The place of a maximum
 * jumps between points of the scan, and so do edges of bins: what leaving out one block of many changes, times their number, is two to four
 * times the scatter of δ over seeds.
 */
export interface Lines {
  readonly all: Readonly<Record<ObservableName, Line>>;
  readonly pairs: readonly LinePair[];
  readonly blocks: number;
}

type Straightness = Readonly<Record<ObservableName, number>>;

interface LinePair {
  readonly one: Straightness;
  readonly other: Straightness;
  /** Blocks in each. */
  readonly blocks: readonly [number, number];
}

/** An ensemble of the scan, measured. */
export interface Scanned extends EnsembleResult<BlockedStatistics> {
  readonly lines: Lines;
}

interface Line {
  readonly rSquared: number;
  readonly slope: number;
  readonly bins: number;
}

export const observables = ['size', 'duration'] as const;
export type ObservableName = (typeof observables)[number];

/** The name of an observable in tables. */
const observableName = (observable: ObservableName, size: SizeKind): string =>
  observable === 'size' ? sizeColumn[size] : observable;

export interface LineOptions {
  /** Values a bin takes at least. */
  readonly binCount: number;
  /** Smallest duration of the line; sizes from the mean size of such avalanches. */
  readonly straightFrom: number;
  /** Which size; the `observable` of rows is named after it. */
  readonly size: SizeKind;
}

/** δ of an ensemble, σw² = critical·(1 + δ). */
function correctionOf({ activation, weightVariance }: Ensemble): number {
  return weightVariance / criticalPoint(activation).weightVariance - 1;
}

/** The same in units of c/N, the correction that takes the drift from ln s: near 1 is expected. */
export const scaledCorrection = (ensemble: Ensemble): number =>
  (correctionOf(ensemble) * ensemble.width) / criticalPoint(ensemble.activation).correction;

/** R² of the line through a distribution in log–log axes; NaN where there are too few bins for one. */
function lineOf(statistics: Statistics, observable: ObservableName, options: LineOptions): Line {
  const { straightFrom } = options;
  const least = observable === 'size' ? meanSizeAt(statistics.scaling, straightFrom) : straightFrom;
  return (
    attempt(() => straightness(adaptiveBins(statistics.histogram[observable], options.binCount), { least })) ?? {
      rSquared: Number.NaN,
      slope: Number.NaN,
      bins: 0,
    }
  );
}

/** Measures the lines of an ensemble, where that wasn't done ahead. */
export function measureLines(one: EnsembleResult<BlockedStatistics>, options: LineOptions): Scanned {
  const known = measuredAhead<Pick<Scanned, 'lines'>>(one);
  if (known !== undefined) return withMore(one, known);
  const { all, halves, blocks } = one.result;
  const of = (part: Statistics): Straightness => ({
    size: lineOf(part, 'size', options).rSquared,
    duration: lineOf(part, 'duration', options).rSquared,
  });
  const lines: Lines = {
    all: { size: lineOf(all, 'size', options), duration: lineOf(all, 'duration', options) },
    pairs: handedBack(halves, (pair) => ({ one: of(pair.one), other: of(pair.other), blocks: pair.blocks })),
    blocks,
  };
  return withMore(one, { lines });
}

/** Standard error of what is found from halves of the blocks. @param pairs what the halves of each pair come to */
function errorOf(
  pairs: readonly { readonly one: number; readonly other: number; readonly blocks: readonly [number, number] }[],
  blocks: number,
): number {
  const rows = pairs.map(({ one, other, blocks: [m, rest] }) => [
    { difference: ((2 * m * rest) / (blocks * blocks)) * (one - other), moved: 0 },
  ]);
  return errorsOfPairs(undefined, { value: 0 }, rows, blocks).standardError.value;
}

/** Rows of the `straightness` table for an ensemble of the scan. */
export function straightnessRows(one: Scanned, { size }: Pick<LineOptions, 'size'>): StraightnessRow[] {
  const { ensemble, counts, lines } = one;
  return observables.map((observable) => {
    const line = lines.all[observable];
    const pairs = lines.pairs.map(({ one: a, other: b, blocks }) => ({
      one: a[observable],
      other: b[observable],
      blocks,
    }));
    return {
      ensemble: ensemble.index,
      width: ensemble.width,
      weight_variance: ensemble.weightVariance,
      observable: observableName(observable, size),
      delta: correctionOf(ensemble),
      r_squared: orNull(line.rSquared),
      r_squared_error: orNull(errorOf(pairs, lines.blocks)),
      slope: orNull(line.slope),
      bins: Math.max(0, line.bins),
      valid: counts.valid,
      censored: counts.censored,
    };
  });
}

/** Where a scanned curve is highest. */
export interface Peak {
  readonly x: number;
  readonly y: number;
  /** False where the highest point is the first or the last. */
  readonly inside: boolean;
}

/**
 * The maximum of a curve that is known at some points, with noise: the vertex of the least-squares parabola through the highest
 * point and two neighbours on either side, as far as there are any; the highest point itself where that parabola has no maximum between them.
 * Undefined without a finite point.
 */
export function peakOf(x: readonly number[], y: readonly number[]): Peak | undefined {
  const points = x.map((at, i) => ({ x: at, y: y[i]! })).filter((point) => Number.isFinite(point.y));
  if (points.length === 0) return undefined;
  const top = points.reduce((best, point, i) => (point.y > points[best]!.y ? i : best), 0);
  const highest = points[top]!;
  const near = points.slice(Math.max(0, top - 2), top + 3);
  const inside = top > 0 && top < points.length - 1;
  if (!inside) return { ...highest, inside };
  // About the highest point, so that nothing cancels.
  const unit = near.at(-1)!.x - near[0]!.x;
  const powers = near.map((point) => [1, (point.x - highest.x) / unit, ((point.x - highest.x) / unit) ** 2]);
  const matrix = [0, 1, 2].map((i) => [0, 1, 2].map((j) => powers.reduce((sum, p) => sum + p[i]! * p[j]!, 0)));
  const right = [0, 1, 2].map((i) => powers.reduce((sum, p, k) => sum + p[i]! * (near[k]!.y - highest.y), 0));
  const [level, slope, bend] = solvePositive(matrix, right) ?? [0, 0, 0];
  const vertex = highest.x - (slope! / (2 * bend!)) * unit;
  if (!(bend! < 0 && vertex >= near[0]!.x && vertex <= near.at(-1)!.x)) return { ...highest, inside };
  return { x: vertex, y: highest.y + level! - slope! ** 2 / (4 * bend!), inside };
}

/** The correction of one width that makes an observable's distribution straightest, in units of c/N. */
export interface Straightest extends Peak {
  readonly ensemble: Ensemble;
  readonly observable: ObservableName;
  readonly standardError: number;
}

/** @param scanned the ensembles of one width, by rising correction, all with as many blocks */
export function straightest(scanned: readonly Scanned[], observable: ObservableName): Straightest | undefined {
  const x = scanned.map(({ ensemble }) => scaledCorrection(ensemble));
  const find = (rSquared: readonly number[]): Peak | undefined => peakOf(x, rSquared);
  const all = scanned.map(({ lines }) => lines.all[observable].rSquared);
  const peak = find(all);
  if (peak === undefined) return undefined;
  const first = scanned[0]!;
  const pairs = first.lines.pairs.map(({ blocks }, r) => {
    const found = (['one', 'other'] as const).map((half) =>
      find(scanned.map(({ lines }) => lines.pairs[r]?.[half][observable] ?? Number.NaN)),
    );
    return { one: found[0]?.x ?? Number.NaN, other: found[1]?.x ?? Number.NaN, blocks };
  });
  return { ...peak, ensemble: first.ensemble, observable, standardError: errorOf(pairs, first.lines.blocks) };
}

/** Row of the `correction` table. @param size which size; @param used the correction that the width's avalanches were made with, NaN where there are none */
export function correctionRow(
  { ensemble, observable, x, y, inside, standardError }: Straightest,
  size: SizeKind,
  used: number,
): CorrectionRow {
  const unit = criticalPoint(ensemble.activation).correction / ensemble.width;
  return {
    width: ensemble.width,
    observable: observableName(observable, size),
    delta: x * unit,
    delta_error: orNull(standardError * unit),
    scaled: x,
    scaled_error: orNull(standardError),
    r_squared: orNull(Math.min(y, 1)), // a parabola may overshoot
    inside,
    used: orNull(used),
  };
}
