/**
 * Runs: pipelines run, resumed, streamed, merged, read back.
 *
 * ```ts
 * import { run } from 'crackle';
 *
 * const { tables } = await run('regimes', { width: 16, depth: 10, networks: 4, weightVariances: [0.5] });
 * console.log(Math.max(...tables.regime.map(({ layer }) => layer))); // 10
 * ```
 */

export type { BuiltInPipelines, GivenTo, ResultFor, ResultOfRun, Runnable, ValuesFor } from '../run/built-in.ts';
export { checkPipeline, type PipelineCheck, type PipelineReport } from '../run/check-pipeline.ts';
export type { Amounts } from '../run/extend.ts';
export { type MergeOptions, mergeRuns } from '../run/merge.ts';
export type { MadeBy, Queue, RunOptions, RunResult, Snapshot } from '../run/options.ts';
export { type Repair, repair } from '../run/repair.ts';
export { type ResumeOptions, resume } from '../run/resume.ts';
export { run, type StreamOptions, stream } from '../run/run.ts';
export type { Shard } from '../run/split.ts';
export { type Imprint, imprintOf } from '../store/imprint.ts';
export type {
  FileEntry as RunFile,
  Manifest as RunManifest,
  ManifestHead as RunHead,
  MergedRun,
  Status as RunStatus,
  TableEntry as RunTable,
} from '../store/manifest.ts';
export { type OpenRun, openRun } from '../store/open-run.ts';
export { type Damage, type Verdict, verify } from '../store/verify.ts';
