import { join } from 'node:path';
import type { RecordBatch } from 'apache-arrow';
import { EMPTY, mergeMap, NEVER, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { avalanches } from '../../src/avalanche/avalanches.ts';
import { crackling, cracklingParameters, cracklingTableNames } from '../../src/index.ts';
import { gaussianEnsembles, gaussianParameters } from '../../src/network/gaussian.ts';
import { choice, list, optional, real } from '../../src/parameter.ts';
import { composition, definePipeline, type PartitionContext, type Pipeline } from '../../src/pipeline.ts';
import { engine as engineOf } from '../../src/propagation/engines.ts';
import { propagate } from '../../src/propagation/propagate.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { mergeRuns } from '../../src/run/merge.ts';
import { resume } from '../../src/run/resume.ts';
import { run } from '../../src/run/run.ts';
import { readManifest } from '../../src/store/folder.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const defaults = Object.fromEntries(
  Object.entries({ ...gaussianParameters, ...cracklingParameters }).map(([name, spec]) => [name, spec.default]),
) as unknown as Parameters<typeof gaussianEnsembles>[0] & Parameters<typeof crackling>[0];
const given = { ...defaults, widths: [16], depth: 30, alternatives: false, blocks: 4, profileCount: 4 };
const engine = { engine: 'effective' } as const;

const found = (p: PartitionContext): Observable<RecordBatch> =>
  p.perturbation$.pipe(propagate(p, engine), avalanches(p));

interface Count {
  n: number;
}

const rows: Reducer<Count, number> = {
  name: 'rows',
  init: () => ({ n: 0 }),
  step: ({ n }, batch) => ({ n: n + batch.numRows }),
  merge: (into, other) => ({ n: into.n + other.n }),
  finish: ({ n }) => n,
};

/** A pipeline that lives in no module and counts avalanches. */
function counting(
  changes: {
    reducer?: Partial<Reducer<Count, number>>;
    stages?: (p: PartitionContext) => unknown;
    ensembles?: (all: ReturnType<typeof gaussianEnsembles>) => ReturnType<typeof gaussianEnsembles>;
    perturbations?: number;
  } = {},
) {
  return definePipeline({
    name: 'counting',
    doc: 'counts avalanches',
    parameters: {},
    records: ['avalanche', 'signal'],
    compose: () => {
      const all = gaussianEnsembles(given);
      return composition({
        ensembles: changes.ensembles?.(all) ?? all,
        stop: { perturbations: changes.perturbations ?? 640 },
        stages: (changes.stages ?? found) as (p: PartitionContext) => Observable<RecordBatch>,
        reducer: { ...rows, ...changes.reducer } as Reducer<unknown, number>,
        results: () => ({}),
      });
    },
  });
}

/** The crackling study on other stages. */
const cracklingOf = (stages: (p: PartitionContext) => Observable<RecordBatch>) =>
  definePipeline({
    name: 'crackles',
    doc: 'crackles',
    parameters: {},
    tables: cracklingTableNames,
    compose: () => ({ ensembles: gaussianEnsembles(given), stop: { valid: 100 }, stages, ...crackling(given) }),
  }) as unknown as Pipeline;

const warned = (): { readonly texts: string[]; readonly logger: never } => {
  const texts: string[] = [];
  return { texts, logger: { info() {}, debug() {}, warn: (text: string) => texts.push(text) } as never };
};

describe('a pipeline of one’s own whose reducer is wrong', () => {
  const wrong: readonly (readonly [string, Partial<Reducer<Count, number>>])[] = [
    ['forgets what it merges into', { merge: (_, other) => other }],
    ['forgets what is merged', { merge: (into) => into }],
    ['counts one for each merge', { merge: (a, b) => ({ n: a.n + b.n + 1 }) }],
    ['weighs by order', { merge: (a, b) => ({ n: a.n / 2 + b.n }) }],
  ];
  for (const [what, reducer] of wrong) {
    it(`is refused where it ${what}`, async () => {
      await expect(run(counting({ reducer }))).rejects.toThrow(
        /reducer 'rows' must be left as it is by an empty state, but after merge\(.*\) the result is/,
      );
    });
  }

  it('is refused by the names of reducer and field where a state is no data', async () => {
    const reducer = { init: () => ({ n: 0, f: () => 1 }), step: (state: Count) => state };
    await expect(run(counting({ reducer }))).rejects.toThrow(
      /a state of reducer 'rows' must be plain data.*its \.f is not/,
    );
  });

  it('is refused where a state has methods, which are lost on the way to another thread', async () => {
    class Tally {
      n = 0;
      add(n: number) {
        this.n += n;
        return this;
      }
    }
    const reducer = {
      init: () => new Tally(),
      step: (state: Count, batch: RecordBatch) => (state as Tally).add(batch.numRows),
    };
    await expect(run(counting({ reducer }))).rejects.toThrow(
      "a state of reducer 'rows' must be plain data, which goes to other threads and into checkpoints: it is of class Tally, whose methods are lost there",
    );
  });

  it('is told that step and merge return the state', async () => {
    const nothing = () => undefined as unknown as Count;
    await expect(run(counting({ reducer: { step: nothing } }))).rejects.toThrow(/step of reducer 'rows' must return/);
    await expect(run(counting({ reducer: { merge: nothing } }))).rejects.toThrow(/merge of reducer 'rows' must return/);
  });
});

