import { describe, expect, it } from 'vitest';
import type { Composition } from '../../src/pipeline.ts';
import { Ending } from '../../src/run/ending.ts';

const ensembles = [0, 1, 2].map((index) => ({ index, width: 8 })) as unknown as Composition['ensembles'];
const after = { each: () => 2, all: 1, figures: 3, figuresEach: 1 };
const alone = { ensembles, after } as unknown as Composition;
const beside = { ...alone, ahead: {} } as unknown as Composition;
const at = (done: number, remaining = 0) => ({ done, ensembles: 3, remaining });

describe('Ending', () => {
  it('has all ensembles still to fit where that is left to the end, and figures where there are any', () => {
    expect(new Ending(alone, true).after(at(0, 100))).toEqual({ fitting: 7, drawing: 6 });
    expect(new Ending(alone, false).after(at(3))).toEqual({ fitting: 7, drawing: 0 });
    expect(new Ending({ ensembles } as unknown as Composition, true).after(at(0))).toEqual({
      fitting: 0.2,
      drawing: 2,
    });
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
    const ending = new Ending(beside, true, () => 9);
    expect(ending.after(at(0, 1000)).drawing).toBe(54);
    ending.hand(0);
    ending.note(0, 6);
    expect(ending.after(at(1, 100))).toEqual({ fitting: 9, drawing: 18 });
    ending.hand(1);
    ending.hand(2);
    expect(ending.after(at(3))).toEqual({ fitting: 15, drawing: 18 });
    ending.enter({ ...beside });
    expect(ending.after(at(3))).toEqual({ fitting: 21, drawing: 18 });
  });
});
