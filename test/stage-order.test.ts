import type { RecordBatch } from 'apache-arrow';
import { filter, map, type Observable, type OperatorFunction, tap } from 'rxjs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { executePartition } from '../src/flow/execute.ts';
import {
  avalanches,
  type Batch,
  beside,
  column,
  defineTable,
  energySpectrum,
  makeBatch,
  type PartitionContext,
  propagate,
  pulled,
  rowsToBatch,
  SignalRows,
  type Stage,
  tableSchema,
} from '../src/index.ts';

const engine = { engine: 'effective' } as const;
const own: Stage = map((batch) => batch);
const plain: OperatorFunction<RecordBatch, RecordBatch> = own;

/** Read by the compiler, which `npm run types` asks; what it must refuse is said line by line. */
function composed(p: PartitionContext) {
  const signals = p.perturbation$.pipe(propagate(p, engine));
  const found = signals.pipe(
    p.record('signal'),
    tap((batch) => batch.numRows),
    filter((batch) => batch.numRows > 0),
    avalanches(p),
    p.record('avalanche'),
  );
  const both = beside(avalanches(p), energySpectrum(p, { every: 2 }));
  // @ts-expect-error avalanches are found in signals
  p.perturbation$.pipe(avalanches(p));
  // @ts-expect-error side by side, too
  p.perturbation$.pipe(both);
  // @ts-expect-error perturbations are propagated once
  signals.pipe(propagate(p, engine));
  // @ts-expect-error avalanches have no avalanches, recorded or not
  found.pipe(avalanches(p));
  // @ts-expect-error a stage within a pipe that makes something else
  signals.pipe(map((batch) => makeBatch('avalanche', { perturbation: column(batch, 'perturbation') }, 1))).pipe(both);
  // @ts-expect-error a source of one's own that does
  p.perturbation$.pipe(pulled(p, () => [rowsToBatch('avalanche', [])])).pipe(avalanches(p));
  // @ts-expect-error a stage of one's own that says what it takes
  p.perturbation$.pipe(map((batch) => batch) as Stage<'signal', 'signal'>);

  const free = [
    // What doesn't say of what table its batches are may stand anywhere, as before there were names.
    p.perturbation$.pipe(plain, avalanches(p), own, avalanches(p), plain, propagate(p, engine)),
    p.perturbation$.pipe(beside(plain, own), avalanches(p), beside(own, plain), both),
    // So do batches of tables of one's own.
    signals.pipe(
      map(() => makeBatch('mine', {}, 1)),
      avalanches(p),
    ),
    p.perturbation$.pipe(
      pulled(p, () => [rowsToBatch('signal', [])]),
      avalanches(p),
    ),
  ];
  return { signals, found, both: signals.pipe(both), free };
}

describe('the compiler', () => {
  it('knows the table of batches from stage to stage, and refuses an impossible order', () => {
    expectTypeOf<ReturnType<typeof composed>['signals']>().toEqualTypeOf<Observable<Batch<'signal'>>>();
    expectTypeOf<ReturnType<typeof composed>['found']>().toEqualTypeOf<
      Observable<Batch<'avalanche' | 'branching' | 'growth'>>
    >();
    expectTypeOf<ReturnType<typeof composed>['both']>().toExtend<
      Observable<Batch<'avalanche' | 'branching' | 'growth' | 'energy_spectrum'>>
    >();
    expectTypeOf<Batch<'signal'>>().toExtend<RecordBatch>();
    expectTypeOf<RecordBatch>().toExtend<Batch<'signal'>>();
    expectTypeOf<Batch<'avalanche'>>().not.toExtend<Batch<'signal'>>();
  });
});

const ensemble = {
  index: 0,
  activation: 'tanh',
  width: 16,
  depth: 20,
  weightVariance: 1,
  biasVariance: 0,
  inputStrength: 0.1,
  reuse: 1,
};

/** A partition through stages that the compiler hasn't seen, to the rows that come out. */
function rowsThrough(...stages: ((p: PartitionContext) => unknown)[]): Promise<unknown> {
  const through = (p: PartitionContext) =>
    stages.reduce<Observable<RecordBatch>>((batch$, stage) => batch$.pipe(stage(p) as Stage), p.perturbation$);
  const reducer = {
    name: 'rows',
    init: () => 0,
    step: (rows: unknown, batch: RecordBatch) => (rows as number) + batch.numRows,
    merge: (a: unknown, b: unknown) => (a as number) + (b as number),
    finish: (rows: unknown) => rows,
  };
  const composition = {
    ensembles: [ensemble],
    stop: { perturbations: 8 },
    stages: through,
    reducer,
    results: () => ({}),
  };
  const partition = { ensemble: 0, index: 0, first: 0, count: 8 };
  return executePartition(composition, partition, { seed: 1, openSink: () => undefined }).then(({ state }) => state);
}

const found = (p: PartitionContext) => avalanches(p);
const signals = (p: PartitionContext) => propagate(p, engine);

describe('stages in an impossible order, which the compiler hasn’t seen', () => {
  const wrong: readonly (readonly [string, ((p: PartitionContext) => unknown)[], string])[] = [
    ['without propagate', [found], 'avalanches() takes signal batches, and got perturbation batches: the stage that'],
    ['twice the same', [signals, found, found], 'avalanches() takes signal batches, and got avalanche batches: the'],
    ['propagated twice', [signals, signals], 'propagate() takes perturbation batches, and got signal batches: only'],
    [
      'twice, and followed',
      [signals, signals, found],
      'propagate() takes perturbation batches, and got signal batches',
    ],
    [
      'spectra of avalanches',
      [signals, found, (p) => energySpectrum(p, { every: 1 })],
      'energySpectrum() takes signal batches, and got avalanche batches',
    ],
    [
      'a promise in place of a batch',
      [signals, () => map(async (batch: RecordBatch) => batch), found],
      'avalanches() takes record batches, and got a promise: a stage before it that awaits something needs concatMap',
    ],
    [
      'to the reducer',
      [signals, () => map(async (batch: RecordBatch) => batch)],
      "reducer 'rows' takes record batches, and got a promise",
    ],
    ['an engine that is none', [(p) => propagate(p, { engine: (() => []) as never })], 'engine must be a name, or an'],
    [
      'an engine that overfills its window',
      [
        (p) => {
          const name = 'overfills';
          const rows = new SignalRows(4);
          const propagated = function* () {
            for (let layer = 1; layer <= 6; layer++) rows.push(0, layer, 1);
            yield rows.take();
          };
          return propagate(p, { engine: { name, propagate: propagated } });
        },
      ],
      'an engine pushed 6 rows into a window of 4: it must yield rows.take() wherever rows.full',
    ],
  ];
  for (const [what, stages, said] of wrong) {
    it(`are told in a sentence: ${what}`, async () => {
      await expect(rowsThrough(...stages)).rejects.toThrow(said);
    });
  }

  it('take tables of one’s own that have the columns', async () => {
    defineTable({
      name: 'calmed',
      version: 1,
      doc: 'Signals, halved.',
      fields: tableSchema('signal').fields,
    });
    const names = ['ensemble', 'perturbation', 'layer', 'strength'];
    const calmed = () =>
      map((batch: RecordBatch) => {
        const columns = Object.fromEntries(names.map((name) => [name, column(batch, name)]));
        return makeBatch('calmed', columns, batch.numRows);
      });
    expect(await rowsThrough(signals, calmed, found)).toBeGreaterThan(0);
    expect(await rowsThrough(signals, calmed, found)).toBe(await rowsThrough(signals, found));
  });
});
