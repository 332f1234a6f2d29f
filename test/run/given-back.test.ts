import { describe, expect, it } from 'vitest';
import type { Executor } from '../../src/flow/executor.ts';
import { localExecutor } from '../../src/flow/executor.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { threads } from '../../src/flow/pool.ts';
import { type Composed, composePipeline } from '../../src/run/compose.ts';
import { conductPhases } from '../../src/run/phases.ts';
import { apart } from '../../src/store/apart.ts';

const bytesIn = (state: unknown): number => apart(state).arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);

/** Small partitions, several times as many as there are blocks. @param done told of each state */
async function conducted(open: (composed: Composed) => Executor, done: (state: unknown) => void = () => {}) {
  const pipeline = await loadPipeline(pipelineUrl('gaussian-avalanches'));
  const few = { widths: [60], engine: 'effective', depth: 200, perturbations: 20_000 };
  const composed = composePipeline(pipeline, few);
  const { ensembles } = await conductPhases(composed, {
    split: { partitionSizes: [200] },
    openExecutor: async () => {
      const executor = open(composed);
      return {
        ...executor,
        async execute(partition, onCount) {
          const outcome = await executor.execute(partition, onCount);
          done(outcome.state);
          return outcome;
        },
      };
    },
  });
  return composed.composition.results(ensembles);
}

describe('states of partitions', () => {
  it('go back to the threads that made them once they are merged, to the same bits', async () => {
    const states: unknown[] = [];
    let [all, fewest] = [0, Number.POSITIVE_INFINITY];
    const byThreads = await conducted(
      ({ pipeline: { module }, values }) =>
        threads(
          { module: module!, values, seed: 1, folder: undefined, record: [], records: ['signal', 'avalanche'] },
          2,
        ),
      (state) => {
        states.push(state);
        all += bytesIn(state);
        fewest = Math.min(fewest, bytesIn(state));
      },
    );
    expect(states.length).toBeGreaterThanOrEqual(100);
    expect(fewest).toBeGreaterThan(30_000);
    // What is left are the few arrays that no reducer gives back, and states that were not merged.
    const left = states.reduce<number>((sum, state) => sum + bytesIn(state), 0);
    expect(left / all).toBeLessThan(0.15);
    expect(byThreads).toEqual(
      await conducted(({ composition }) => localExecutor(composition, { seed: 1, openSink: () => undefined })),
    );
  });

  it('stay where they are where no reducer gives anything back', async () => {
    const module = new URL('../fixtures/pipelines/phased.ts', import.meta.url).href;
    const { values } = composePipeline(await loadPipeline(module), {});
    await using pool = threads({ module, values, seed: 1, folder: undefined, record: [], records: ['avalanche'] }, 1);
    const { counts, release } = await pool.execute({ ensemble: 0, index: 0, first: 0, count: 10 });
    expect(counts.perturbations).toBe(10);
    expect(release).toBeUndefined();
  });
});
