import { mkdtempSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { type Executor, localExecutor } from '../../dist/src/flow/executor.js';
import { loadPipeline } from '../../dist/src/flow/load.js';
import { workerPool } from '../../dist/src/flow/pool.js';
import { composePipeline } from '../../dist/src/run/compose.js';
import { listPartitions, partitionSize } from '../../src/flow/partition.ts';
import { digest } from '../../src/store/digest.ts';
import { temporaryFolder } from '../run/temporary.ts';

// The built package: threads from sources compile it anew each time.
const module = pathToFileURL(resolve(import.meta.dirname, '../fixtures/pipelines/fails.ts')).href;
const folder = temporaryFolder();
const stop = { perturbations: 640 };
const partitions = listPartitions(0, stop, partitionSize(stop, 1));
const small = { widths: [16], depth: 20, weightVariance: 1 };

/** The pipeline that fails, told how. */
async function told(faults: readonly string[]) {
  const memory = mkdtempSync(join(folder, 'memory-'));
  const composed = composePipeline(await loadPipeline(module), { ...small, faults, memory });
  const start = { module, values: composed.values, seed: 3, folder: undefined, record: [], records: ['avalanche'] };
  return { ...composed, memory, start };
}

/** Digests of the states of the first partitions. */
async function states(executor: Executor): Promise<string[]> {
  const indices = Array.from({ length: 16 }, (_, index) => index);
  const outcomes = await Promise.all(indices.map((index) => executor.execute(partitions.at(index))));
  return outcomes.map(({ state }) => digest(serialize(state)));
}

describe('a pool of threads', () => {
  it('tries partitions again whose threads exit, run out of memory, hang or die idle: the same states', async () => {
    const faults = ['1:exit', '4:memory', '6:hang', '9:late'];
    const { composition } = await told(['none']);
    const { start, memory } = await told(faults);
    await using one = localExecutor(composition, { seed: 3, openSink: () => undefined });
    const losses: string[] = [];
    const onLoss = (partition: { index: number }, loss: Error): void => {
      losses.push(`${partition.index}: ${loss.message}`);
    };
    await using pool = workerPool(start, 2, { heap: 48, timeout: 6, onLoss });
    expect(await states(pool)).toEqual(await states(one));
    expect(readdirSync(memory)).toHaveLength(faults.length);
    // A thread that dies after its partition is done, and idle, costs nobody a try.
    const reasons = losses.filter((loss) => !loss.includes('later than its partition')).sort();
    expect(reasons).toEqual([
      '1: its thread ended with code 7',
      '4: its thread ran out of memory',
      '6: it took longer than 6 s',
    ]);
  });

  it('gives up after three tries, naming the partition', async () => {
    const { start } = await told(['3:exit', '3:exit', '3:exit']);
    await using pool = workerPool(start, 1, { alone: ({ index }) => `do ${index}` });
    await expect(pool.execute(partitions.at(3))).rejects.toThrow(
      /^partition 3 of ensemble 0 \(perturbations 30 to 39\) was tried 3 times.*code 7; to compute it alone: do 3$/,
    );
  });
});
