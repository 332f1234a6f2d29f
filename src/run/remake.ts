import { resolve } from 'node:path';
import { blamed } from '../flow/blame.ts';
import type { Pipeline } from '../pipeline.ts';
import { checkFiles, readManifest } from '../store/folder.ts';
import { tablePath } from '../store/part-path.ts';
import { readRows } from '../store/read-table.ts';
import { composePipeline } from './compose.ts';
import { pipelineOf } from './origin.ts';
import { publishReport, shownOf } from './publish.ts';

/** Makes figures and report.html of a run folder again from its tables; returns their paths. */
export async function remake(folder: string, named?: string | Pipeline): Promise<string[]> {
  const path = resolve(folder);
  const manifest = await readManifest(path);
  const { parameters, tables: listed, record } = manifest;
  const composed = composePipeline(await pipelineOf(folder, manifest, named), parameters);
  const tables: Record<string, Record<string, unknown>[]> = {};
  for (const table of Object.keys(listed)) {
    if (record.includes(table)) continue;
    await checkFiles(path, manifest.files, [tablePath(table)]);
    tables[table] = await readRows(resolve(path, tablePath(table)), table);
  }
  const shown = blamed(composed.pipeline, () => shownOf(composed.composition, tables));
  return (await publishReport(path, composed, { tables, ...shown }, manifest)).map((file) => resolve(path, file));
}
