import { setTimeout as sleep } from 'node:timers/promises';
import { RecordBatch, Schema } from 'apache-arrow';
import { map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { avalanches } from '../../src/avalanche/avalanches.ts';
import { executePartition } from '../../src/flow/execute.ts';
import type { Composition, PartitionContext } from '../../src/pipeline.ts';
import { propagate } from '../../src/propagation/propagate.ts';
import type { Sink } from '../../src/store/sink.ts';

const ensemble = {
  index: 0,
  activation: 'tanh',
  width: 64,
  depth: 200,
  weightVariance: 1 + 1 / 64,
  biasVariance: 0,
  inputStrength: 0.1 / 8,
  reuse: 1,
};

/** Counts signal rows; every stage between is real. */
function counting(stages: (partition: PartitionContext) => Observable<RecordBatch>): Composition<number> {
  return {
    ensembles: [ensemble],
    stop: { perturbations: 2000 },
    stages,
    reducer: {
      name: 'rows',
      init: () => 0,
      step: (rows, batch) => (rows as number) + batch.numRows,
      merge: (a, b) => (a as number) + (b as number),
      finish: (rows) => rows as number,
    },
    results: () => ({}),
  };
}

const partition = { ensemble: 0, index: 0, first: 0, count: 2000 };

function slowSink(delay: number): Sink & { waiting: number; peak: number; rows: number; disposed: boolean } {
  const sink = {
    waiting: 0,
    peak: 0,
    rows: 0,
    disposed: false,
    async write(batch: RecordBatch): Promise<void> {
      sink.peak = Math.max(sink.peak, ++sink.waiting);
      await sleep(delay);
      sink.rows += batch.numRows;
      sink.waiting--;
    },
    commit: async () => ({ table: 'signal', path: 'signal/part', rows: sink.rows, bytes: 0 }),
    [Symbol.asyncDispose]: async () => {
      sink.disposed = true;
    },
  };
  return sink;
}

describe('executePartition(composition, partition, options)', () => {
  it('keeps one window alive under a slow sink', async () => {
    const sink = slowSink(3);
    const composition = counting((p) =>
      p.perturbation$.pipe(propagate(p, { engine: 'effective', windowRows: 1000 }), p.record('signal')),
    );
    const outcome = await executePartition(composition, partition, { seed: 1, openSink: () => sink });
    expect(sink.peak).toBe(1);
    expect(sink.rows).toBe(outcome.state);
    expect(sink.rows).toBeGreaterThan(10_000);
    expect(outcome.parts).toEqual([{ table: 'signal', path: 'signal/part', rows: sink.rows, bytes: 0 }]);
    expect(sink.disposed).toBe(true);
  });

  it('records of a stream of several tables only what belongs to the table', async () => {
    const sink = slowSink(0);
    const composition = counting((p) =>
      p.perturbation$.pipe(
        propagate(p, { engine: 'effective' }),
        avalanches(p, { branching: true }),
        p.record('avalanche'),
      ),
    );
    const { state, counts } = await executePartition(composition, partition, { seed: 1, openSink: () => sink });
    expect(sink.rows).toBe(counts.valid + counts.censored);
    expect(state).toBe(sink.rows + 1);
  });

  it('says so where avalanches are recorded before they are made', async () => {
    const composition = counting((p) =>
      p.perturbation$.pipe(propagate(p, { engine: 'effective' }), p.record('avalanche'), avalanches(p)),
    );
    const running = executePartition(composition, partition, {
      seed: 1,
      records: ['signal', 'avalanche'],
      openSink: () => slowSink(0),
    });
    await expect(running).rejects.toThrow(
      "record('avalanche') must follow the stage that makes them: it got signal batches",
    );
  });

  it("records batches of a user's stage that don't say what they are", async () => {
    const sink = slowSink(0);
    const bare = (batch: RecordBatch) => new RecordBatch(new Schema(batch.schema.fields), batch.data);
    const composition = counting((p) =>
      p.perturbation$.pipe(propagate(p, { engine: 'effective' }), avalanches(p), map(bare), p.record('avalanche')),
    );
    const { counts } = await executePartition(composition, partition, { seed: 1, openSink: () => sink });
    expect(sink.rows).toBe(counts.valid + counts.censored);
  });

  it('rejects with what a stage throws, and disposes of its sinks', async () => {
    const sink = slowSink(0);
    let windows = 0;
    const composition = counting((p) =>
      p.perturbation$.pipe(
        propagate(p, { engine: 'effective', windowRows: 1000 }),
        p.record('signal'),
        map((batch) => {
          if (++windows === 3) throw new Error('a stage of mine broke');
          return batch;
        }),
      ),
    );
    const running = executePartition(composition, partition, { seed: 1, openSink: () => sink });
    await expect(running).rejects.toThrow('a stage of mine broke');
    expect(windows).toBe(3);
    expect(sink.disposed).toBe(true);
  });

  it('rejects with what a sink throws, also when nothing else goes wrong', async () => {
    const sink = { ...slowSink(0), write: () => Promise.reject(new Error('no space left')) };
    const composition = counting((p) =>
      p.perturbation$.pipe(propagate(p, { engine: 'effective' }), p.record('signal')),
    );
    await expect(executePartition(composition, partition, { seed: 1, openSink: () => sink })).rejects.toThrow(
      'no space left',
    );
  });

  it('stops at the next window when it is aborted', async () => {
    const controller = new AbortController();
    let windows = 0;
    const composition = counting((p) =>
      p.perturbation$.pipe(
        propagate(p, { engine: 'effective', windowRows: 1000 }),
        map((batch) => {
          if (++windows === 2) controller.abort();
          return batch;
        }),
      ),
    );
    const running = executePartition(composition, partition, {
      seed: 1,
      openSink: () => undefined,
      signal: controller.signal,
    });
    await expect(running).rejects.toThrow(/abort/i);
    expect(windows).toBe(2);
  });
});
