import { isDeepStrictEqual } from 'node:util';
import type { Sampled } from './compare.ts';
import { drawnAlike, type RecordedRun } from './pooled-runs.ts';

/** Parameters that say how much of a run there is, not what it is of. */
const amounts: readonly string[] = ['valid', 'perturbations'];

const systemOf = ({ parameters }: RecordedRun): object =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => !amounts.includes(name)));

const consequence = 'differences, errors and p values are those of independent samples, and say nothing here';

/** That two samples hold the same data, in a sentence; undefined where that isn't known. */
export function sameDataInWords([a, b]: readonly [Sampled, Sampled]): string | undefined {
  if (!isDeepStrictEqual(a.where ?? [], b.where ?? [])) return undefined;
  if (a.source.name === b.source.name) return `Both samples are ${a.source.name}: ${consequence}.`;
  for (const run of a.source.runs ?? []) {
    const same = b.source.runs?.find(
      (other) =>
        drawnAlike(run, other) &&
        isDeepStrictEqual(run.shard, other.shard) &&
        isDeepStrictEqual(systemOf(run), systemOf(other)),
    );
    if (same !== undefined)
      return `${run.name} and ${same.name} are of the same pipeline, parameters and seed (${run.seed}), and so are their avalanches: ${consequence}.`;
  }
  return undefined;
}
