/**
 * Runs: pipelines run, resumed, streamed, merged.
 *
 * ```ts
 * import { run } from 'crackle';
 *
 * const { tables } = await run('regimes', { width: 16, depth: 10, networks: 4, weightVariances: [0.5] });
 * console.log(Math.max(...tables.regime.map(({ layer }) => layer))); // 10
 * ```
 */

export type { BuiltInPipelines, ResultFor, ValuesFor } from '../run/built-in.ts';
export type { Amounts } from '../run/extend.ts';
export { type MergeOptions, mergeRuns } from '../run/merge.ts';
export type { MadeBy, Queue, RunOptions, RunResult, Snapshot } from '../run/options.ts';
export { type Repair, repair } from '../run/repair.ts';
export { type ResumeOptions, resume } from '../run/resume.ts';
export { run, type StreamOptions, stream } from '../run/run.ts';
export type { Shard } from '../run/split.ts';
export type { Status as RunStatus } from '../store/manifest.ts';
export { type Damage, type Verdict, verify } from '../store/verify.ts';
