import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  avalanches,
  column,
  composition,
  definePipeline,
  defineTable,
  gaussianEnsembles,
  gaussianParameters,
  integer,
  list,
  propagate,
  text,
} from 'crackle';
import { concat, ignoreElements, tap, timer } from 'rxjs';

const lose = {
  exit: () => process.exit(7),
  memory: () => {
    const kept = [];
    for (;;) kept.push(new Array(1e6).fill(0.5));
  },
  hang: () => {
    for (;;);
  },
  late: () => {
    setTimeout(() => {
      throw new Error('later than its partition');
    }, 0);
  },
  throw: () => {
    throw new Error('a stage of a user throws');
  },
};

const longest = {
  name: 'longest',
  init: () => ({ layers: 0, sum: 0 }),
  step: (state, batch) => ({
    layers: column(batch, 'duration').reduce((a, b) => Math.max(a, b), state.layers),
    sum: column(batch, 'size').reduce((a, b) => a + b, state.sum),
  }),
  merge: (into, other) => ({ layers: Math.max(into.layers, other.layers), sum: into.sum + other.sum }),
  finish: (state) => state,
};

/** Of the order of merging its sums depend in their last bits: a partition that is merged out of order doesn't stay unseen. */
const table = defineTable({
  name: 'longest',
  version: 1,
  doc: 'The longest avalanche, and the sum of sizes, of each ensemble.',
  fields: [
    { name: 'layers', type: 'int32', unit: 'layers', doc: 'Duration of the longest.' },
    { name: 'total', type: 'float64', unit: '1', doc: 'Sum of sizes.' },
  ],
});

/** A user's own pipeline, plain and quick, that takes the workers of partitions with it as it is told: `<partition>:<how>` each, once each. */
export default definePipeline({
  name: 'campaign',
  doc: 'a stage that takes its worker with it',
  parameters: {
    ...gaussianParameters,
    engine: text('engine', 'effective'),
    perturbations: integer('perturbations an ensemble', 640),
    faults: list('what happens', ['none'], text('a fault', 'none')),
    pause: integer('milliseconds that a partition lasts beside its work', 0, 0),
    memory: text('folder that remembers what has happened', '.'),
  },
  records: ['signal', 'avalanche'],
  tables: [table],
  compose: (values) =>
    composition({
      ensembles: gaussianEnsembles(values),
      stop: { perturbations: values.perturbations },
      stages: (partition) =>
        concat(partition.perturbation$, timer(values.pause).pipe(ignoreElements())).pipe(
          propagate(partition, { engine: values.engine, backend: 'simd' }),
          partition.record('signal'),
          tap(() => {
            for (const [number, fault] of values.faults.entries()) {
              const [at, how] = fault.split(':');
              const mark = join(values.memory, `${number}`);
              if (Number(at) !== partition.index || existsSync(mark)) continue;
              writeFileSync(mark, '');
              lose[how]();
              return;
            }
          }),
          avalanches(partition),
          partition.record('avalanche'),
        ),
      reducer: longest,
      results: (done) => ({ longest: done.map(({ result: { layers, sum } }) => ({ layers, total: sum })) }),
    }),
});
