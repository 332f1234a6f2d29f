import { type RankedPredictor, rankPredictors } from '../fit/rank-correlation.ts';
import { type LearnedCell, lastAccuracy } from './tables.ts';
import { trainableRegion } from './trainable-region.ts';

type Row = Record<string, unknown>;

/** What may order the cells by how well networks train there; larger is better. The first one is the paper's. */
const predictors: Readonly<Record<string, (cell: LearnedCell) => number>> = {
  chi_weight_variance: ({ theory }) => theory.point.chiWeightVariance,
  chi_weight_deviation: ({ theory }) => theory.point.chiWeightDeviation,
  edge_chi_1: ({ theory }) => -Math.abs(Math.log(theory.point.chi1)),
  edge_distance: ({ ensemble, theory }) => -Math.abs(ensemble.weightVariance - (theory.edge ?? Number.NaN)),
  widom_distance: ({ ensemble, theory }) => -Math.abs(ensemble.weightVariance - (theory.widom ?? Number.NaN)),
  xi_c: ({ theory }) => theory.point.xiC,
};

function correlations(cells: readonly LearnedCell[], biasVariance: number | null): Row[] {
  const names = Object.keys(predictors);
  const columns = names.map((name) => cells.map(predictors[name]!));
  return rankPredictors(columns, cells.map(lastAccuracy)).map((found: RankedPredictor, i) => ({
    bias_variance: biasVariance,
    predictor: names[i],
    cells: found.n,
    rho: found.rho,
    standard_error: found.standardError,
    p_value: found.pValue,
    lead: found.lead,
    lead_error: found.leadError,
  }));
}

/** Cells of the map by σb², in ascending order of both variances. */
function rowsOfMap(cells: readonly LearnedCell[]): LearnedCell[][] {
  const biases = [...new Set(cells.map(({ ensemble }) => ensemble.biasVariance))].sort((a, b) => a - b);
  return biases.map((bias) =>
    cells
      .filter(({ ensemble }) => ensemble.biasVariance === bias)
      .sort((a, b) => a.ensemble.weightVariance - b.ensemble.weightVariance),
  );
}

/** Rows of the `rank_correlation` table: over all cells of the map, then row by row of constant σb². */
export function rankCorrelationRows(cells: readonly LearnedCell[]): Row[] {
  const rows = rowsOfMap(cells).filter((row) => row.length >= 4);
  return [
    ...(cells.length >= 4 ? correlations(cells, null) : []),
    ...(rows.length > 1 ? rows.flatMap((row) => correlations(row, row[0]!.ensemble.biasVariance)) : []),
  ];
}

/** Rows of the `trainable_region` table. */
export function trainableRegionRows(cells: readonly LearnedCell[], threshold: number, classes: number): Row[] {
  return rowsOfMap(cells).map((row) => {
    const { ensemble, theory } = row[0]!;
    const region = trainableRegion(
      row.map((cell) => cell.ensemble.weightVariance),
      row.map(lastAccuracy),
      threshold,
      1 / classes,
    );
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
      edge_of_chaos: theory.edge ?? null,
      widom_line: theory.widom ?? null,
      widom_deviation: theory.widomDeviation ?? null,
    };
  });
}
