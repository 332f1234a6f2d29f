import { join } from 'node:path';
import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { avalanches } from '../../src/avalanche/avalanches.ts';
import { gaussianEnsembles, gaussianParameters } from '../../src/network/gaussian.ts';
import { createStream } from '../../src/numeric/random.ts';
import { integer } from '../../src/parameter.ts';
import { composition, definePipeline } from '../../src/pipeline.ts';
import type { Engine } from '../../src/propagation/engine.ts';
import { propagate } from '../../src/propagation/propagate.ts';
import { SignalRows } from '../../src/propagation/signal-rows.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { checkPipeline, examinePipeline } from '../../src/run/check-pipeline.ts';
import { column, makeBatch } from '../../src/schema/batch.ts';
import type { Stage } from '../../src/stage.ts';
import { crackle, root } from '../cli/crackle.ts';

interface Longest {
  layers: number;
}

const longest: Reducer<Longest, number> = {
  name: 'longest',
  init: () => ({ layers: 0 }),
  step: ({ layers }, batch) => ({ layers: Math.max(layers, ...column<Int32Array>(batch, 'duration')) }),
  merge: (into, other) => ({ layers: Math.max(into.layers, other.layers) }),
  finish: ({ layers }) => layers,
};

const small = { widths: [16], depth: 30 };

interface Changes {
  readonly engine?: Engine;
  readonly between?: Stage<'signal', 'signal'>;
  readonly reducer?: Partial<Reducer<Longest, number>>;
  readonly figure?: Record<string, unknown>;
  readonly records?: readonly ('signal' | 'avalanche')[];
  readonly empty?: readonly string[];
}

/** The longest avalanche, in a pipeline that is sound but for what is changed. */
const made = ({
  engine,
  between = map((batch) => batch),
  reducer,
  figure,
  empty,
  records = ['avalanche'],
}: Changes = {}) =>
  definePipeline({
    name: 'mine',
    doc: 'the longest avalanche',
    parameters: gaussianParameters,
    records,
    tables: ['histogram'],
    compose: (values) =>
      composition({
        ensembles: gaussianEnsembles(values),
        stop: { valid: 20_000 },
        ...(empty === undefined ? {} : { empty }),
        stages: (partition) =>
          partition.perturbation$.pipe(
            propagate(partition, { engine: engine ?? 'effective' }),
            between,
            avalanches(partition),
            partition.record('avalanche'),
          ),
        reducer: { ...longest, ...reducer } as Reducer<unknown, number>,
        results: () => ({}),
        figures: () => (figure === undefined ? [] : [{ name: 'f', title: 'F', caption: 'F.', spec: figure }]),
      }),
  });

/** Uniform strengths, of streams with these keys. */
const uniform = (key: (id: number) => number, each = (draw: () => number) => draw): Engine => ({
  name: 'uniform',
  *propagate(ids, { ensemble, seed, windowRows }) {
    const rows = new SignalRows(windowRows);
    const once = createStream(seed, ensemble.index, 7);
    for (const id of ids) {
      const stream = key(id) < 0 ? once : createStream(seed, ensemble.index, key(id));
      const draw = each(() => stream.uniform());
      for (let layer = 1; layer <= ensemble.depth; layer++) rows.push(id, layer, 0.05 * draw());
    }
    yield rows.take();
  },
});

const strengths = (change: (strength: number) => number): Stage<'signal', 'signal'> =>
  map((batch) => {
    const names = ['ensemble', 'perturbation', 'layer'] as const;
    const others = Object.fromEntries(names.map((name) => [name, column(batch, name)]));
    const strength = column<Float32Array>(batch, 'strength').map(change);
    return makeBatch('signal', { ...others, strength }, batch.numRows);
  });

