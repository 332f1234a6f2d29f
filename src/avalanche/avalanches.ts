import { Field, FixedSizeList, Float32, Float64, makeData, type RecordBatch } from 'apache-arrow';
import { concat, defer, filter, map, type Observable, of } from 'rxjs';
import { PipelineError } from '../error.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { logGrowth, noGrowth } from '../numeric/growth.ts';
import { floorAt } from '../retired.ts';
import { type Batch, column, makeBatch, taken } from '../schema/batch.ts';
import { constantInt32 } from '../schema/constant-column.ts';
import { readIds, writeIds } from '../schema/int64.ts';
import { type AvalancheColumns, type Passed, type Sums, shortcutOf, type Tally } from '../shortcut.ts';
import type { Stage } from '../stage.ts';
import { createDetector, type Detector, noBranching, noTally } from './detector.ts';
import { type DetectorOptions, detectorSettings, type LastLayer } from './detector-options.ts';
import { type ProfileOptions, profileOptions } from './profile-options.ts';
import type { Rule, Threshold } from './threshold.ts';

/** How signals are cut into avalanches. */
export interface AvalanchesOptions {
  /** Default: the drive s0 of the ensemble. */
  readonly threshold?: Threshold;
  /** Default: `first-passage`. */
  readonly rule?: Rule;
  /**
   * Points G of the profile's grid, 0 (default) for none; a number alone is of the excess. With G > 0 batches carry a further column `profile`, a
   * list of G float32: the excess s_l − θ_l, or the strength s_l, at x = l/D = 1/G, 2/G … 1, linearly interpolated; NaN where censored.
   */
  readonly profile?: number | ProfileOptions;
  /**
   * Whether a last batch, of table `branching`, follows with the sums that the branching ratio is made of; the drive s0 of the ensemble is the
   * first ancestor where a trace begins at layer 1. Default false.
   */
  readonly branching?: boolean;
  /**
   * Whether another batch, of table `growth`, follows with the logarithm of how strength grew over the same steps: of those to strength 0, which have none,
   * nothing is counted. Default false.
   */
  readonly growth?: boolean;
  /** S = scale · Σ (s_l − θ_l). Default: the width N. */
  readonly scale?: number;
  /** Whether the last layer of an avalanche belongs to it; default `counted`. */
  readonly lastLayer?: LastLayer;
  /** Layer of a trace's first row, default 1. */
  readonly firstLayer?: number;
}

/** What the stage needs to know of its partition. */
export interface AvalanchesContext {
  readonly ensemble: Pick<Ensemble, 'index' | 'width' | 'depth' | 'inputStrength' | 'reuse'>;
  count(tally: Tally): void;
}

/** The field of profiles, the same object for the same options, so that batches share their schema. */
function profileField(options: ProfileOptions, values: Float32 | Float64): Field {
  const key = `${options.points} ${options.of} ${values.precision}`;
  let field = fields.get(key);
  if (field === undefined) {
    field = makeField(options, values);
    fields.set(key, field);
  }
  return field;
}

const fields = new Map<string, Field>();

const makeField = ({ points: grid, of }: ProfileOptions, values: Float32 | Float64): Field =>
  new Field(
    'profile',
    new FixedSizeList(grid, new Field('strength', values, false)),
    false,
    new Map([
      ['unit', '1'],
      ['of', of],
      [
        'doc',
        `${of === 'excess' ? 'Excess over the threshold' : 'Signal strength'} at x = l/D = 1/${grid}, 2/${grid} … 1; NaN where censored.`,
      ],
    ]),
  );

/** floor(perturbation / reuse). */
const networks = (perturbation: BigInt64Array, reuse: number): BigInt64Array =>
  reuse === 1 ? perturbation : writeIds(readIds(perturbation).map((id) => Math.floor(id / reuse)));

function bitmap(flags: Uint8Array): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  for (let i = 0; i < flags.length; i++) bits[i >> 3]! |= flags[i]! << (i & 7);
  return bits;
}

/** Avalanches as an `avalanche` batch, which aliases them; with profiles, if they have any, in a further column `profile`. */
export function avalancheBatch(
  found: AvalancheColumns,
  ensemble: Pick<Ensemble, 'index' | 'reuse'>,
  profiles: number | ProfileOptions,
): Batch<'avalanche'> {
  const { length, perturbation, start, duration, size, signalSize, peak } = found;
  const options = profileOptions(profiles);
  const more: { field: Field; data: ReturnType<typeof makeData> }[] = [];
  if (options.points > 0) {
    const values = found.profile instanceof Float32Array ? new Float32() : new Float64();
    const profile = profileField(options, values);
    const type = profile.type as FixedSizeList;
    const child = makeData({
      type: values,
      length: length * type.listSize,
      nullCount: 0,
      data: found.profile,
    } as Parameters<typeof makeData>[0]);
    more.push({ field: profile, data: makeData({ type, length, nullCount: 0, child }) });
  }
  return makeBatch(
    'avalanche',
    {
      ensemble: constantInt32(ensemble.index, length),
      network: networks(perturbation, ensemble.reuse),
      perturbation,
      start,
      duration,
      size,
      signal_size: signalSize,
      peak,
      censored: bitmap(found.censored),
    },
    length,
    more,
  );
}

function branchingBatch(
  { branching: { ancestors, descendants } }: Pick<Detector, 'branching'>,
  ensemble: number,
): Batch<'branching'> {
  return makeBatch(
    'branching',
    {
      ensemble: Int32Array.of(ensemble),
      ancestors: Float64Array.of(ancestors),
      descendants: Float64Array.of(descendants),
    },
    1,
  );
}

