import { join } from 'node:path';
import { blamed } from '../flow/load.ts';
import type { EnsembleResult, Tables } from '../pipeline.ts';
import type { Figure } from '../report/figure.ts';
import { writeReport } from '../report/page.ts';
import { renderFigures } from '../report/render.ts';
import type { Dataset } from '../store/dataset.ts';
import type { Composed } from './compose.ts';

/** Result tables, and figures of them. */
export interface Findings {
  readonly tables: Tables;
  readonly figures: readonly Figure[];
}

/** Makes the result tables and figure specifications of a finished run. */
export function findings({ pipeline, composition }: Composed, ensembles: readonly EnsembleResult<unknown>[]): Findings {
  return blamed(pipeline, () => {
    const tables = composition.results(ensembles);
    return { tables, figures: composition.figures?.(tables) ?? [] };
  });
}

/** Writes result tables to the run folder; returns their files, relative to it. */
export async function publishTables(dataset: Dataset, tables: Tables): Promise<string[]> {
  const files: string[] = [];
  for (const [table, rows] of Object.entries(tables)) files.push((await dataset.writeTable(table, rows)).path);
  return files;
}

/** Draws the figures into `figures/` and writes report.html; returns the files, relative to the folder. */
export async function publishReport(folder: string, composed: Composed, found: Findings): Promise<string[]> {
  const { pipeline, values } = composed;
  const drawn = await renderFigures(found.figures, join(folder, 'figures'));
  await writeReport(folder, {
    title: pipeline.name,
    doc: pipeline.doc,
    parameters: values,
    tables: found.tables,
    figures: found.figures,
  });
  return [...drawn.map((file) => `figures/${file}`), 'report.html'];
}
