import { composition, definePipeline, defineTable, stopParameters } from 'crackle';
import gaussian from 'crackle/pipelines/gaussian-avalanches';

/** A table of one's own: what becomes of perturbations. Typed, checked, written as Parquet with its docs; `describe` shows it. */
const fates = defineTable({
  name: 'fates',
  version: 1,
  doc: 'Perturbations by what becomes of them.',
  fields: [
    { name: 'width', type: 'int32', unit: 'neurons', doc: 'Neurons per layer, N.' },
    { name: 'dead', type: 'float64', unit: '1', doc: 'Share of those that died in the first layer.' },
    { name: 'censored', type: 'float64', unit: '1', doc: 'Share of those under way at the last layer.' },
  ],
});

export default definePipeline({
  ...gaussian,
  name: 'own-table',
  doc: 'avalanches in random networks, and a table of what becomes of perturbations',
  parameters: { ...gaussian.parameters, ...stopParameters(20_000) },
  tables: [...gaussian.tables!, fates],
  compose: (values) => {
    const { results, ...all } = gaussian.compose(values);
    return composition({
      ...all,
      results: (done) => ({
        ...results(done),
        fates: done.map(({ ensemble: { width }, counts: { dead, censored, perturbations } }) => {
          return { width, dead: dead / perturbations, censored: censored / perturbations };
        }),
      }),
    });
  },
});