describe('checkPipeline(pipeline, values, options)', () => {
  it('lets a sound pipeline through, and says what was tried', async () => {
    const { held, notes } = await checkPipeline(made(), small);
    expect(notes).toEqual([]);
    expect(held).toEqual([
      'it composes',
      'ensemble 0: a partition that is computed twice comes out the same',
      'ensemble 0: perturbations come out the same in partitions of 32 and 64',
      'its stages give batches of the tables that it records',
      "reducer 'longest' obeys the laws of merging",
      'it runs to its end',
      'interrupted and resumed, it gives the same tables',
      'its tables have the columns of their schemas',
      'its figures (0) and summaries (0) are built',
    ]);
    await checkPipeline(made({ engine: uniform((id) => id) }), small);
  });

  let calls = 0;
  let kept = 0;
  const faults: readonly (readonly [string, Changes, RegExp])[] = [
    [
      'draws from Math.random',
      { between: strengths((s) => s * (1 - 0.1 * Math.random())) },
      /^a partition of ensemble 0 comes out otherwise when it is computed again \(table avalanche.*, then .*\): random numbers must come from createStream/,
    ],
    [
      'draws perturbations from one stream',
      { engine: uniform(() => -1) },
      /^perturbations of ensemble 0 come out otherwise in larger partitions \(table avalanche, .*createStream/,
    ],
    [
      'keeps something from one partition to the next',
      {
        between: strengths((s) => s * (1 - 1e-5 * kept++)),
      },
      /^a partition of ensemble 0 comes out otherwise when it is computed again/,
    ],
    [
      'has a reducer that merges what it has by another rule',
      { reducer: { merge: (into, other) => ({ layers: into.layers + other.layers }) } },
      /^reducer 'longest' breaks a law: parts of a stream \(.* rows\) merge to the whole, but the result is/,
    ],
    [
      'counts in a variable of its module',
      { reducer: { step: () => ({ layers: ++calls }) } },
      /^reducer 'longest' breaks a law: /,
    ],
    [
      'names a field in a figure that its data lack',
      {
        figure: { data: { values: [{ a: 1 }] }, mark: 'point', encoding: { x: { field: 'b', type: 'quantitative' } } },
      },
      /^figure 'f' names field 'b', which isn't a column of its data \(a\)/,
    ],
    [
      'has a figure that is no specification',
      { figure: { data: { values: [{ a: 1 }] }, mark: 'nonsense' } },
      /^figure 'f' is no Vega-Lite specification: /,
    ],
  ];
  for (const [what, changes, said] of faults) {
    it(`tells of a pipeline that ${what}`, async () => {
      const report = await examinePipeline(made(changes) as never, small, { perturbations: 64 });
      expect(report.faults[0]).toMatch(said);
      await expect(checkPipeline(made(changes), small)).rejects.toThrow(/^pipeline mine has faults:\n/);
    });
  }

  it('tells what may be meant', async () => {
    const forgets: Engine = { name: 'forgets', *propagate() {} };
    const left = { records: ['signal', 'avalanche'], empty: ['signal'] } as const;
    const { notes: nothing } = await checkPipeline(made({ engine: forgets, ...left }), small);
    expect(nothing.join()).not.toContain('no row of table signal');
    expect(nothing.join()).toMatch(/no row came to the reducer.*or an engine its last window/);
    expect(nothing.join()).toMatch(
      /no row of table avalanche, which is declared, came by a stage record\('avalanche'\)/,
    );
    const broken = strengths((s) => (s > 0.03 ? Number.NaN : s));
    const { notes } = await checkPipeline(made({ between: broken }), small);
    expect(notes.join()).toMatch(/\d+ strengths of 64 perturbations are NaN or infinite/);
    const batches = {
      step: ({ layers }: Longest) => ({ layers: layers + 1 }),
      merge: (a: Longest, b: Longest) => ({ layers: a.layers + b.layers }),
    };
    const counted = await checkPipeline(made({ reducer: batches }), small);
    expect(counted.notes.join()).toMatch(/'longest' comes to another result where rows come one by one: the result is/);
  });

  /** Strengths by layer, of networks of two depths; a third one comes in a second phase. */
  const phased = (draw: (id: number) => number) => {
    const layers: Reducer<number[], number[]> = {
      name: 'layers',
      init: () => [],
      step(sums, batch) {
        const strength = column<Float32Array>(batch, 'strength');
        for (const [i, layer] of column<Int32Array>(batch, 'layer').entries())
          sums[layer - 1] = (sums[layer - 1] ?? 0) + strength[i]!;
        return sums;
      },
      merge: (into, other) => (into.length === 0 ? [...other] : into.map((sum, l) => sum + (other[l] ?? 0))),
      finish: (sums) => [...sums],
    };
    const engine: Engine = {
      name: 'flat',
      *propagate(ids, { ensemble, windowRows }) {
        const rows = new SignalRows(windowRows);
        for (const id of ids)
          for (let layer = 1; layer <= ensemble.depth; layer++)
            rows.push(id, layer, ensemble.index === 2 ? draw(id) : 1 / (1 + id));
        yield rows.take();
      },
    };
    return definePipeline({
      name: 'phased',
      doc: 'a third network by what two came to',
      parameters: { third: integer('depth of the third network, 0 before it is known', 0, 0) },
      records: ['signal'],
      compose: ({ third }) =>
        composition({
          ensembles: [10, 20, ...(third === 0 ? [] : [third])].map((depth, index) => ({
            index,
            depth,
            activation: 'tanh',
            width: 16,
            weightVariance: 1,
            biasVariance: 0,
            inputStrength: 0.025,
            reuse: 1,
          })),
          stop: { perturbations: 40 },
          stages: (partition) =>
            partition.perturbation$.pipe(propagate(partition, { engine, fullDepth: true }), partition.record('signal')),
          reducer: layers,
          ...(third === 0 ? { next: { values: (done) => ({ third: done[1]!.ensemble.depth + 5 }), cost: 1 } } : {}),
          results: () => ({}),
        }),
    });
  };

  it('checks later phases, and networks whose statistics have other lengths', async () => {
    const { held, notes } = await checkPipeline(phased((id) => 2 / (1 + id)));
    expect(notes).toEqual([]);
    expect(held).toEqual([
      'it composes',
      'ensemble 0: a partition that is computed twice comes out the same',
      'ensemble 0: perturbations come out the same in partitions of 20 and 40',
      'ensemble 1: a partition that is computed twice comes out the same',
      'ensemble 1: perturbations come out the same in partitions of 20 and 40',
      'its stages give batches of the tables that it records',
      "reducer 'layers' obeys the laws of merging",
      'it runs to its end',
      'ensemble 2: a partition that is computed twice comes out the same',
      'ensemble 2: perturbations come out the same in partitions of 20 and 40',
      'interrupted and resumed, it gives the same tables',
      'its tables have the columns of their schemas',
      'its figures (0) and summaries (0) are built',
    ]);
    await expect(checkPipeline(phased(() => Math.random()))).rejects.toThrow(
      /faults:\na partition of ensemble 2 comes out otherwise when it is computed again/,
    );
  });

  it('refuses values and options out of range', async () => {
    await expect(checkPipeline(made(), { widths: [0] })).rejects.toThrow(/widths/);
    await expect(checkPipeline(made(), small, { perturbations: 0 })).rejects.toThrow(
      'perturbations must be a positive',
    );
  });

  it('runs a pipeline that lives in a file on threads, too, from the command line', async () => {
    const file = join(root, 'test/fixtures/pipelines/misspelt-figure.ts');
    const { code, stdout, stderr } = await crackle(['check', file, '--widths', '16', '--depth', '30', '--tried', '16']);
    expect(stdout.toString()).toMatch(/^✓ it composes\n.*✓ on two threads it gives the same tables\n/s);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^crackle: figure 'misspelt' names field 'maen'.*did you/),
    ]);
  });
});
