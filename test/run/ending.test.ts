import { describe, expect, it } from 'vitest';
import type { Composition } from '../../src/pipeline.ts';
import { Ending } from '../../src/run/ending.ts';
import { createLoad } from '../../src/run/load.ts';

const ensembles = [0, 1, 2].map((index) => ({ index, width: 8 })) as unknown as Composition['ensembles'];
const after = { each: () => 2, all: 1, figures: 3, figuresEach: 1 };
const alone = { ensembles, after } as unknown as Composition;
const beside = { ...alone, ahead: {} } as unknown as Composition;
const at = (done: number, remaining = 0) => ({ done, ensembles: 3, remaining });

describe('Ending', () => {
  it('has all ensembles still to fit where that is left to the end, and figures where there are any', () => {
    expect(new Ending(alone, true).after(at(0, 100))).toEqual({ fitting: 7, drawing: 6 });
    expect(new Ending(alone, false).after(at(3))).toEqual({ fitting: 7, drawing: 0 });
    const unsaid = { ensembles } as unknown as Composition;
    expect(new Ending(unsaid, true).after(at(0))).toEqual({ fitting: 0.1, drawing: 0.2 });
    expect(new Ending({ ...unsaid, figures: () => [] }, true).after(at(0)).drawing).toBe(2);
  });

  it('has those that the thread beside isn’t done with by then: the last one at least', () => {
    const ending = new Ending(beside, true);
    expect(ending.after(at(0, 100)).fitting).toBe(3);
    // Three ensembles of 2 s, a second to go, then what all have in common.
    expect(ending.after(at(0, 1)).fitting).toBe(6);
    ending.hand(0);
    ending.hand(1);
    expect(ending.after(at(2, 3)).fitting).toBe(4);
    // The first was done before there was a thread.
    const late = new Ending(beside, true);
    late.hand(1);
    expect(late.after(at(2, 100)).fitting).toBe(5);
  });

  it('is corrected by what ensembles take, and begins anew with the ensembles of the next phase', () => {
    const ending = new Ending(beside, true, { share: () => 0.5, alone: () => 9 });
    expect(ending.after(at(0, 1000)).drawing).toBe(54);
    ending.hand(0);
    // Six seconds at half a core where two were thought of.
    ending.note(0, 6, 3);
    expect(ending.after(at(1, 1000))).toEqual({ fitting: 40.5, drawing: 81 });
    ending.hand(1);
    ending.hand(2);
    expect(ending.after(at(3))).toEqual({ fitting: 67.5, drawing: 81 });
    ending.enter({ ...beside });
    expect(ending.after(at(3))).toEqual({ fitting: 94.5, drawing: 81 });
  });
});

it('createLoad tells a thread that is alone from one among others', () => {
  let now = 0;
  let used = 0;
  const load = createLoad(
    2,
    () => now,
    () => used,
    2,
  );
  expect([load.share(2), load.alone()]).toEqual([1, 1]);
  // Two threads on two cores of their own.
  [now, used] = [10_000, 20_000];
  expect([load.share(2), load.share(4), load.alone()]).toEqual([1, 0.5, 1]);
  // As many others: alone against those two, a thread gets two thirds of a core.
  [now, used] = [10_000, 10_000];
  expect([load.share(2), load.alone()]).toEqual([0.5, 1.5]);
});
