import type { RecordBatch } from 'apache-arrow';
import { from, lastValueFrom, type Observable, of, Subject, take, tap, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { effective } from '../../src/propagation/effective.ts';
import type { Engine, EngineOptions, SignalWindow } from '../../src/propagation/engine.ts';
import { engine, engineNames, registerEngine } from '../../src/propagation/engines.ts';
import { propagate } from '../../src/propagation/propagate.ts';
import { column, makeBatch } from '../../src/schema/batch.ts';

const ensemble: Ensemble = {
  index: 3,
  activation: 'tanh',
  width: 100,
  depth: 50,
  weightVariance: 1.01,
  biasVariance: 0,
  inputStrength: 0.01,
  reuse: 1,
};

function perturbations(first: number, count: number): RecordBatch {
  const ids = BigInt64Array.from({ length: count }, (_, i) => BigInt(first + i));
  const columns = {
    ensemble: new Int32Array(count).fill(ensemble.index),
    network: ids,
    perturbation: ids,
    strength: new Float32Array(count).fill(ensemble.inputStrength),
  };
  return makeBatch('perturbation', columns, count);
}

const partition = { ensemble, seed: 7, drained: async () => {} };
const collect = (signal$: Observable<RecordBatch>): Promise<RecordBatch[]> => lastValueFrom(signal$.pipe(toArray()));
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An engine that tells what happens to it: each window one row, its layer the window's number. */
function observed(windows: number, log: string[], failAt = Number.POSITIVE_INFINITY): Engine {
  return {
    name: 'observed',
    *propagate(ids: Float64Array, _options: EngineOptions): Generator<SignalWindow> {
      try {
        for (let layer = 1; layer <= windows; layer++) {
          if (layer === failAt) throw new Error('the engine broke');
          log.push(`window ${layer}`);
          yield {
            length: 1,
            perturbation: BigInt64Array.of(BigInt(ids[0]!)),
            layer: Int32Array.of(layer),
            strength: Float32Array.of(1),
          };
        }
      } finally {
        log.push('returned');
      }
    },
  };
}

describe('propagate(partition, options)', () => {
  it('emits what the engine makes, as signal batches, whatever the number of perturbation batches and rows a window', async () => {
    const options = { ensemble, seed: 7, observable: 'pre-activation', floor: 0.01, windowRows: 1e6 } as const;
    const ids = Float64Array.from({ length: 90 }, (_, i) => 2 ** 33 + i);
    const [window] = effective.propagate(ids, options) as Iterable<SignalWindow>;
    for (const windowRows of [7, 65_536]) {
      const batches = await collect(
        from([perturbations(2 ** 33, 30), perturbations(2 ** 33 + 30, 60)]).pipe(
          propagate(partition, { engine: 'effective', windowRows }),
        ),
      );
      expect(batches[0]!.schema.metadata.get('table')).toBe('signal');
      const all = (name: string) => batches.flatMap((batch) => [...column(batch, name)] as (number | bigint)[]);
      expect(all('perturbation')).toEqual([...window!.perturbation]);
      expect(all('layer')).toEqual([...window!.layer]);
      expect(all('strength')).toEqual([...window!.strength]);
      expect(new Set(all('ensemble'))).toEqual(new Set([3]));
    }
  });

  it('retires at the input strength, at another floor, or not at all', async () => {
    const rows = async (more: object): Promise<RecordBatch[]> =>
      collect(of(perturbations(0, 50)).pipe(propagate(partition, { engine: 'effective', ...more })));
    const count = (batches: RecordBatch[]): number => batches.reduce((sum, batch) => sum + batch.numRows, 0);
    const usual = count(await rows({}));
    expect(usual).toBe(count(await rows({ floor: ensemble.inputStrength })));
    expect(usual).toBeGreaterThan(50);
    expect(count(await rows({ floor: Number.POSITIVE_INFINITY }))).toBe(50);
    expect(count(await rows({ fullDepth: true }))).toBe(50 * ensemble.depth);
  });

  it('awaits drained() before it makes the next window', async () => {
    const log: string[] = [];
    const slow = {
      ...partition,
      drained: async () => {
        await tick();
        log.push('drained');
      },
    };
    await collect(
      of(perturbations(0, 1)).pipe(
        propagate(slow, { engine: observed(3, log) }),
        tap(() => log.push('emitted')),
      ),
    );
    const each = (i: number): string[] => [`window ${i}`, 'emitted', 'drained'];
    expect(log).toEqual([...each(1), ...each(2), ...each(3), 'returned']);
  });

  it('takes perturbation batches in order, one at a time, also when they come all at once or late', async () => {
    const log: string[] = [];
    const source = new Subject<RecordBatch>();
    const done = collect(source.pipe(propagate(partition, { engine: observed(2, log) })));
    source.next(perturbations(0, 1));
    source.next(perturbations(1, 1));
    await tick();
    await tick();
    source.next(perturbations(2, 1));
    source.complete();
    const batches = await done;
    expect(batches.map((batch) => [Number(column(batch, 'perturbation')[0]), column(batch, 'layer')[0]])).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ]);
    expect(log.filter((entry) => entry === 'returned')).toHaveLength(3);
  });

  it('stops the engine and its source on unsubscribing', async () => {
    const log: string[] = [];
    let stopped = false;
    const source = new Subject<RecordBatch>();
    const done = collect(
      source.pipe(
        tap({ unsubscribe: () => (stopped = true) }),
        propagate(partition, { engine: observed(1e9, log) }),
        take(2),
      ),
    );
    source.next(perturbations(0, 1));
    expect(await done).toHaveLength(2);
    await tick();
    expect(log).toEqual(['window 1', 'window 2', 'returned']);
    expect(stopped).toBe(true);
    expect(source.observed).toBe(false);
  });

  it('hands on errors of the engine, of the source, of drained() and of an unknown engine name', async () => {
    const one = of(perturbations(0, 1));
    const log: string[] = [];
    await expect(collect(one.pipe(propagate(partition, { engine: observed(3, log, 2) })))).rejects.toThrow('broke');
    expect(log.at(-1)).toBe('returned');
    const source = throwError(() => new Error('no source'));
    await expect(collect(source.pipe(propagate(partition, { engine: effective })))).rejects.toThrow('no source');
    const full = { ...partition, drained: () => Promise.reject(new Error('disk full')) };
    const left: string[] = [];
    await expect(collect(one.pipe(propagate(full, { engine: observed(3, left) })))).rejects.toThrow('disk full');
    expect(left).toEqual(['window 1', 'returned']);
    const unknown = collect(one.pipe(propagate(partition, { engine: 'anealed' })));
    await expect(unknown).rejects.toThrow(/unknown engine 'anealed'; known engines: annealed, effective/);
    await expect(unknown).rejects.toBeInstanceOf(ParameterError);
  });

  it('completes on a source without perturbations', async () => {
    const empty = from([] as RecordBatch[]);
    expect(await collect(empty.pipe(propagate(partition, { engine: 'effective' })))).toEqual([]);
  });

  it('lets the event loop turn while it works', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const deep = { ...partition, ensemble: { ...ensemble, depth: 300_000 } };
    await collect(
      of(perturbations(0, 10)).pipe(propagate(deep, { engine: 'effective', fullDepth: true, windowRows: 10_000 })),
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });

  it('refuses options out of range', () => {
    const make = (more: object) => () => propagate(partition, { engine: 'effective', ...more });
    expect(make({ windowRows: 0 })).toThrow('windowRows must be a positive integer, got 0');
    expect(make({ floor: Number.NaN })).toThrow(ParameterError);
    expect(make({ floor: new Float32Array(50) })).toThrow('depth + 1 = 51 values, got 50 values');
    expect(make({ observable: 'strength' })).toThrow("got 'strength'");
  });
});

describe('engine(name)', () => {
  it('knows the engines of the package and those that were registered', async () => {
    expect(engineNames()).toEqual(expect.arrayContaining(['annealed', 'effective', 'quenched', 'naive']));
    expect((await engine('effective')).name).toBe('effective');
    expect((await engine('naive')).name).toBe('naive');
    const mine = observed(1, []);
    registerEngine('mine', mine);
    registerEngine('lazy', async () => mine);
    expect(await engine('mine')).toBe(mine);
    expect(await engine('lazy')).toBe(mine);
    expect(() => registerEngine('naive', mine)).toThrow("'naive' is a built-in engine; choose another name");
  });
});
