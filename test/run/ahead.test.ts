import { beforeAll, describe, expect, it } from 'vitest';
import { localExecutor } from '../../src/flow/executor.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import type { EnsembleResult } from '../../src/pipeline.ts';
import { workAhead } from '../../src/run/ahead.ts';
import { type Composed, composePipeline } from '../../src/run/compose.ts';

import { conductPhases } from '../../src/run/phases.ts';
import { type Progress, stateOf } from '../../src/run/states.ts';

describe('workAhead(least)', () => {
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
  const withThread = async (least: number, phase: Composed) => {
    await using ahead = workAhead(least);
    for (const [l, done] of progress.entries()) ahead.onDone(phase, l, { ...done, state: stateOf(done) });
    return await ahead.measured(ensembles);
  };

  it('has ensembles measured on a thread, to the same bits', async () => {
    const measured = await withThread(0, composed);
    expect(measured.map((one) => Object.keys(one.measured as object))).toEqual(
      Array(2).fill(['statistics', 'exponents', 'stability', 'asymmetry', 'window', 'further']),
    );
    const { results } = composed.composition;
    expect(results(measured)).toEqual(results(ensembles));
  });

  it('leaves everything to this thread in short runs, in compositions with another reducer, and where the thread cannot', async () => {
    const { composition, pipeline } = composed;
    const other = { ...composition, reducer: { ...composition.reducer } };
    const nowhere = { ...pipeline, module: 'file:///nowhere/pipeline.mjs' };
    expect(await withThread(60, composed)).toEqual(ensembles);
    expect(await withThread(0, { ...composed, composition: other })).toEqual(ensembles);
    const failed = await withThread(0, { ...composed, pipeline: nowhere });
    expect(failed.map((one) => one.measured)).toEqual([undefined, undefined]);
  });
});
