import { join } from 'node:path';
import { ensembleRow } from '../crackling/ensemble-row.ts';
import { WorkerError } from '../error.ts';
import { blamed } from '../flow/blame.ts';
import type { Composition, Counts, EnsembleResult, Tables } from '../pipeline.ts';
import type { Figure } from '../report/figure.ts';
import { findingsJson } from '../report/findings-json.ts';
import type { Report } from '../report/page.ts';
import { replaceFile } from '../report/replace-file.ts';
import type { Summary } from '../report/summary.ts';
import type { Dataset } from '../store/dataset.ts';
import type { Manifest } from '../store/manifest.ts';
import type { Composed } from './compose.ts';
import { checkMade, checkTables } from './declared.ts';
import { withEngines } from './engines.ts';
import { withFaults } from './figure-faults.ts';
import { provenanceOf } from './provenance.ts';
import { checkShown } from './shown.ts';

/** Result tables, and what is said and drawn of them. */
export interface Findings {
  readonly tables: Tables;
  readonly summaries: readonly Summary[];
  readonly figures: readonly Figure[];
}

/** Summaries and figures of result tables. */
export function shownOf(composition: Composition, tables: Tables): Omit<Findings, 'tables'> {
  return { summaries: composition.summaries?.(tables) ?? [], figures: composition.figures?.(tables) ?? [] };
}

/** Makes the result tables and figure specifications of a finished run. Its ensembles are described whatever its pipeline makes, so that every table joins. */
export function findings(composed: Composed, ensembles: readonly EnsembleResult<unknown>[]): Findings {
  const { pipeline, composition, values } = composed;
  return blamed(pipeline, () => {
    const results = composition.results(ensembles);
    checkTables(pipeline, results);
    checkMade(pipeline, Object.keys(results));
    const engine = typeof values.engine === 'string' ? values.engine : '';
    const made = withEngines(composed, { ensemble: ensembles.map((one) => ensembleRow(one, engine)), ...results });
    const shown = shownOf(composition, made);
    checkShown(pipeline, shown);
    return { tables: made, ...shown };
  });
}

/** Writes result tables to the run folder; returns their files, relative to it. */
export async function publishTables(dataset: Dataset, tables: Tables): Promise<string[]> {
  const files: string[] = [];
  for (const [table, rows] of Object.entries(tables)) files.push((await dataset.writeTable(table, rows)).path);
  return files;
}

/** Writes what was found as data, findings.json; returns the file, relative to the folder. */
export async function publishFindings(
  folder: string,
  { pipeline }: Composed,
  { summaries }: Pick<Findings, 'summaries'>,
  manifest: Manifest,
): Promise<string> {
  const { command } = provenanceOf(pipeline, manifest);
  const file = 'findings.json';
  await replaceFile(
    join(folder, file),
    findingsJson({ pipeline: pipeline.name, status: manifest.status, command, summaries }),
  );
  return file;
}

/** All that report.html tells of a run: plain data, that another thread can draw. */
export function reportOf({ pipeline, values }: Composed, found: Findings, manifest: Manifest): Report {
  const { merged, status, record } = manifest;
  return {
    title: pipeline.name,
    doc: pipeline.doc,
    parameters: values,
    tables: found.tables,
    summaries: found.summaries,
    figures: withFaults(pipeline, found.figures),
    recorded: record,
    provenance: provenanceOf(pipeline, manifest),
    notes: [
      ...(merged === undefined
        ? []
        : [`Merged from ${merged.length} runs with the seeds ${merged.map(({ seed }) => seed).join(', ')}.`]),
      ...(status === 'complete'
        ? []
        : ['This run is partial: it was interrupted, and its tables hold what there was then.']),
    ],
  };
}

/** Draws the figures into `figures/` and writes report.html; returns the files, relative to the folder. */
export async function publishReport(folder: string, report: Report): Promise<string[]> {
  // Only where there is something to draw: Vega takes longer than all the rest of a run's start.
  const { drawReport } = await import('../report/draw-report.ts');
  return drawReport(folder, report);
}

/** Tallies of all ensembles together, as the manifest has them. */
export function totals(ensembles: readonly EnsembleResult<unknown>[]): Record<string, number> {
  const sum = (key: keyof Counts): number => ensembles.reduce((total, { counts }) => total + (counts[key] ?? 0), 0);
  return {
    perturbations: sum('perturbations'),
    valid: sum('valid'),
    dead: sum('dead'),
    censored: sum('censored'),
    non_finite: sum('nonFinite'),
  };
}

/**
 * Ends a dataset that a failure cut short: what is committed stays, marked partial; if even that fails, it stays `running`. A new run that was
 * refused before anything came of it leaves no folder behind; one that lost a worker does, for `crackle replay`.
 * @param refused why a new run failed
 * @returns whether a folder is left
 */
export async function abandon(dataset: Dataset | undefined, refused?: unknown): Promise<boolean> {
  if (dataset === undefined) return false;
  if (dataset.manifest.status === 'complete') return true;
  try {
    const refusal = refused !== undefined && !(refused instanceof WorkerError);
    if (refusal && dataset.journal.length === 0 && dataset.withdraw !== undefined) {
      await dataset.withdraw();
      return false;
    }
    await dataset.finish('partial', {});
  } catch {
    // The disk is full or gone: the manifest still says running, which no reader takes for complete.
  }
  return true;
}
