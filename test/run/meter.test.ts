import { describe, expect, it } from 'vitest';
import { zeroCounts } from '../../src/flow/counts.ts';
import { listPartitions } from '../../src/flow/partition.ts';
import { createLane } from '../../src/flow/schedule.ts';
import type { Composition } from '../../src/pipeline.ts';
import { createMeter } from '../../src/run/meter.ts';

const stop = { perturbations: 1000 };
const ensembles = [{ index: 0, width: 8 }] as unknown as Composition['ensembles'];
const composition = { ensembles, stop } as unknown as Composition;

describe('createMeter(composition, lanes, now)', () => {
  it('reckons the time left of a resumed run by what was done since then', () => {
    let now = 0;
    const lane = createLane(listPartitions(0, stop, 100), stop, 5, { ...zeroCounts(), perturbations: 500 });
    const meter = createMeter(composition, [lane], () => now);
    expect(meter.snapshot({})).toMatchObject({ fraction: 0.5, remaining: Infinity });
    now = 2000;
    lane.merged = 6;
    lane.counts.perturbations = 600;
    // A tenth of the run in 2 s: 0.4 of it is left. From the start of the counts it would be 1.3 s.
    const { fraction, elapsed, remaining } = meter.snapshot({});
    expect([fraction, elapsed]).toEqual([0.6, 2]);
    expect(remaining).toBeCloseTo(8, 9);
  });
});
