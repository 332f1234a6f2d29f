import { avalanches } from '../avalanche/avalanches.ts';
import { floorOf } from '../avalanche/threshold.ts';
import type { AnalysedTable } from '../crackling/analysed-avalanches.ts';
import { analyseWithin, cracklingTableNames, tablesOfAnalysed } from '../crackling/crackling.ts';
import { quickExponents } from '../crackling/measuring.ts';
import { type BlockedStatistics, cracklingReducer } from '../crackling/reducer.ts';
import { type Analysed, measuredAlone } from '../crackling/tables.ts';
import { nearestClasses } from '../crackling/universality.ts';
import type { Cutoffs } from '../crackling/windows.ts';
import type { EnsembleResult, PartitionContext, Study, Tables } from '../pipeline.ts';
import { propagate } from '../propagation/propagate.ts';
import { countsSummary } from '../report/counts-summary.ts';
import { durationDistributionFigure, sizeDistributionFigure } from '../report/distribution-figure.ts';
import { exponentsSummary } from '../report/exponents-summary.ts';
import { knownExponentsFigure } from '../report/known-exponents-figure.ts';
import { knownExponentsSummary } from '../report/known-exponents-summary.ts';
import { scalingFigure } from '../report/scaling-figure.ts';
import { universalityFigure } from '../report/universality-figure.ts';
import { universalitySummary } from '../report/universality-summary.ts';
import type { Stage } from '../stage.ts';
import { type Control, controlsOf } from './controls.ts';
import { processEngine } from './engine.ts';
import { summedFromZero } from './from-zero.ts';
import { knownExponentRows } from './known-rows.ts';
import type { KnownExponentsValues } from './parameters.ts';
import { referenceOf } from './reference.ts';
import { scalingWindow } from './scaling-window.ts';

/** The parts of a composition that measure known exponents. */
export interface KnownExponentsStudy extends Study<BlockedStatistics> {
  /** From perturbations to signals of the ensemble's process. */
  signals(partition: Pick<PartitionContext, 'ensemble' | 'seed' | 'drained'>): Stage<'perturbation', 'signal'>;
  /** From signals to avalanches, by the rule of the process. */
  avalanches(partition: Pick<PartitionContext, 'ensemble' | 'count'>): Stage<'signal', AnalysedTable>;
  /** Avalanches with the sizes that the known exponents are of. */
  sizes(partition: Pick<PartitionContext, 'ensemble'>): Stage<AnalysedTable, AnalysedTable>;
}

type Simulated = EnsembleResult<BlockedStatistics>;

const rangeOf = ({ subject, ensemble }: Control): Cutoffs => {
  const { least, most } = scalingWindow(subject, ensemble.process!.parameters, ensemble.depth);
  return { min: least, max: most };
};

const analysed = (control: Control, result: Simulated, values: KnownExponentsValues): Analysed =>
  analyseWithin(result, { ...values, size: control.size }, rangeOf(control));

/** Tables that the controls make. */
export const knownExponentsTableNames = ['known_exponents', ...cracklingTableNames] as const;

function tablesOf(controls: readonly Control[], results: readonly Simulated[], values: KnownExponentsValues): Tables {
  const each = results.map((result): Tables => {
    const control = controls[result.ensemble.index]!;
    const { ensemble, size, subject } = control;
    const asked = { ...values, size };
    const range = rangeOf(control);
    const one = analysed(control, result, values);
    const tables = tablesOfAnalysed([one], asked, subject.name);
    const { min, max } = one.exponents.windows?.durations ?? range;
    const window = { least: min, most: Math.min(max, ensemble.depth - 1) };
    const reference = referenceOf(control, one, window, asked);
    return {
      known_exponents: knownExponentRows(
        { control, one, window, reference, resolution: values.resolution },
        tables.universality ?? [],
      ),
      ...tables,
    };
  });
  const together: Record<string, unknown[]> = {};
  for (const [name, rows] of each.flatMap((tables) => Object.entries(tables))) {
    together[name] = [...(together[name] ?? []), ...rows];
  }
  return together as Tables;
}

/** The rows of those controls whose sizes can share an axis. */
function excessOnly(controls: readonly Control[], tables: Tables): Tables {
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [
      name,
      rows.filter((row) => !('ensemble' in row) || controls[row.ensemble ?? -1]?.size !== 'signal'),
    ]),
  );
}

/**
 * Processes whose exponents are known, sent through the detector, reducers, fits and verdicts that measure everything else: what the machine
 * finds beside what is true, in table `known_exponents`. Spread it into what `compose` returns.
 * @throws ParameterError for parameters out of range
 */
export function knownExponents(values: KnownExponentsValues): KnownExponentsStudy {
  const controls = controlsOf(values);
  const ruleOf = ({ ensemble: { index, depth } }: Pick<PartitionContext, 'ensemble'>) => {
    const { subject: own, ensemble, size } = controls[index]!;
    const threshold = own.threshold(ensemble.process!.parameters);
    return { own, threshold, size, floor: floorOf(threshold, depth, own.rule) };
  };
  const reducer = cracklingReducer({ ...values, unprofiled: true });
  return {
    ensembles: controls.map(({ ensemble }) => ensemble),
    stop: {},
    stopOf: ({ index }) => controls[index]!.stop,
    signals: (partition) => {
      const { own, floor } = ruleOf(partition);
      const follow = floor === null ? { fullDepth: true } : { floor };
      return propagate(partition, { engine: processEngine(own), ...follow, recycle: true });
    },
    avalanches: (partition) => {
      const { own, threshold, size } = ruleOf(partition);
      return avalanches(partition, {
        threshold,
        rule: own.rule,
        profile: size === 'excess' ? values.profilePoints : 0,
        branching: own.rule === 'first-passage',
      });
    },
    sizes: ({ ensemble }) => (controls[ensemble.index]!.size === 'signal' ? summedFromZero() : (batch$) => batch$),
    reducer,
    mergeable: true,
    ahead: { of: reducer, measure: (one) => measuredAlone(analysed(controls[one.ensemble.index]!, one, values)) },
    results: (ensembles) => tablesOf(controls, ensembles, values),
    estimate: ({ all }, ensemble) =>
      quickExponents(ensemble, all, { ...values, size: 'excess' }, rangeOf(controls[ensemble.index]!)),
    summaries: (tables) => [
      knownExponentsSummary(tables),
      exponentsSummary(tables, values),
      universalitySummary(tables),
      countsSummary(tables),
    ],
    after: { each: () => 0.5, all: 0.3, figures: 2.5 },
    figures: (tables) => [
      knownExponentsFigure(tables, values),
      sizeDistributionFigure(excessOnly(controls, tables), { perRootWidth: false }),
      durationDistributionFigure(tables),
      scalingFigure(excessOnly(controls, tables), { ...values, perRootWidth: false }),
      universalityFigure(tables, nearestClasses(tables.universality ?? []), values),
    ],
    cost: ({ index }) => controls[index]!.subject.cost,
  };
}
