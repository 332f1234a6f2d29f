import {
  avalanches,
  column,
  composition,
  definePipeline,
  defineTable,
  gaussianEnsembles,
  gaussianParameters,
  propagate,
  type Reducer,
  stopParameters,
  stopRule,
} from 'crackle';

/** A reducer of one's own: the longest avalanche. Its state is plain data and merges, so it goes over threads, nodes and interrupts. */
const longest: Reducer<{ layers: number }, number> = {
  name: 'longest',
  init: () => ({ layers: 0 }),
  step: ({ layers }, batch) => {
    // How long those would be that are still under way at the last layer isn't known.
    const censored = batch.getChild('censored')!;
    const ended = column<Int32Array>(batch, 'duration').filter((_, i) => censored.get(i) === false);
    return { layers: ended.reduce((a, b) => Math.max(a, b), layers) };
  },
  merge: (into, other) => ({ layers: Math.max(into.layers, other.layers) }),
  finish: ({ layers }) => layers,
};

const table = defineTable({
  name: 'longest',
  version: 1,
  doc: 'The longest avalanche of each ensemble, of those that ended.',
  fields: [
    { name: 'width', type: 'int32', unit: 'neurons', doc: 'Neurons per layer N.' },
    { name: 'layers', type: 'int32', unit: 'layers', doc: 'Its duration.' },
  ],
});

export default definePipeline({
  name: 'own-reducer',
  doc: 'the longest avalanche',
  parameters: { ...gaussianParameters, ...stopParameters(20_000) },
  records: ['avalanche'],
  tables: [table],
  compose: (values) =>
    composition({
      ensembles: gaussianEnsembles(values),
      stop: stopRule(values),
      stages: (partition) =>
        partition.perturbation$.pipe(
          propagate(partition, { engine: 'effective' }),
          avalanches(partition),
          partition.record('avalanche'),
        ),
      reducer: longest,
      estimate: (layers) => ({ longest: layers }),
      results: (done) => ({ longest: done.map(({ ensemble: { width }, result: layers }) => ({ width, layers })) }),
    }),
});
