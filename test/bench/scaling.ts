import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { executePartition } from '../../src/flow/execute.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { partSinks } from '../../src/flow/part-sinks.ts';
import { checkParameters } from '../../src/parameter.ts';
import { annealed } from '../../src/propagation/annealed.ts';
import { effective } from '../../src/propagation/effective.ts';
import type { EngineOptions } from '../../src/propagation/engine.ts';
import { followedAnnealed } from '../../src/propagation/first-passage-annealed.ts';
import { followedEffective } from '../../src/propagation/first-passage-effective.ts';
import { type Benchmark, short, type Timing } from './benchmark.ts';
import { measure } from './measure.ts';

const width = 512;
/** What the default run of gaussian-avalanches takes for a partition. */
const size = 15_625;
const partitions = short ? 3 : 12;

async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'crackle-pipeline-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How long an engine's kernel takes to find avalanches with shapes: all that a partition needs of it, but for spectra. */
function findAlone(engine: typeof annealed | typeof effective, ids: Float64Array, options: EngineOptions): number {
  const start = performance.now();
  const drive = options.ensemble.inputStrength;
  const sums = {
    tally: { valid: 0, dead: 0, censored: 0, nonFinite: 0 },
    branching: { ancestors: 0, descendants: 0 },
  };
  const request = {
    threshold: Math.fround(drive),
    leavesOut: false,
    points: 50,
    excessProfile: true,
    scale: width,
    drive,
    sums,
  };
  const follow = engine.name === 'annealed' ? followedAnnealed : followedEffective;
  for (const _ of follow(ids, options, request)!);
  return (performance.now() - start) / 1000;
}

/**
 * Perturbations to merged states, against the engine alone that draws their signals, in turns; and what of it is garbage collection. The way
 * goes by another kernel than signals do, which may be faster: its time is told, too.
 */
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
  let finding = 0;
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
      const signals = performance.now();
      const found = findAlone(engine, ids, options);
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
      alone += (signals - start) / 1000;
      finding += found;
      whole += (end - middle) / 1000;
    }
  });
  observer.disconnect();
  const each = (seconds: number): string => (((seconds * 1e9) / rows) | 0).toString();
  return {
    seconds: whole,
    referenceSeconds: alone,
    note: `${rows} layers; ns a layer: ${each(whole)}, signals alone ${each(alone)}, avalanches alone ${each(finding)}; garbage collection ${((100 * garbage) / whole).toFixed(1)} %`,
  };
}

/** Perturbations that a worker gets, some five seconds of it. */
const share = short ? { annealed: 31_250, effective: 500_000 } : { annealed: 125_000, effective: 2_000_000 };

type EngineName = keyof typeof share;

interface Scheduled {
  readonly seconds: number;
  readonly cpu: number;
}

/** From the first partition to the last one merged, without the start; CPU time is of all of the process. */
async function scheduled(engine: EngineName, perturbations: number, workers: number, seed: number): Promise<Scheduled> {
  return inTemporaryFolder(async (folder) => {
    const common = ['run', 'gaussian-avalanches', '--widths', String(width), '--valid', '1e9', '--no-figures'];
    const how = ['--record', 'avalanche', '--progress', 'json', '--alternatives', 'false', '--engine', engine];
    const much = ['--perturbations', String(perturbations), '--workers', String(workers), '--seed', String(seed)];
    const { stderr, cpu } = await measure([...common, ...how, ...much, '--out', join(folder, 'run')]);
    const snapshots = stderr.split('\n').filter((line) => line.startsWith('{"ensemble"'));
    return { seconds: (JSON.parse(snapshots.at(-1)!) as { elapsed: number }).elapsed, cpu };
  });
}

/** A run with w workers, against w runs at once with one worker each that do as much together. */
async function workersAgainstProcesses(engine: EngineName, w: number): Promise<Timing> {
  const each = share[engine];
  const together = await scheduled(engine, w * each, w, 1);
  const start = (await scheduled(engine, 64, w, 1)).seconds;
  const apart = await Promise.all(Array.from({ length: w }, (_, i) => scheduled(engine, each, 1, i + 1)));
  const starts = await Promise.all(Array.from({ length: w }, (_, i) => scheduled(engine, 64, 1, i + 1)));
  const longest = (runs: readonly Scheduled[]): number => Math.max(...runs.map(({ seconds }) => seconds));
  const cpu = apart.reduce((sum, run) => sum + run.cpu, 0);
  const rate = (w * each) / (together.seconds - start);
  return {
    seconds: together.seconds - start,
    referenceSeconds: longest(apart) - longest(starts),
    note: `${w * each} perturbations, ${Math.round(rate / w)} a second and worker; CPU ${together.cpu.toFixed(1)} s, of the processes ${cpu.toFixed(1)} s, with start and fits`,
  };
}

/** 1, 2, 4 … and as many workers as there are cores. */
const workerCounts = (): number[] => {
  const cores = availableParallelism();
  const counts: number[] = [];
  for (let w = 1; w < cores; w *= 2) counts.push(w);
  return [...counts, cores];
};

export default [
  ...[annealed, effective].flatMap((engine) =>
    [[], ['avalanche']].map((record) => ({
      name: `road, ${engine.name}, N = ${width}, ${record.length > 0 ? 'avalanches recorded' : 'nothing recorded'}, one thread, against the engine alone`,
      run: () => overhead(engine, record),
    })),
  ),
  ...(['annealed', 'effective'] as const).flatMap((engine) =>
    workerCounts().map((w) => ({
      name: `workers, ${engine}, N = ${width}, avalanches recorded, ${w} in one process, against ${w} processes`,
      run: () => workersAgainstProcesses(engine, w),
    })),
  ),
] satisfies Benchmark[];
