import { resolve } from 'node:path';
import { blamed } from '../flow/blame.ts';
import type { Pipeline } from '../pipeline.ts';
import { publishFindings, publishReport, shownOf } from './publish.ts';
import { readRun } from './read-run.ts';

/** Makes figures, report.html and findings.json of a run folder again from its tables; returns their paths. */
export async function remake(folder: string, named?: string | Pipeline): Promise<string[]> {
  const { folder: path, manifest, composed, tables } = await readRun(folder, named);
  const shown = blamed(composed.pipeline, () => shownOf(composed.composition, tables));
  const files = [
    ...(await publishReport(path, composed, { tables, ...shown }, manifest)),
    await publishFindings(path, composed, shown, manifest),
  ];
  return files.map((file) => resolve(path, file));
}
