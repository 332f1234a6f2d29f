import { setTimeout as sleep } from 'node:timers/promises';
import { RecordBatch, Schema } from 'apache-arrow';
import { map, type Observable, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { avalanches } from '../../src/avalanche/avalanches.ts';
import { executePartition } from '../../src/flow/execute.ts';
import type { Composition, PartitionContext } from '../../src/pipeline.ts';
import { type PropagateOptions, propagate } from '../../src/propagation/propagate.ts';
import { column, makeBatch } from '../../src/schema/batch.ts';
import { rowsToBatch } from '../../src/schema/rows.ts';
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

  it('refuses avalanches whose perturbations the engine let go of below what a stage makes of them', async () => {
    const lifted = (options: Pick<PropagateOptions, 'floor' | 'fullDepth'>) =>
      counting((p) =>
        p.perturbation$.pipe(
          propagate(p, { engine: 'annealed', ...options }),
          map((batch) => {
            const [ensembles, layer] = [column<Int32Array>(batch, 'ensemble'), column<Int32Array>(batch, 'layer')];
            const perturbation = column<BigInt64Array>(batch, 'perturbation');
            const strength = column<Float32Array>(batch, 'strength').map((s) => 1.1 * s);
            return makeBatch('signal', { ensemble: ensembles, perturbation, layer, strength }, batch.numRows);
          }),
          avalanches(p),
        ),
      );
    const execute = (options: Pick<PropagateOptions, 'floor' | 'fullDepth'>) =>
      executePartition(lifted(options), partition, { seed: 1, openSink: () => undefined });
    await expect(execute({})).rejects.toThrow(
      /^the engine lets go of perturbation \d+ at layer \d+, where its strength falls below 0\.0125, and avalanches\(\) still sees it above the threshold\. A stage between the two that lifts strengths needs propagate\(partition, \{ floor: … \}\).*one that leaves out batches or changes their order must not/,
    );
    const layers = new Float32Array(ensemble.depth + 1).fill(ensemble.inputStrength);
    await expect(execute({ floor: layers })).rejects.toThrow(/falls below 0\.0125/);
    const { counts } = await execute({ floor: ensemble.inputStrength / 1.1 });
    expect(counts.valid).toBeGreaterThan(1000);
    expect((await execute({ fullDepth: true })).counts).toEqual(counts);
  });

  it('takes recorded traces of any length', async () => {
    const rows = [1, 2, 3].flatMap((last, perturbation) =>
      Array.from({ length: last }, (_, i) => ({ ensemble: 0, perturbation, layer: i + 1, strength: 1 })),
    );
    const composition = counting((p) =>
      p.perturbation$.pipe(
        map(() => rowsToBatch('signal', rows)),
        avalanches(p),
      ),
    );
    const one = { ensemble: 0, index: 0, first: 0, count: 3 };
    const { counts } = await executePartition(composition, one, { seed: 1, openSink: () => undefined });
    expect(counts).toMatchObject({ valid: 0, dead: 0, censored: 3 });
  });

  it('rejects with what the reducer throws, and disposes of its sinks', async () => {
    const sink = slowSink(0);
    const composition = counting((p) =>
      p.perturbation$.pipe(propagate(p, { engine: 'effective' }), p.record('signal')),
    );
    const step = (): number => {
      throw new RangeError('mine');
    };
    const wrong = { ...composition, reducer: { ...composition.reducer, step } };
    await expect(executePartition(wrong, partition, { seed: 1, openSink: () => sink })).rejects.toThrow('mine');
    expect(sink.disposed).toBe(true);
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

  it.each([true, false])(
    'uses the memory of perturbations again where stages keep none of them: %s',
    async (recycle) => {
      const ids: BigInt64Array[] = [];
      const composition = counting((context) =>
        context.perturbation$.pipe(
          tap((batch: RecordBatch) => ids.push(column<BigInt64Array>(batch, 'perturbation'))),
          propagate(context, { engine: 'effective', recycle }),
        ),
      );
      for (const index of [0, 1]) {
        const next = { ...partition, index, first: 2000 * index };
        await executePartition(composition, next, { seed: 1, openSink: () => undefined });
        expect(ids[index]!.at(-1)).toBe(BigInt(2000 * index + 1999));
      }
      expect(ids[0]!.buffer === ids[1]!.buffer).toBe(recycle);
    },
  );
});
