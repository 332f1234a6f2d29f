import { beforeAll, describe, expect, it } from 'vitest';
import { localExecutor } from '../../src/flow/executor.ts';
import { stateOf } from '../../src/flow/kept.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { threads } from '../../src/flow/pool.ts';
import type { EnsembleResult } from '../../src/pipeline.ts';
import { workAhead } from '../../src/run/ahead.ts';
import { type Composed, composePipeline } from '../../src/run/compose.ts';
import { conductPhases } from '../../src/run/phases.ts';
import type { Progress } from '../../src/run/states.ts';

describe('workAhead()', () => {
  let composed: Composed;
  let progress: readonly Progress[];
  let ensembles: readonly EnsembleResult<unknown>[];
  beforeAll(async () => {
    const pipeline = await loadPipeline(pipelineUrl('gaussian-avalanches'));
    composed = composePipeline(pipeline, { widths: [60, 80], engine: 'effective', depth: 200, valid: 1500 });
    const told: number[] = [];
    const conducted = await conductPhases(composed, {
      openExecutor: async ({ composition }) => localExecutor(composition, { seed: 1, openSink: () => undefined }),
      onDone: (_, l) => told.push(l),
    });
    expect(told).toEqual([0, 1]);
    ({ progress, ensembles } = conducted);
  });
  /** Those of a phase measured by two worker threads, all but the last whole. */
  const measuredBy = async (phase: Composed, told: string[] = []) => {
    const { module, values, composition } = { ...phase, module: phase.pipeline.module! };
    await using pool = threads(
      { module, values, seed: 1, folder: undefined, record: [], records: ['signal', 'avalanche'] },
      2,
    );
    const ahead = workAhead({
      hand: (l) => told.push(`hand ${l}`),
      note: (l, seconds) => told.push(`note ${l} ${seconds > 0}`),
      measured: (_, done) => told.push(`measured ${done.map(({ ensemble }) => ensemble)}`),
    });
    for (const [l, done] of progress.entries()) {
      const last = l === composition.ensembles.length - 1;
      ahead.onDone(phase, l, { counts: done.counts, last, state: stateOf(done) }, pool);
    }
    await pool.rest!();
    await ahead.settled();
    return await ahead.measured(ensembles);
  };

  it('has ensembles measured by workers, the last one in parts, to the same bits', async () => {
    const told: string[] = [];
    const measured = await measuredBy(composed, told);
    expect(measured.map((one) => Object.keys(one.measured as object))).toEqual(
      Array(2).fill(['statistics', 'exponents', 'stability', 'asymmetry', 'window', 'further']),
    );
    expect(told.slice(0, 2)).toEqual(['hand 0', 'hand 1']);
    expect(told).toContain('note 0 true');
    expect(told).toContain('measured 0,1');
    const { results } = composed.composition;
    expect(results(measured)).toEqual(results(ensembles));
  });

  it('is done by workers whose partitions were left off', async () => {
    const { module, values } = { module: composed.pipeline.module!, values: composed.values };
    await using pool = threads(
      { module, values, seed: 1, folder: undefined, record: [], records: ['signal', 'avalanche'] },
      1,
    );
    let left: Promise<string> | undefined;
    const started = new Promise<void>((counted) => {
      const work = pool.execute({ ensemble: 0, index: 0, first: 0, count: 5_000_000 }, () => counted());
      left = work.then(
        () => 'done',
        (error: Error) => error.message,
      );
    });
    const waits = pool
      .execute({ ensemble: 0, index: 1, first: 5_000_000, count: 10 })
      .catch((error: Error) => error.message);
    await started;
    const measuring = pool.measure!({ ensemble: 0, counts: progress[0]!.counts, state: stateOf(progress[0]!) });
    await pool.rest!();
    expect([await left, await waits]).toEqual(Array(2).fill('the worker pool was closed'));
    expect(Object.keys((await measuring)!.made as object)).toContain('exponents');
  });

  it('leaves everything to this thread in compositions with another reducer, and where workers cannot', async () => {
    const { composition, pipeline } = composed;
    const other = { ...composition, reducer: { ...composition.reducer } };
    const nowhere = { ...pipeline, module: 'file:///nowhere/pipeline.mjs' };
    expect(await measuredBy({ ...composed, composition: other })).toEqual(ensembles);
    const failed = await measuredBy({ ...composed, pipeline: nowhere });
    expect(failed.map((one) => one.measured)).toEqual([undefined, undefined]);
  });
});
