import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { executePartition } from '../../../src/flow/execute.ts';
import { loadPipeline, pipelineUrl } from '../../../src/flow/load.ts';
import { partSinks } from '../../../src/flow/part-sinks.ts';
import { noGrowth } from '../../../src/numeric/growth.ts';
import { checkParameters } from '../../../src/parameter.ts';
import { annealed } from '../../../src/propagation/annealed.ts';
import { effective } from '../../../src/propagation/effective.ts';
import type { EngineOptions } from '../../../src/propagation/engine.ts';
import { followedAnnealed } from '../../../src/propagation/first-passage-annealed.ts';
import { followedEffective } from '../../../src/propagation/first-passage-effective.ts';

export const width = 512;
/** What the default run of gaussian-avalanches takes for a partition. */
export const size = 15_625;

const engines = { annealed, effective };

/** What a thread is to measure. */
export interface Asked {
  readonly engine: keyof typeof engines;
  readonly record: readonly string[];
  readonly partitions: number;
}

/** Seconds over all partitions, and of a partition the fewest. */
interface Seconds {
  all: number;
  least: number;
}

/** What a partition takes, all in seconds. */
export interface Way {
  /** The engine alone, which draws signals. */
  readonly signals: Seconds;
  /** The kernel that finds avalanches with shapes: all that a partition needs of it, but for spectra. */
  readonly finding: Seconds;
  /** Perturbations to merged states. */
  readonly whole: Seconds;
  /** Collecting garbage while at it. */
  readonly garbage: number;
  readonly layers: number;
}

function findAlone(engine: Asked['engine'], ids: Float64Array, options: EngineOptions): void {
  const drive = options.ensemble.inputStrength;
  const sums = {
    tally: { valid: 0, dead: 0, censored: 0, nonFinite: 0 },
    branching: { ancestors: 0, descendants: 0 },
    growth: noGrowth(),
  };
  const request = {
    threshold: Math.fround(drive),
    leavesOut: false,
    points: 50,
    excessProfile: true,
    scale: width,
    drive,
    every: 32,
    sums,
  };
  const follow = engine === 'annealed' ? followedAnnealed : followedEffective;
  for (const _ of follow(ids, options, request)!);
}

const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

/** In turns, after some for warming up. */
export async function measureWay({ engine: name, record, partitions }: Asked): Promise<Way> {
  const engine = engines[name];
  const pipeline = await loadPipeline(pipelineUrl('gaussian-avalanches'));
  const composition = pipeline.compose(checkParameters(pipeline.parameters, { widths: [width], engine: name }));
  const ensemble = composition.ensembles[0]!;
  const { reducer } = composition;
  const options = {
    ensemble,
    seed: 1,
    observable: 'pre-activation',
    floor: ensemble.inputStrength,
    windowRows: 65_536,
    recycle: true,
  } as const;
  const seconds = (): Seconds => ({ all: 0, least: Infinity });
  const way = { signals: seconds(), finding: seconds(), whole: seconds(), garbage: 0, layers: 0 };
  let counts = false;
  const observer = new PerformanceObserver((list) => {
    if (counts) for (const { duration } of list.getEntries()) way.garbage += duration / 1000;
  });
  observer.observe({ entryTypes: ['gc'] });
  const folder = mkdtempSync(join(tmpdir(), 'crackle-road-'));
  const warmUp = Math.ceil(partitions / 5);
  try {
    const openSink = await partSinks(folder, record);
    let merged = reducer.init();
    const ids = new Float64Array(size);
    for (let index = 0; index < warmUp + partitions; index++) {
      const first = index * size;
      const timed = async (of: Seconds, what: () => unknown): Promise<void> => {
        const began = performance.now();
        await what();
        const took = (performance.now() - began) / 1000;
        if (index < warmUp) return;
        of.all += took;
        of.least = Math.min(of.least, took);
      };
      for (let i = 0; i < size; i++) ids[i] = first + i;
      await timed(way.signals, () => {
        for (const window of engine.propagate(ids, options) as Iterable<{ length: number }>)
          if (index >= warmUp) way.layers += window.length;
      });
      await timed(way.finding, () => findAlone(name, ids, options));
      await turn(); // the observer's
      counts = index >= warmUp;
      await timed(way.whole, async () => {
        const partition = { ensemble: 0, index, first, count: size };
        const { state } = await executePartition(composition, partition, { seed: 1, openSink });
        merged = reducer.merge(merged, state);
        reducer.release?.(state);
      });
      await turn();
      counts = false;
    }
  } finally {
    observer.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
  return way;
}
