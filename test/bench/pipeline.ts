import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annealed } from '../../src/propagation/annealed.ts';
import type { Benchmark, Timing } from './benchmark.ts';
import { measure } from './measure.ts';

const width = 512;
const depth = 1000;
const perturbations = 131_072;

/** Seconds the engine alone takes for the perturbations, rows thrown away. */
function engineAlone(): { seconds: number; rows: number } {
  const ensemble = {
    index: 0,
    activation: 'tanh',
    width,
    depth,
    weightVariance: 1 + 1 / width,
    biasVariance: 0,
    inputStrength: 0.1 / Math.sqrt(width),
    reuse: 1,
  };
  const options = {
    ensemble,
    seed: 1,
    observable: 'pre-activation',
    floor: ensemble.inputStrength,
    windowRows: 65_536,
  } as const;
  const began = performance.now();
  let rows = 0;
  const windows = annealed.propagate(
    Float64Array.from({ length: perturbations }, (_, i) => i),
    options,
  );
  for (const window of windows as Iterable<{ length: number }>) rows += window.length;
  return { seconds: (performance.now() - began) / 1000, rows };
}

async function whole(count: number, workers: number): Promise<number> {
  const out = mkdtempSync(join(tmpdir(), 'crackle-pipeline-'));
  try {
    const words = [
      'run',
      'gaussian-avalanches',
      '--widths',
      String(width),
      '--depth',
      String(depth),
      '--valid',
      '1e9',
      '--no-figures',
      '--alternatives',
      'false',
    ];
    const measured = await measure([
      ...words,
      '--perturbations',
      String(count),
      '--record',
      'avalanche',
      '--workers',
      String(workers),
      '--progress',
      'none',
      '--out',
      join(out, 'run'),
    ]);
    return measured.seconds;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

export default [
  {
    name: `pipeline, N = ${width}, avalanches recorded, one worker, against the engine alone`,
    async run(): Promise<Timing> {
      engineAlone();
      const alone = engineAlone();
      const start = await whole(64, 1);
      const all = await whole(perturbations, 1);
      const seconds = all - start;
      const overhead = 100 * (1 - alone.seconds / seconds);
      return {
        seconds,
        referenceSeconds: alone.seconds,
        note: `${alone.rows} layers; all that is not the kernel ${overhead.toFixed(1)} % of the time, beside ${start.toFixed(1)} s to start and finish a run`,
      };
    },
  },
  {
    name: `pipeline, N = ${width}, from one worker to two`,
    async run(): Promise<Timing> {
      const start = await whole(64, 2);
      const one = (await whole(2 * perturbations, 1)) - start;
      const two = (await whole(2 * perturbations, 2)) - start;
      return { seconds: two, referenceSeconds: one, note: 'start and finish of a run apart' };
    },
  },
] satisfies Benchmark[];
