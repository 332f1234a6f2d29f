import type { Tables } from '../pipeline.ts';
import { calibrationFigure } from '../report/calibration-figure.ts';
import { collapseFigure } from '../report/collapse-figure.ts';
import { durationDistributionFigure, sizeDistributionFigure } from '../report/distribution-figure.ts';
import type { Figure } from '../report/figure.ts';
import { scalingFigure } from '../report/scaling-figure.ts';
import type { GammaFit } from '../report/size-words.ts';
import { surrogatesFigure } from '../report/surrogate-figure.ts';
import { thresholdExponentsFigure } from '../report/threshold-figure.ts';

/** The rows of all tables that belong to some ensembles. */
function only(tables: Tables, ensembles: ReadonlySet<unknown>): Tables {
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      rows.filter((row) => 'ensemble' in row && ensembles.has(row.ensemble)),
    ]),
  );
}

/** Calibration and exponents of all models, and for each model its avalanches at all thresholds. */
export function residualFigures(tables: Tables, thresholds: readonly number[], fit: GammaFit): Figure[] {
  const { calibration: layers = [] } = tables;
  const isMeasured = ({ surrogate }: { readonly surrogate?: string | null | undefined }) =>
    (surrogate ?? null) === null;
  const ensemble = (tables.ensemble ?? []).filter(isMeasured);
  const models = [...new Set(ensemble.map(({ model }) => String(model)))];
  const each = models.flatMap((model) => {
    const own = ensemble.filter((row) => row.model === model);
    const part = only(tables, new Set(own.map((row) => row.ensemble)));
    return [
      sizeDistributionFigure(part),
      durationDistributionFigure(part),
      scalingFigure(part, fit),
      collapseFigure(part),
    ].map((figure) => ({
      ...figure,
      name: `${figure.name}-${model}`,
      title: `${figure.title}, ${model}`,
    }));
  });
  const beside = tables.surrogate === undefined ? [] : [surrogatesFigure(tables, fit)];
  return [
    calibrationFigure(layers, thresholds),
    thresholdExponentsFigure(tables.exponents ?? [], fit),
    ...beside,
    ...each,
  ];
}
