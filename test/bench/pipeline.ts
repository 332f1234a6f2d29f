import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { executePartition } from '../../src/flow/execute.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { partSinks } from '../../src/flow/part-sinks.ts';
import { checkParameters } from '../../src/parameter.ts';
import { annealed } from '../../src/propagation/annealed.ts';
import { effective } from '../../src/propagation/effective.ts';
import type { Benchmark, Timing } from './benchmark.ts';
import { measure } from './measure.ts';

const width = 512;
/** What the default run of gaussian-avalanches takes for a partition. */
const size = 15_625;
const partitions = 12;

async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'crackle-pipeline-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Perturbations to merged states, against the engine alone on the same perturbations, in turns; and what of it is garbage collection. */
async function overhead(engine: typeof annealed | typeof effective, record: readonly string[]): Promise<Timing> {
  const pipeline = await loadPipeline(pipelineUrl('gaussian-avalanches'));
  const composition = pipeline.compose(checkParameters(pipeline.parameters, { widths: [width], engine: engine.name }));
  const ensemble = composition.ensembles[0]!;
  const { reducer } = composition;
  const floor = ensemble.inputStrength;
  const options = {
    ensemble,
    seed: 1,
    observable: 'pre-activation',
    floor,
    windowRows: 65_536,
    recycle: true,
  } as const;
  let alone = 0;
  let whole = 0;
  let rows = 0;
  let garbage = 0;
  let inWhole = false;
  const observer = new PerformanceObserver((list) => {
    if (inWhole) for (const { duration } of list.getEntries()) garbage += duration / 1000;
  });
  observer.observe({ entryTypes: ['gc'] });
  await inTemporaryFolder(async (folder) => {
    const openSink = await partSinks(folder, record);
    let merged = reducer.init();
    for (let index = -2; index < partitions; index++) {
      const partition = { ensemble: 0, index: index + 2, first: (index + 2) * size, count: size };
      const start = performance.now();
      const ids = Float64Array.from({ length: size }, (_, i) => partition.first + i);
      let layers = 0;
      for (const window of engine.propagate(ids, options) as Iterable<{ length: number }>) layers += window.length;
      await new Promise((resolve) => setImmediate(resolve)); // the observer's turn
      inWhole = index >= 0;
      const middle = performance.now();
      const { state } = await executePartition(composition, partition, { seed: 1, openSink });
      merged = reducer.merge(merged, state);
      const end = performance.now();
      await new Promise((resolve) => setImmediate(resolve));
      inWhole = false;
      if (index < 0) continue; // warming up
      rows += layers;
      alone += (middle - start) / 1000;
      whole += (end - middle) / 1000;
    }
  });
  observer.disconnect();
  const share = (100 * (1 - alone / whole)).toFixed(1);
  return {
    seconds: whole,
    referenceSeconds: alone,
    note: `${rows} layers; all that is not the kernel takes ${share} % of the time, garbage collection ${((100 * garbage) / whole).toFixed(1)} %`,
  };
}

/** Seconds from the first partition to the last one merged, threads started apart. */
async function scheduled(perturbations: number, workers: number): Promise<number> {
  return inTemporaryFolder(async (folder) => {
    const words = [
      'run',
      'gaussian-avalanches',
      '--widths',
      String(width),
      '--valid',
      '1e9',
      '--record',
      'avalanche',
      '--no-figures',
    ];
    const how = [
      '--perturbations',
      String(perturbations),
      '--workers',
      String(workers),
      '--progress',
      'json',
      '--alternatives',
      'false',
    ];
    const { stderr } = await measure([...words, ...how, '--out', join(folder, 'run')]);
    const snapshots = stderr.split('\n').filter((line) => line.startsWith('{"ensemble"'));
    return (JSON.parse(snapshots.at(-1)!) as { elapsed: number }).elapsed;
  });
}

async function scaling(): Promise<Timing> {
  const perturbations = 40 * size;
  const one = (await scheduled(perturbations, 1)) - (await scheduled(64, 1));
  const two = (await scheduled(perturbations, 2)) - (await scheduled(64, 2));
  return { seconds: two, referenceSeconds: one, note: `${perturbations} perturbations; start of the threads apart` };
}

export default [
  ...[annealed, effective].flatMap((engine) =>
    [[], ['avalanche']].map((record) => ({
      name: `pipeline, ${engine.name}, N = ${width}, ${record.length > 0 ? 'avalanches recorded' : 'nothing recorded'}, one thread, against the engine alone`,
      run: () => overhead(engine, record),
    })),
  ),
  { name: `pipeline, N = ${width}, avalanches recorded, two workers against one`, run: scaling },
] satisfies Benchmark[];
