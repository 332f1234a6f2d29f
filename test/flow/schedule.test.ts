import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { zeroCounts } from '../../src/flow/counts.ts';
import type { Outcome } from '../../src/flow/execute.ts';
import type { Executor } from '../../src/flow/executor.ts';
import { listPartitions, type Partition, partitionSize, tryLimit } from '../../src/flow/partition.ts';
import { createLane, type Lane, laneDone, schedule } from '../../src/flow/schedule.ts';
import { createStream } from '../../src/numeric/random.ts';

/** Partitions of a made-up law: partition i of lane l has valid = a hash of (l, i), and takes a random time. */
function fakeExecutor(
  slots: number,
  timing: number,
  onStart: (partition: Partition) => void = () => {},
): Executor & { peak: number; started: number } {
  const delays = createStream(timing, 1);
  const executor = {
    slots,
    peak: 0,
    started: 0,
    running: 0,
    async execute(partition: Partition): Promise<Outcome> {
      executor.started++;
      onStart(partition);
      executor.peak = Math.max(executor.peak, ++executor.running);
      await sleep(delays.uniform() * 4);
      executor.running--;
      const valid = 5 + ((partition.index * 7919 + partition.ensemble * 104729) % 11);
      const counts = {
        perturbations: partition.count,
        valid,
        dead: partition.count - valid,
        censored: 0,
        nonFinite: 0,
      };
      return { partition, state: [partition.index], counts, parts: [] };
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return executor;
}

async function merged(slots: number, timing: number, lanes: Lane[], signal?: AbortSignal, ahead = 6) {
  const order: string[] = [];
  const discarded: string[] = [];
  // Partitions of a lane that were started and are neither merged nor discarded.
  const alive = lanes.map(() => 0);
  let most = 0;
  const executor = fakeExecutor(slots, timing, ({ ensemble: l }) => {
    most = Math.max(most, ++alive[l]!);
  });
  await schedule(lanes, executor, {
    onMerge: ({ partition }) => {
      alive[partition.ensemble]!--;
      order.push(`${partition.ensemble}/${partition.index}`);
    },
    onDiscard: ({ partition }) => void discarded.push(`${partition.ensemble}/${partition.index}`),
    ahead,
    ...(signal === undefined ? {} : { signal }),
  });
  return { order, discarded, executor, most };
}

const twoLanes = (): Lane[] => [0, 1].map((l) => createLane(listPartitions(l, { valid: 200 }, 20), { valid: 200 }));

describe('schedule(lanes, executor)', () => {
  it('merges the same partitions for any number of slots and any timing', async () => {
    const sorted = async (slots: number, timing: number) => {
      const { order } = await merged(slots, timing, twoLanes());
      const perLane = [0, 1].map((l) => order.filter((name) => name.startsWith(`${l}/`)));
      return perLane;
    };
    const alone = await sorted(1, 1);
    expect(alone[0]![0]).toBe('0/0');
    for (const [slots, timing] of [
      [1, 2],
      [2, 3],
      [4, 4],
      [8, 5],
    ] as const)
      expect(await sorted(slots, timing)).toEqual(alone);
  });

  it.each([1, 3, 6])(
    'keeps at most %d outcomes of a lane alive, and comes to as many where slots allow',
    async (ahead) => {
      const { most } = await merged(8, 5, twoLanes(), undefined, ahead);
      expect(most).toBe(ahead);
    },
  );

  it('merges each lane in partition order and stops it at the first prefix that satisfies its rule', async () => {
    const lanes = twoLanes();
    const { order } = await merged(4, 7, lanes);
    for (const l of [0, 1]) {
      const indexes = order.filter((name) => name.startsWith(`${l}/`)).map((name) => Number(name.split('/')[1]));
      expect(indexes).toEqual(indexes.map((_, i) => i));
    }
    for (const lane of lanes) {
      expect(laneDone(lane)).toBe(true);
      expect(lane.counts.valid).toBeGreaterThanOrEqual(200);
      expect(lane.counts.valid).toBeLessThan(200 + 16);
    }
  });

  it('accounts for every partition it started: merged or discarded', async () => {
    const { order, discarded, executor } = await merged(8, 3, twoLanes());
    expect(order.length + discarded.length).toBe(executor.started);
    expect(executor.peak).toBeLessThanOrEqual(8);
  });

  it('hands back what lies past the cut of a lane while others still run', async () => {
    const events: string[] = [];
    const short = createLane(listPartitions(0, { valid: 30 }, 10), { valid: 30 });
    await schedule([short, twoLanes()[1]!], fakeExecutor(8, 3), {
      onMerge: ({ partition }) => void events.push(`merge ${partition.ensemble}`),
      onDiscard: ({ partition }) => void events.push(`discard ${partition.ensemble}`),
    });
    expect(events.indexOf('discard 0')).toBeGreaterThan(events.lastIndexOf('merge 0'));
    expect(events.indexOf('discard 0')).toBeLessThan(events.lastIndexOf('merge 1'));
  });

  it('keeps the merged prefix when it is aborted, and goes on from there', async () => {
    const whole = await merged(2, 1, twoLanes());
    const lanes = twoLanes();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 12);
    const first = await merged(2, 1, lanes, controller.signal);
    expect(lanes.every(laneDone)).toBe(false);
    const second = await merged(3, 9, lanes);
    const inLane = (names: string[], l: number) => names.filter((name) => name.startsWith(`${l}/`));
    for (const l of [0, 1]) {
      expect([...inLane(first.order, l), ...inLane(second.order, l)]).toEqual(inLane(whole.order, l));
    }
  });

  it('rejects with the first failure and hands back what was computed ahead', async () => {
    const executor = fakeExecutor(3, 1);
    const { execute } = executor;
    executor.execute = (partition) =>
      partition.index === 4 ? Promise.reject(new Error('disk full')) : execute(partition);
    const lane = createLane(listPartitions(0, { perturbations: 1000 }, 10), { perturbations: 1000 });
    const seen: number[] = [];
    const failing = schedule([lane], executor, {
      onMerge: ({ partition }) => void seen.push(partition.index),
      onDiscard: () => {},
    });
    await expect(failing).rejects.toThrow('disk full');
    expect(seen).toEqual([0, 1, 2, 3].slice(0, seen.length));
  });
});

describe('the end of a schedule', () => {
  const lane = () => createLane(listPartitions(0, { valid: 30 }, 10), { valid: 30 });

  it('waits for nothing that lies past the cut, hung or failed', async () => {
    const executor = fakeExecutor(8, 1);
    const { execute } = executor;
    let close: () => void = () => {};
    const closed = new Promise<never>((_, reject) => {
      close = () => reject(new Error('closed'));
    });
    closed.catch(() => {});
    executor.execute = (partition) => (partition.index > 5 ? closed : execute(partition));
    executor[Symbol.asyncDispose] = async () => close();
    const one = lane();
    await schedule([one], executor, { onMerge: () => {}, onDiscard: () => {} });
    expect(laneDone(one)).toBe(true);
  });

  it('takes no more memory the more partitions there are', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const executor: Executor = {
      slots: 4,
      grown: () => new Promise(() => {}),
      async execute(partition) {
        await setImmediate();
        return { partition, state: undefined, counts: { ...zeroCounts(), perturbations: 1 }, parts: [] };
      },
      [Symbol.asyncDispose]: async () => {},
    };
    const length = 24_000;
    const at = (index: number): Partition => ({ ensemble: 0, index, first: index, count: 1 });
    const heap: number[] = [];
    let taken = 0;
    await schedule([createLane({ length, at }, {})], executor, {
      signal: new AbortController().signal,
      onDiscard: () => {},
      onMerge: () => {
        if (++taken % (length / 3) > 0) return;
        gc();
        heap.push(process.memoryUsage().heapUsed);
      },
    });
    // Twice 300 bytes a partition, where each were kept: 4.8 MB.
    expect(heap[2]! - heap[0]!).toBeLessThan(2e6);
  });

  it('rejects where the very last outcome can’t be merged', async () => {
    const one = lane();
    const failing = schedule([one], fakeExecutor(2, 1), {
      onMerge: () => {
        if (laneDone(one)) throw new Error('disk full');
      },
      onDiscard: () => {},
    });
    await expect(failing).rejects.toThrow('disk full');
  });
});

describe('partitionSize(stop, reuse)', () => {
  it('gives at least 64 partitions, whole networks, and at most about 65,536 perturbations', () => {
    expect(partitionSize({ perturbations: 6400 }, 1)).toBe(100);
    expect(partitionSize({ valid: 500_000 }, 1)).toBe(15_625);
    expect(partitionSize({ perturbations: 6400 }, 64) % 64).toBe(0);
    expect(partitionSize({ perturbations: 1e12 }, 1)).toBe(65_536);
    expect(partitionSize({ perturbations: 1 }, 1)).toBe(1);
  });
});

describe('listPartitions(ensemble, stop, size)', () => {
  it('covers every perturbation once', () => {
    const list = listPartitions(3, { perturbations: 1234 }, 100);
    let next = 0;
    for (let i = 0; i < list.length; i++) {
      const { ensemble, first, count } = list.at(i);
      expect(ensemble).toBe(3);
      expect(first).toBe(next);
      next += count;
    }
    expect(next).toBe(1234);
  });

  it('gives up after a bounded number of perturbations where no avalanche is valid', () => {
    const list = listPartitions(0, { valid: 100 }, 10);
    expect(list.length * 10).toBe(100 * tryLimit);
  });
});