describe('a pipeline that lives in no module', () => {
  it('goes on where it is given itself, to what an uninterrupted run gives, and says what isn’t checked', async () => {
    const whole = await run(counting());
    const out = join(folder, 'cut');
    const controller = new AbortController();
    const cut = counting({
      stages: (p) => {
        if (p.index === 9) controller.abort();
        return found(p);
      },
    });
    const partial = await run(cut, {}, { out, figures: false, signal: controller.signal });
    expect(partial.status).toBe('partial');
    expect(partial.ensembles[0]!.counts.perturbations).toBeGreaterThan(0);
    await expect(resume(out)).rejects.toThrow(/inline pipeline \(counting\).*with the pipeline itself/);
    await expect(resume(out, { pipeline: cracklingOf(found) })).rejects.toThrow(/is a run of counting, .* is crackles/);
    const { texts, logger } = warned();
    const resumed = await resume(out, { pipeline: counting() as unknown as Pipeline, figures: false, logger });
    expect(resumed.status).toBe('complete');
    expect(resumed.ensembles[0]!.counts).toEqual(whole.ensembles[0]!.counts);
    expect(resumed.ensembles[0]!.result).toBe(whole.ensembles[0]!.result);
    expect(texts.join()).toMatch(/counting, which lives in no file: that its code is still the same can't be checked/);
  });

  it('is said to be of the engine that its stages were handed, and goes on and merges with that one alone', async () => {
    const naive = await engineOf('naive');
    const crackles = (name: string, valid = 100) => {
      const mine = cracklingOf((p) =>
        p.perturbation$.pipe(propagate(p, { engine: { ...naive, name } }), avalanches(p, { profile: 50 })),
      );
      const parameters = { engine: choice('engine', 'annealed', ['annealed']) };
      const compose = () => ({ ...mine.compose({}), stop: { valid } });
      return { ...mine, parameters, compose } as unknown as Pipeline;
    };
    const of = (out: string, seed: number) => ({ out: join(folder, out), seed, figures: false, keepState: true });
    const { tables } = await run(crackles('mine'), {}, of('of-mine', 1));
    expect(tables.ensemble!.map((row) => row.engine)).toEqual(['mine']);
    expect((await readManifest(join(folder, 'of-mine'))).engines).toEqual(['mine']);
    await run(crackles('other'), {}, of('of-other', 2));
    const folders = ['of-mine', 'of-other'].map((name) => join(folder, name));
    await expect(mergeRuns(folders, { pipeline: crackles('mine') })).rejects.toThrow(
      /of-other was computed by engine other, and the stages of crackles hand over mine now: give the pipeline/,
    );
    const started = run(crackles('mine', 1e9), {}, { ...of('cut-mine', 3), maxTime: 0.5 });
    expect((await started).status).toBe('partial');
    await expect(resume(join(folder, 'cut-mine'), { pipeline: crackles('annealed', 1e9) })).rejects.toThrow(
      /computed by engine mine, and the stages of crackles hand over annealed now/,
    );
  });

  it('is cut by maxTime within a partition, which may never end', async () => {
    const waits = counting({ stages: (p) => found(p).pipe(mergeMap(() => NEVER)) });
    expect((await run(waits, {}, { maxTime: 1 })).status).toBe('partial');
  });
});

describe('a pipeline of one’s own', () => {
  it('has ensembles with an index each', async () => {
    const index = (at: number) => counting({ ensembles: (all) => all.map((one) => ({ ...one, index: at })) });
    await expect(run(index(-1))).rejects.toThrow('ensemble 0 of pipeline counting has index -1: it must be an integer');
    await expect(run(index(0.5))).rejects.toThrow(
      'ensemble 0 of pipeline counting has index 0.5: it must be an integer',
    );
    const twice = counting({ ensembles: ([one]) => [one!, { ...one!, width: 32 }] });
    await expect(run(twice)).rejects.toThrow('ensemble 1 of pipeline counting has index 0, as has ensemble 0:');
  });

  it('is a composition, in a script that no compiler has seen, too', async () => {
    const changed = (changes: object) => {
      const mine = counting();
      return run({ ...mine, compose: () => ({ ...mine.compose({}), ...changes }) } as unknown as Pipeline);
    };
    const lacking: readonly (readonly [object, string])[] = [
      [{ ensembles: undefined }, 'ensembles of pipeline counting must be a list, got undefined'],
      [{ stop: undefined }, 'stop of pipeline counting must be an object such as { perturbations: 1000 }'],
      [{ stages: [] }, 'stages of pipeline counting must be a function of a partition, got a list'],
      [{ results: undefined }, 'results of pipeline counting must be a function of what the ensembles came to'],
      [{ reducer: undefined }, 'reducer of pipeline counting must be an object with init, step, merge and finish'],
      [{ reducer: { ...rows, finish: undefined } }, "finish of reducer 'rows' of pipeline counting must be a function"],
      [{ results: async () => ({}) }, 'results of pipeline counting must return tables by their names, got a promise'],
      [{ results: () => {} }, 'results of pipeline counting must return tables by their names, got undefined'],
      [{ results: () => ({ ensemble: { width: 1 } }) }, "must give table 'ensemble' as a list of rows, got an object"],
    ];
    for (const [changes, said] of lacking) await expect(changed(changes)).rejects.toThrow(said);
    const later = { ...counting(), compose: async () => counting().compose({}) } as unknown as Pipeline;
    await expect(run(later)).rejects.toThrow('compose of pipeline counting must return an object, got a promise');
  });

  it('has stages that give an Observable', async () => {
    const of = (stages: () => unknown) => run(counting({ stages }));
    await expect(of(async () => EMPTY)).rejects.toThrow('stages must return an Observable of batches, got a promise');
    await expect(of(() => undefined)).rejects.toThrow('stages must return an Observable of batches, got undefined');
  });

  it('is told of a table that nothing was recorded of', async () => {
    const logged = async (name: string, stages: (p: PartitionContext) => unknown) => {
      const { texts, logger } = warned();
      const out = join(folder, name);
      await run(counting({ stages }), {}, { out, record: ['avalanche'], figures: false, logger });
      return texts.join();
    };
    const nothing = /nothing was recorded of table avalanche: no row of it came by the stage record\('avalanche'\)/;
    expect(await logged('nowhere', found)).toMatch(nothing);
    expect(await logged('there', (p) => found(p).pipe(p.record('avalanche')))).not.toMatch(nothing);
  });

  it('is told that the stage is missing which makes what its reducer reads', async () => {
    const signals = (p: PartitionContext) => p.perturbation$.pipe(propagate(p, engine));
    await expect(run(cracklingOf(signals))).rejects.toThrow(
      /reads avalanche batches, and the stages end with signal batches: the stage that makes them is missing/,
    );
    const nothing = (p: PartitionContext) => found(p).pipe(mergeMap(() => EMPTY as Observable<RecordBatch>));
    expect((await run(cracklingOf(nothing), {}, { maxTime: 60 })).tables.exponents).toBeDefined();
  });

  it('is asked for a table that it records, of its own', async () => {
    await expect(run(counting(), {}, { out: join(folder, 'x'), record: ['avalance'] })).rejects.toThrow(
      "pipeline counting doesn't record table 'avalance'; did you mean 'avalanche'?",
    );
  });

  it('has defaults that its parameters allow', async () => {
    const parameters = { mode: choice('a mode', 'z' as 'x', ['x', 'y']) };
    await expect(run({ ...counting(), parameters } as unknown as Pipeline)).rejects.toThrow(
      "the default of mode must be one of x, y, got 'z'",
    );
    const modes = list('modes', ['x'], choice('a mode', 'x', ['x', 'y']));
    const picky = { ...counting(), parameters: { modes, strength: optional(real('a strength', 1)) } };
    await expect(run(picky as unknown as Pipeline, { modes: ['x', 'c'] })).rejects.toThrow(
      "modes must be a list of one or more, each one of x, y, got 'c' in the list 'x', 'c'",
    );
    await expect(run(picky as unknown as Pipeline, { modes: [] })).rejects.toThrow(/got an empty list$/);
    const twelve = Array.from({ length: 12 }, () => 'x');
    await expect(run(picky as unknown as Pipeline, { modes: [...twelve, 0, 'x'] })).rejects.toThrow(
      `got 0 in the list ${"'x', ".repeat(12).slice(0, -2)} and 2 more`,
    );
    await expect(run(picky as unknown as Pipeline, { strength: [1, Number.NaN] })).rejects.toThrow(
      'strength must be a finite number, got the list 1, NaN',
    );
    // @ts-expect-error the default must be one of them
    expect(choice('a mode', 'z', ['x', 'y']).default).toBe('z');
  });
});
