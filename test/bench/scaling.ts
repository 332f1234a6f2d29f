import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, short, type Timing } from './benchmark.ts';
import { measure } from './measure.ts';

const width = 512;

async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'crackle-pipeline-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
  ...(['annealed', 'effective'] as const).flatMap((engine) =>
    workerCounts().map((w) => ({
      name: `workers, ${engine}, N = ${width}, avalanches recorded, ${w} in one process, against ${w} processes`,
      run: () => workersAgainstProcesses(engine, w),
    })),
  ),
] satisfies Benchmark[];
