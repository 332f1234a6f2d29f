import { rankPredictors } from '../fit/rank-correlation.ts';
import type { Tables } from '../pipeline.ts';
import type { RankCorrelationRow, RankDifferenceRow, TrainableRegionRow } from '../schema/columns.ts';
import { accuracyError, type LearnedCell, lastAccuracy } from './tables.ts';
import { trainableRegion } from './trainable-region.ts';

/** What may order the cells by how well networks train there; larger is better. The first one is the paper's. */
const predictors: Readonly<Record<string, (cell: LearnedCell) => number>> = {
  chi_weight_variance: ({ theory }) => theory.point.chiWeightVariance,
  chi_weight_deviation: ({ theory }) => theory.point.chiWeightDeviation,
  edge_chi_1: ({ theory }) => -Math.abs(Math.log(theory.point.chi1)),
  edge_distance: ({ ensemble, theory }) => -Math.abs(ensemble.weightVariance - (theory.edge ?? Number.NaN)),
  widom_distance: ({ ensemble, theory }) => -Math.abs(ensemble.weightVariance - (theory.widom ?? Number.NaN)),
  xi_c: ({ theory }) => theory.point.xiC,
  xi_q: ({ theory }) => theory.point.xiQ,
};
const names = Object.keys(predictors);

const ranked = (cells: readonly LearnedCell[]) =>
  rankPredictors(
    names.map((name) => cells.map(predictors[name]!)),
    cells.map(({ result }) => result.runs.map(({ accuracy }) => accuracy)),
  );

const correlations = (
  { predictors: found }: ReturnType<typeof ranked>,
  biasVariance: number | null,
): RankCorrelationRow[] =>
  found.map(({ n, rho, pValue }, i) => ({
    bias_variance: biasVariance,
    predictor: names[i]!,
    cells: n,
    rho: rho.value,
    rho_error: rho.standardError,
    rho_low: rho.low,
    rho_high: rho.high,
    p_value: pValue,
  }));

/** The better one of a pair first. */
const differences = ({ differences: found }: ReturnType<typeof ranked>): RankDifferenceRow[] =>
  found.map(({ predictor, other, difference, ahead }) => {
    const { value, standardError, low, high } = difference;
    const [better, worse] = value < 0 ? [other, predictor] : [predictor, other];
    return {
      predictor: names[better]!,
      other: names[worse]!,
      difference: Math.abs(value),
      difference_error: standardError,
      difference_low: value < 0 ? -high : low,
      difference_high: value < 0 ? -low : high,
      ahead: value < 0 ? 1 - ahead : ahead,
    };
  });

/** Cells of the map by σb², in ascending order of both variances. */
function rowsOfMap(cells: readonly LearnedCell[]): LearnedCell[][] {
  const biases = [...new Set(cells.map(({ ensemble }) => ensemble.biasVariance))].sort((a, b) => a - b);
  return biases.map((bias) =>
    cells
      .filter(({ ensemble }) => ensemble.biasVariance === bias)
      .sort((a, b) => a.ensemble.weightVariance - b.ensemble.weightVariance),
  );
}

/** Cells that a rank correlation takes at least. */
const fewest = 4;

/** Tables `rank_correlation`, over all cells of the map and then row by row of constant σb², and `rank_difference`, over all cells. */
export function rankTables(cells: readonly LearnedCell[]): Pick<Tables, 'rank_correlation' | 'rank_difference'> {
  if (cells.length < fewest) return { rank_correlation: [], rank_difference: [] };
  const all = ranked(cells);
  const rows = rowsOfMap(cells).filter((row) => row.length >= fewest);
  return {
    rank_correlation: [
      ...correlations(all, null),
      ...(rows.length > 1 ? rows.flatMap((row) => correlations(ranked(row), row[0]!.ensemble.biasVariance)) : []),
    ],
    rank_difference: differences(all),
  };
}

/** Rows of the `trainable_region` table. */
export function trainableRegionRows(
  cells: readonly LearnedCell[],
  threshold: number,
  classes: number,
): TrainableRegionRow[] {
  return rowsOfMap(cells).map((row) => {
    const { ensemble, theory } = row[0]!;
    const region = trainableRegion(
      row.map((cell) => cell.ensemble.weightVariance),
      row.map(lastAccuracy),
      threshold,
      1 / classes,
    );
    const best = row.find((cell) => cell.ensemble.weightVariance === region.peak);
    return {
      width: ensemble.width,
      depth: ensemble.depth,
      bias_variance: ensemble.biasVariance,
      threshold,
      weight_low: region.low ?? null,
      weight_high: region.high ?? null,
      extent: region.extent,
      centre: region.centre,
      peak: region.peak,
      peak_accuracy: region.peakAccuracy,
      peak_accuracy_error: best === undefined ? null : accuracyError(best),
      edge_of_chaos: theory.edge ?? null,
      widom_line: theory.widom ?? null,
      widom_deviation: theory.widomDeviation ?? null,
    };
  });
}
