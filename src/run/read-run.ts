import { resolve } from 'node:path';
import type { Pipeline } from '../pipeline.ts';
import { checkFiles, readManifest } from '../store/folder.ts';
import type { Manifest } from '../store/manifest.ts';
import { tablePath } from '../store/part-path.ts';
import { readRows } from '../store/read-table.ts';
import type { Composed } from './compose.ts';
import { describesEnsembles } from './declared.ts';
import { pipelineOf } from './origin.ts';
import { composeAgain } from './same-computation.ts';
import { checkShardless } from './split.ts';

/** A run folder read back: what it ran, and its result tables. */
export interface ReadRun {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly composed: Composed;
  readonly tables: Readonly<Record<string, Record<string, unknown>[]>>;
}

/**
 * Reads the result tables of a run; those that were streamed to parts stay where they are.
 * @param named the user's own pipeline that the run is of
 * @throws StoreError where the folder holds no run, a shard, which has no tables, or a damaged one
 */
export async function readRun(folder: string, named?: string | Pipeline): Promise<ReadRun> {
  const path = resolve(folder);
  const manifest = await readManifest(path);
  checkShardless(folder, manifest);
  const composed = await composeAgain(folder, manifest, await pipelineOf(folder, manifest, named), manifest.parameters);
  const tables: Record<string, Record<string, unknown>[]> = {};
  for (const table of Object.keys(manifest.tables)) {
    if (manifest.record.includes(table)) continue;
    // Figures and summaries are made of what the pipeline makes, as at the end of the run.
    if (table === 'ensemble' && !describesEnsembles(composed.pipeline)) continue;
    await checkFiles(path, manifest.files, [tablePath(table)]);
    tables[table] = await readRows(resolve(path, tablePath(table)), table);
  }
  return { folder: path, manifest, composed, tables };
}
