import { accuracyMapFigure } from '../report/accuracy-map-figure.ts';
import { accuracyPredictionFigure } from '../report/accuracy-prediction-figure.ts';
import type { Figure } from '../report/figure.ts';
import { learnedSignalFigure } from '../report/learned-signal-figure.ts';
import { accuracyPerEpochFigure, epochsToAccuracyFigure } from '../report/learning-curve-figures.ts';
import { phaseMapFigure } from '../report/phase-figures.ts';
import { rankCorrelationFigure } from '../report/rank-correlation-figure.ts';
import { numberOf, type Row, rowsOf, type Tables, textOf } from '../report/table-row.ts';

const drawn = new Set(['edge-of-chaos', 'widom-weight-variance']);

/** One row a cell of the scan, as the figure wants it: the mean epochs to the target, or the last epoch where a run missed it. */
function scanRow(row: Row): Row {
  const all = numberOf(row, 'reached') === numberOf(row, 'runs');
  return { ...row, epoch: numberOf(row, all ? 'epochs_to_target' : 'epochs'), accuracy: all ? 1 : 0 };
}

/** Figures of both experiments, as far as they were made. */
export function learningFigures(tables: Tables, target: number): Figure[] {
  const of = (table: string, experiment: string): Row[] =>
    rowsOf(tables, table).filter((row) => textOf(row, 'experiment') === experiment);
  const map = of('trainability', 'map');
  const scan = of('trainability', 'scan');
  const curves = rowsOf(tables, 'phase_curve').filter((row) => drawn.has(textOf(row, 'curve')));
  return [
    ...(map.length === 0
      ? []
      : [
          accuracyMapFigure(of('learning_curve', 'map'), { curves }),
          rankCorrelationFigure(rowsOf(tables, 'rank_correlation')),
          phaseMapFigure(map, {
            name: 'susceptibility-map',
            title: 'Mean-field weight susceptibility of the same cells',
            quantities: [{ column: 'chi_weight_variance', title: 'Susceptibility ∂s*/∂σw²', log: true }],
            curves,
          }),
          accuracyPredictionFigure(map),
          accuracyPerEpochFigure(of('learning_curve', 'map')),
        ]),
    ...(scan.length === 0 ? [] : [epochsToAccuracyFigure(scan.map(scanRow), target)]),
    ...('learned_signal' in tables ? [learnedSignalFigure(rowsOf(tables, 'learned_signal'))] : []),
  ];
}
