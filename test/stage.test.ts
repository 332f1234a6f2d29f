import type { RecordBatch } from 'apache-arrow';
import { EMPTY, from, lastValueFrom, NEVER, Observable, of, Subject, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { pulled } from '../src/stage.ts';

/** Batches of which only the identity matters. */
const batchOf = (name: string): RecordBatch => ({ name }) as unknown as RecordBatch;
const nameOf = (batch: RecordBatch): string => (batch as unknown as { name: string }).name;
const free = { drained: async () => {} };
/** Past all microtasks and the immediates that are due. */
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

/** Sinks that let one batch at a time through, when told. */
function gate() {
  const waiting: (() => void)[] = [];
  return {
    asked: () => waiting.length,
    open: () => waiting.shift()!(),
    partition: { drained: () => new Promise<void>((resolve) => waiting.push(resolve)) },
  };
}

/** Makes `count` batches of each that comes in, and keeps a log of what happens. */
function maker(count: number) {
  const log: string[] = [];
  const make = function* (batch: RecordBatch) {
    try {
      for (let i = 0; i < count; i++) {
        log.push(`${nameOf(batch)}${i}`);
        yield batchOf(`${nameOf(batch)}${i}`);
      }
    } finally {
      log.push(`${nameOf(batch)} closed`);
    }
  };
  return { log, make };
}

describe('pulled(partition, make)', () => {
  it('makes a batch only once the sinks have taken the one before', async () => {
    const { asked, open, partition } = gate();
    const { log, make } = maker(3);
    const seen: string[] = [];
    let done = false;
    of(batchOf('a'))
      .pipe(pulled(partition, make))
      .subscribe({ next: (batch) => seen.push(nameOf(batch)), complete: () => (done = true) });
    for (let made = 1; made <= 3; made++) {
      await turn();
      expect(log).toHaveLength(made);
      expect(seen).toEqual(log);
      expect(asked()).toBe(1);
      open();
    }
    await turn();
    expect(log).toEqual(['a0', 'a1', 'a2', 'a closed']);
    expect(done).toBe(true);
  });

  it('takes what comes in while it is busy in order, one after the other, and completes after the last', async () => {
    const { open, partition } = gate();
    const { log, make } = maker(2);
    const source = new Subject<RecordBatch>();
    let done = false;
    source.pipe(pulled(partition, make)).subscribe({ complete: () => (done = true) });
    for (const name of ['a', 'b', 'c']) source.next(batchOf(name));
    source.complete();
    await turn();
    expect(log).toEqual(['a0']);
    for (let i = 0; i < 6; i++) {
      expect(done).toBe(false);
      open();
      await turn();
    }
    expect(log).toEqual(['a0', 'a1', 'a closed', 'b0', 'b1', 'b closed', 'c0', 'c1', 'c closed']);
    expect(done).toBe(true);
  });

  it('begins anew when more comes after it had nothing to do', async () => {
    const { log, make } = maker(1);
    const source = new Subject<RecordBatch>();
    source.pipe(pulled(free, make)).subscribe();
    source.next(batchOf('a'));
    await turn();
    source.next(batchOf('b'));
    await turn();
    expect(log).toEqual(['a0', 'a closed', 'b0', 'b closed']);
  });

  it('completes where nothing comes in, or nothing is made of it', async () => {
    const { make } = maker(0);
    expect(await lastValueFrom(EMPTY.pipe(pulled(free, make), toArray()))).toEqual([]);
    expect(await lastValueFrom(of(batchOf('a')).pipe(pulled(free, make), toArray()))).toEqual([]);
  });

  it('returns the iterator, makes nothing more and lets go of its source when unsubscribed, whoever waits for the sinks', async () => {
    const { open, partition } = gate();
    const { log, make } = maker(5);
    let released = false;
    const source = new Observable<RecordBatch>((subscriber) => {
      for (const name of ['a', 'b']) subscriber.next(batchOf(name));
      return () => {
        released = true;
      };
    });
    const subscription = source.pipe(pulled(partition, make)).subscribe();
    await turn();
    subscription.unsubscribe();
    expect(released).toBe(true);
    open();
    await turn();
    expect(log).toEqual(['a0', 'a closed']);
  });

  it('returns the iterator without asking the sinks when a batch makes its taker unsubscribe', async () => {
    const { asked, partition } = gate();
    const { log, make } = maker(5);
    const subscription = from([batchOf('a'), batchOf('b')])
      .pipe(pulled(partition, make))
      .subscribe(() => subscription.unsubscribe());
    await turn();
    expect(log).toEqual(['a0', 'a closed']);
    expect(asked()).toBe(0);
  });

  it('tells a step that takes long whether anybody listens', async () => {
    const said: boolean[] = [];
    let steps = 0;
    const subscription = of(batchOf('a'))
      .pipe(
        pulled(free, async function* (batch, halted) {
          said.push(halted());
          while (!halted() && steps < 1000) {
            steps++;
            await turn();
          }
          said.push(halted());
          yield batch;
        }),
      )
      .subscribe();
    await turn();
    subscription.unsubscribe();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(said).toEqual([false, true]);
    expect(steps).toBeLessThan(10);
  });

  it('lets the event loop turn while sinks never wait and batches are made without a pause', async () => {
    let turns = 0;
    let going = true;
    const count = (): void => {
      turns++;
      if (going) setImmediate(count);
    };
    setImmediate(count);
    const made = await lastValueFrom(
      of(batchOf('a')).pipe(
        pulled(free, function* (batch) {
          for (let i = 0; i < 60; i++) {
            const until = performance.now() + 3;
            while (performance.now() < until);
            yield batch;
          }
        }),
        toArray(),
      ),
    );
    going = false;
    expect(made).toHaveLength(60);
    // 180 ms with a turn each 20 ms and a batch; microtasks alone would give none before the end.
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it('passes on what fails: the source, making, the iterator half-way, the sinks', async () => {
    const { make } = maker(3);
    const fail = (stage: ReturnType<typeof pulled>, source = of(batchOf('a'))) =>
      lastValueFrom(source.pipe(stage, toArray()));
    const source = throwError(() => new Error('no source'));
    await expect(fail(pulled(free, make), source as Observable<RecordBatch>)).rejects.toThrow('no source');
    const refuse = () => {
      throw new Error('no batches');
    };
    await expect(fail(pulled(free, refuse))).rejects.toThrow('no batches');
    const half = async function* (batch: RecordBatch) {
      yield batch;
      throw new Error('half-way');
    };
    await expect(fail(pulled(free, half))).rejects.toThrow('half-way');
    const full = { drained: () => Promise.reject(new Error('disk full')) };
    await expect(fail(pulled(full, make))).rejects.toThrow('disk full');
  });

  it('returns the iterator and takes no further batch once the sinks have failed', async () => {
    const { log, make } = maker(3);
    const source = new Subject<RecordBatch>();
    const errors: unknown[] = [];
    const full = { drained: () => Promise.reject(new Error('disk full')) };
    source.pipe(pulled(full, make)).subscribe({ error: (error) => errors.push(error) });
    source.next(batchOf('a'));
    source.next(batchOf('b'));
    await turn();
    source.next(batchOf('c'));
    await turn();
    expect(log).toEqual(['a0', 'a closed']);
    expect(errors).toHaveLength(1);
    expect(source.observed).toBe(false);
  });

  it('makes nothing before it is subscribed to, and keeps nothing between subscriptions', async () => {
    const { log, make } = maker(1);
    const stage$ = of(batchOf('a')).pipe(pulled(free, make));
    expect(log).toEqual([]);
    await Promise.all([lastValueFrom(stage$), lastValueFrom(stage$)]);
    expect(log.filter((entry) => entry === 'a0')).toHaveLength(2);
    // A source that never ends keeps the stage open.
    let done = false;
    const open = NEVER.pipe(pulled(free, make)).subscribe({ complete: () => (done = true) });
    await turn();
    expect(done).toBe(false);
    open.unsubscribe();
  });
});
