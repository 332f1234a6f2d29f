import { describe, expect, it } from 'vitest';
import { zeroCounts } from '../../src/flow/counts.ts';
import { listPartitions } from '../../src/flow/partition.ts';
import { createLane } from '../../src/flow/schedule.ts';
import type { Composition } from '../../src/pipeline.ts';
import { createMeter } from '../../src/run/meter.ts';
import { Pace } from '../../src/run/pace.ts';

const stop = { perturbations: 1000 };
const ensembles = [{ index: 0, width: 8 }] as unknown as Composition['ensembles'];
const composition = { ensembles, stop } as unknown as Composition;

describe('createMeter(composition, lanes, pace)', () => {
  it('reckons the time left of a resumed run by what was done since then', () => {
    let now = 0;
    const lane = createLane(listPartitions(0, stop, 100), stop, 5, { ...zeroCounts(), perturbations: 500 });
    const meter = createMeter(composition, [lane], new Pace(() => now));
    expect(meter.snapshot({})).toMatchObject({ fraction: 0.5, remaining: Infinity });
    now = 4000;
    lane.merged = 6;
    lane.counts.perturbations = 600;
    // A tenth of the run in 4 s: 0.4 of it is left. From the start of the counts it would be 2.7 s.
    const { fraction, elapsed, remaining, rate } = meter.snapshot({});
    expect([fraction, elapsed]).toEqual([0.6, 4]);
    expect(remaining).toBeCloseTo(16, 9);
    // 100 perturbations in 4 s; those before the resume took time of another run.
    expect(rate).toBe(25);
  });

  it('counts perturbations of running partitions that came to something, and no more than those have', () => {
    const lane = createLane(listPartitions(0, stop, 100), stop, 0, zeroCounts());
    const meter = createMeter(composition, [lane], new Pace(() => 0));
    meter.tally(0, 0, { valid: 30, dead: 40, censored: 2 });
    meter.tally(0, 1, { valid: 180 });
    expect(meter.snapshot({}).counts).toMatchObject({ perturbations: 172, valid: 210 });
    meter.tally(0, 0, { perturbations: 100 });
    expect(meter.snapshot({}).total).toMatchObject({ perturbations: 200, valid: 210 });
  });

  it('counts what is done of perturbations that are under way', () => {
    let now = 0;
    const few = { perturbations: 4 };
    const lane = createLane(listPartitions(0, few, 1), few, 0, zeroCounts());
    const meter = createMeter({ ensembles, stop: few } as unknown as Composition, [lane], new Pace(() => now));
    now = 8000;
    meter.tally(0, 0, { underway: 0.25 });
    meter.tally(0, 1, { underway: 0.25 });
    expect(meter.snapshot({})).toMatchObject({ fraction: 0.125, total: { perturbations: 0 }, remaining: 56 });
    meter.tally(0, 0, { perturbations: 1, underway: -0.25 });
    expect(meter.snapshot({})).toMatchObject({ fraction: 0.3125, total: { perturbations: 1 } });
  });
});
