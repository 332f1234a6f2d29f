import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, in this order: a process that begins one of them last would be waited for by all others. Where vitest remembers nothing, as in a fresh clone. */
const dearest = [
  'queue/queue', 'package/package', 'store/s3/bucket', 'queue/together', 'cli/run', 'gpu/quenched-law', 'propagation/effective', 'cli/fit-trace',
  'gpu/failing-kernels', 'trained/trained-avalanches', 'run/run', 'flow/pool', 'nodes/nodes', 'crackling/branching', 'recording/analysis', 'gpu/tensors',
  'gpu/shapes', 'run/repair', 'run/merge', 'cli/bad-input', 'propagation/agreement', 'gpu/annealed', 'campaign/campaign', 'process/scaling-bias',
  'gpu/first-passage-quenched', 'cli/fit', 'page/report-page', 'queue/cards', 'page/live-run', 'gpu/quenched', 'trained/around', 'reduce/laws', 'store/parquet',
  'cli/fit-flags', 'readme', 'recording/signals', 'propagation/effective-tables', 'cli/outlets', 'thread', 'cli/live', 'run/imported-files', 'surrogate/engine',
  'run/callbacks', 'run/shards', 'cli/fit-compare', 'propagation/first-passage-kernel', 'gpu/card-trial', 'propagation/quenched', 'residual/resnet-avalanches',
  'fit/coverage', 'docs/docs', 'kernel/annealed', 'learning/trainability', 'fit/two-samples', 'fit/alternative', 'recording/cases', 'store/open-run',
].map((name) => `${name}.test.ts`); // biome-ignore format: words
const gone = dearest.filter((file) => !existsSync(join(import.meta.dirname, file)));
if (gone.length > 0) throw new Error(`test/dearest-first.ts names files that aren't there: ${gone.join(', ')}`);

const rank = ({ moduleId }: TestSpecification): number => {
  const at = dearest.findIndex((name) => moduleId.endsWith(`/test/${name}`));
  return at < 0 ? dearest.length : at;
};

/** Files of a project in the order of what they take; projects one after the other. */
export class DearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    return projects.flatMap((name) =>
      sorted.filter(({ project }) => project.name === name).sort((a, b) => rank(a) - rank(b)),
    );
  }
}
