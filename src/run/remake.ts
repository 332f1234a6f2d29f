import { resolve } from 'node:path';
import { blamed } from '../flow/blame.ts';
import type { Pipeline } from '../pipeline.ts';
import { publishReport, shownOf } from './publish.ts';
import { readRun } from './read-run.ts';

/** Makes figures and report.html of a run folder again from its tables; returns their paths. */
export async function remake(folder: string, named?: string | Pipeline): Promise<string[]> {
  const { folder: path, manifest, composed, tables } = await readRun(folder, named);
  const shown = blamed(composed.pipeline, () => shownOf(composed.composition, tables));
  return (await publishReport(path, composed, { tables, ...shown }, manifest)).map((file) => resolve(path, file));
}
