import { didYouMean, PipelineError } from '../error.ts';
import { isBuiltIn } from '../flow/built-in.ts';
import type { Pipeline } from '../pipeline.ts';
import { emptyFigure } from '../report/empty-figure.ts';
import type { Figure } from '../report/figure.ts';
import { missingField } from '../report/figure-fields.ts';
import { fieldNames } from '../schema/table.ts';
import { declaredBy } from './declared.ts';

/** Figures are files of one folder: a name with a slash would be one elsewhere. */
const fileName = (name: string): string => name.replaceAll(/[/\\]/g, '-').replace(/^[.]+/, '') || 'figure';

/** What is wrong with a figure of a pipeline's own, in a sentence; undefined where it can be drawn. */
function faultOf(pipeline: Pipeline, figures: readonly Figure[], figure: Figure): string | undefined {
  if (pipeline.module !== undefined && isBuiltIn(pipeline.module)) return undefined;
  const { name, spec } = figure;
  if (fileName(name) !== name) return `'${name}' is no name of a file, as a figure's is`;
  if (figures.findIndex((other) => other.name === name) !== figures.indexOf(figure)) {
    return `two figures have the name '${name}', which is that of their file`;
  }
  const missing = missingField(spec, declaredBy(pipeline).tables.flatMap(fieldNames));
  if (missing === undefined) return undefined;
  const { field, columns } = missing;
  const near = didYouMean(field, columns);
  return `figure '${name}' names field '${field}', which isn't a column of its data (${columns.join(', ')})${near}`;
}

/** The figures of a pipeline, those that can't be drawn with the reason in place of a picture. */
export function withFaults(pipeline: Pipeline, figures: readonly Figure[]): readonly Figure[] {
  return figures.map((figure, i) => {
    const fault = faultOf(pipeline, figures, figure);
    if (fault === undefined) return figure;
    const file = fileName(figure.name);
    const taken = figures.some(({ name }, j) => j < i && name === file);
    return emptyFigure(taken ? `${file}-${i + 1}` : file, figure.title, `Not drawn: ${fault}`);
  });
}

/** What is wrong with figures of a pipeline's own, a sentence each. */
export const figureFaults = (pipeline: Pipeline, figures: readonly Figure[]): string[] =>
  figures.flatMap((figure) => faultOf(pipeline, figures, figure) ?? []);

/**
 * Once all else of a run is written.
 * @throws PipelineError naming the figures that couldn't be drawn
 */
export function checkFigures(pipeline: Pipeline, figures: readonly Figure[]): void {
  const faults = figureFaults(pipeline, figures);
  if (faults.length === 0) return;
  throw new PipelineError(`all of the run is written but figures of pipeline ${pipeline.name}: ${faults.join('; ')}`);
}
