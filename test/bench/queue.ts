import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Executor } from '../../src/flow/executor.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import type { PartitionList } from '../../src/flow/partition.ts';
import { threads } from '../../src/flow/pool.ts';
import { queueExecutor } from '../../src/queue/driver.ts';
import { type Composed, composePipeline } from '../../src/run/compose.ts';
import { declaredBy } from '../../src/run/declared.ts';
import { lanesOf } from '../../src/run/lanes.ts';
import { moduleOf, pipelineFile } from '../../src/run/origin.ts';
import type { Benchmark, Timing } from './benchmark.ts';

const root = resolve(import.meta.dirname, '../..');
const workers = 8;

/** A server and workers of one slot each, for as long as `use` takes. */
async function withWorkers<T>(use: (url: string) => Promise<T>): Promise<T> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  const children: ChildProcess[] = [];
  const url = `redis://127.0.0.1:${port}`;
  try {
    const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''], {
      stdio: 'ignore',
    });
    children.push(server);
    await Promise.race([sleep(1000), once(server, 'error').then(([error]) => Promise.reject(error as Error))]);
    const words = [join(root, 'dist/src/cli/main.js'), 'worker', url, '--slots', '1', '--log-level', 'silent'];
    for (let i = 0; i < workers; i++) children.push(spawn(process.execPath, words, { stdio: 'ignore' }));
    return await use(url);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

async function onQueue({ pipeline, values }: Composed, url: string): Promise<Executor> {
  const file = pipelineFile(pipeline);
  const { module_sha256 } = await moduleOf(pipeline);
  const own = file === undefined ? {} : { file, file_sha256: module_sha256! };
  const offered = {
    run: 'bench',
    pipeline: pipeline.name,
    ...own,
    values,
    seed: 1,
    record: [],
    records: declaredBy(pipeline).records,
    priority: 0,
  };
  const executor = await queueExecutor(offered, { url });
  while (executor.slots < workers) await sleep(100);
  return executor;
}

const onThreads = ({ pipeline, values }: Composed, count: number): Executor =>
  threads(
    { module: pipeline.module!, values, seed: 1, folder: undefined, record: [], records: declaredBy(pipeline).records },
    count,
  );

/** Seconds for partitions `from` … `to − 1`, with so many out at once. */
async function timed(
  executor: Executor,
  partitions: PartitionList,
  from: number,
  to: number,
  out: number,
): Promise<number> {
  const began = performance.now();
  let next = from;
  const one = async (): Promise<void> => {
    while (next < to) await executor.execute(partitions.at(next++));
  };
  await Promise.all(Array.from({ length: out }, one));
  return (performance.now() - began) / 1000;
}

async function throughput(): Promise<Timing> {
  const composed = composePipeline(await loadPipeline(pipelineUrl('gaussian-avalanches')), {
    widths: [256],
    perturbations: 15_625 * 64,
    valid: 1e9,
  });
  const { partitions } = lanesOf(composed.composition)[0]!;
  return withWorkers(async (url) => {
    await using queue = await onQueue(composed, url);
    await using pool = onThreads(composed, workers);
    let seconds = 0;
    let referenceSeconds = 0;
    const block = 2 * workers;
    for (let at = 0; at < 4 * block; at += block) {
      const a = await timed(pool, partitions, at, at + block, workers);
      const b = await timed(queue, partitions, at, at + block, workers + 4);
      if (at === 0) continue; // threads and workers compose the pipeline
      referenceSeconds += a;
      seconds += b;
    }
    return { seconds, referenceSeconds, note: `${3 * block} partitions of 15,625 perturbations at N = 256, in turns` };
  });
}

async function emptyWork(): Promise<Timing> {
  const module = pathToFileURL(join(root, 'test/fixtures/pipelines/empty.ts')).href;
  const composed = composePipeline(await loadPipeline(module), { widths: [16], perturbations: 100_000 });
  const { partitions } = lanesOf(composed.composition)[0]!;
  return withWorkers(async (url) => {
    await using queue = await onQueue(composed, url);
    await timed(queue, partitions, 0, 500, 64);
    const count = 3000;
    const seconds = await timed(queue, partitions, 500, 500 + count, 64);
    const rate = count / seconds;
    return {
      seconds: seconds / count,
      note: `a partition: ${rate.toFixed(0)} partitions/s, server and workers on the same cores; at 1 s a partition that feeds ${rate.toFixed(0)} cores`,
    };
  });
}

export default [
  { name: `${workers} worker processes on a queue against ${workers} threads`, run: throughput },
  { name: 'partitions without work through the queue', run: emptyWork },
] satisfies readonly Benchmark[];