const growthBatch = ({ growth }: Pick<Detector, 'growth'>, ensemble: number): Batch<'growth'> =>
  makeBatch(
    'growth',
    {
      ensemble: Int32Array.of(ensemble),
      steps: Float64Array.of(growth.steps),
      log_growth: Float64Array.of(logGrowth(growth)),
    },
    1,
  );

/** What finds avalanches in what a stream has to give. */
interface Finder extends Sums {
  readonly batch$: Observable<Passed>;
  take(batch: Passed): AvalancheColumns;
  finish(): AvalancheColumns | undefined;
}

/**
 * Refuses avalanches that are under way only because the engine let go of their perturbations (now, or when they were recorded), whose strengths a
 * stage between the two lifts, or whose rows it leaves out, or whose threshold is lower than theirs was: they would pass for censored, and what is left of the others for all.
 */
function checkFollowed(partition: AvalanchesContext, { length, ...found }: AvalancheColumns, leftOut: number): void {
  const { depth } = partition.ensemble;
  for (let i = 0; i < length; i++) {
    const last = found.start[i]! + found.duration[i]! - 1 + leftOut;
    const at = found.censored[i] === 1 && last < depth ? floorAt(partition, last) : undefined;
    if (at === undefined) continue;
    const floor = Number(at.floor.toPrecision(6));
    if (at.recorded) {
      throw new PipelineError(
        `the signals of perturbation ${found.perturbation[i]} were recorded up to layer ${last} only, and avalanches() still sees it above the threshold there: the run that recorded them let go of perturbations at strengths up to ${floor}. Take a threshold above that, or record them again with propagate(partition, { floor: … }) below the threshold, or fullDepth: true`,
      );
    }
    throw new PipelineError(
      `the engine lets go of perturbation ${found.perturbation[i]} at layer ${last}, where its strength falls below ${floor}, and avalanches() still sees it above the threshold. A stage between the two that lifts strengths needs propagate(partition, { floor: … }) with a floor so low that what it makes of it is below the threshold, or fullDepth: true; one that leaves out batches or changes their order must not`,
    );
  }
}

const isFound = (batch: Passed): batch is AvalancheColumns => 'signalSize' in batch;

/** A detector of what is asked for, with the stream's shortcut, where it has one that gives this. */
function finderOf(signal$: Observable<RecordBatch>, asked: DetectorOptions): Finder {
  const settings = detectorSettings(asked);
  const { threshold, firstPassage, firstLayer, leavesOut, points, excessProfile, scale, drive } = settings;
  const sums = { tally: noTally(), branching: noBranching(), growth: noGrowth() };
  const request = { leavesOut, points, excessProfile, scale, drive, sums };
  const batch$ =
    !firstPassage || firstLayer !== 1 || threshold instanceof Float64Array
      ? undefined
      : shortcutOf(signal$)?.firstPassage({ ...request, threshold });
  let detector: Detector | undefined;
  return {
    ...sums,
    batch$: batch$ ?? signal$,
    take(batch) {
      if (isFound(batch)) return batch;
      taken('avalanches', 'signal', batch);
      detector ??= createDetector(asked, sums);
      return detector.step({
        length: batch.numRows,
        perturbation: column<BigInt64Array>(batch, 'perturbation'),
        layer: column<Int32Array>(batch, 'layer'),
        strength: column<Float32Array>(batch, 'strength'),
      });
    },
    finish: () => detector?.finish(),
  };
}

/**
 * Stage from `signal` batches to `avalanche` batches, one for each signal batch in which avalanches ended. On completion the ones
 * that are still under way come out censored; batches of `branching` and `growth` follow, if they are asked for. Tallies go to `partition.count`, as differences since the last call.
 *
 * Give the engine `floorOf(threshold, depth, rule)`, so that it follows a perturbation as far as the rule needs, and no further; where stages
 * between the two lift strengths, a floor so much lower.
 * @throws ParameterError on subscription (as an error notification) for options out of range; SchemaError for batches of another table and broken traces; PipelineError where the
 *   engine let go of a perturbation that is still above the threshold here
 */
export function avalanches(
  partition: AvalanchesContext,
  options: AvalanchesOptions = {},
): Stage<'signal', 'avalanche' | 'branching' | 'growth'> {
  const { ensemble } = partition;
  const { threshold = ensemble.inputStrength, scale = ensemble.width, profile = 0 } = options;
  return (signal$) =>
    defer(() => {
      const { depth, inputStrength } = ensemble;
      const drive = (options.firstLayer ?? 1) === 1 ? { drive: inputStrength } : {};
      const asked = { ...options, threshold, scale, depth, ...drive };
      const found = finderOf(signal$, asked);
      let counted = noTally();
      const count = () => {
        const now = { ...found.tally };
        partition.count({
          valid: now.valid - counted.valid,
          dead: now.dead - counted.dead,
          censored: now.censored - counted.censored,
          nonFinite: now.nonFinite - counted.nonFinite,
        });
        counted = now;
      };
      const emit = (columns: AvalancheColumns | undefined): Batch<'avalanche'> | null => {
        count();
        return columns !== undefined && columns.length > 0 ? avalancheBatch(columns, ensemble, profile) : null;
      };
      const last$ = defer(() => {
        const columns = found.finish();
        if (columns !== undefined) checkFollowed(partition, columns, options.lastLayer === 'left-out' ? 1 : 0);
        return of(emit(columns));
      });
      const branching$ = defer(() => of(options.branching === true ? branchingBatch(found, ensemble.index) : null));
      const growth$ = defer(() => of(options.growth === true ? growthBatch(found, ensemble.index) : null));
      const avalanche$ = concat(found.batch$.pipe(map((batch) => emit(found.take(batch)))), last$);
      return concat(avalanche$, branching$, growth$).pipe(filter((batch) => batch !== null));
    });
}
