import {
  avalanches,
  composition,
  definePipeline,
  defineTable,
  gaussianEnsembles,
  gaussianParameters,
  integer,
  moments,
  orNull,
  propagate,
  themed,
} from 'crackle';

/** A table of one's own, and a summary and a figure that are made of it. */
const meanDuration = defineTable({
  name: 'mean_duration',
  version: 1,
  doc: 'Mean duration of the avalanches of an ensemble.',
  fields: [
    { name: 'width', type: 'int32', unit: 'neurons', doc: 'Neurons per layer, N.' },
    { name: 'mean', type: 'float64', unit: 'layers', doc: 'Mean duration.', nullable: true },
  ],
});
const [title, caption] = ['Mean duration', 'Mean duration of avalanches in layers, against width.'];
const axis = (field: string) => ({ field, type: 'quantitative' });

export default definePipeline({
  name: 'own-table',
  doc: 'mean duration of avalanches, in a table of its own',
  parameters: { ...gaussianParameters, perturbations: integer('perturbations an ensemble', 20_000) },
  records: ['avalanche'],
  tables: [meanDuration],
  compose: (values) =>
    composition({
      ensembles: gaussianEnsembles(values),
      stop: { perturbations: values.perturbations },
      stages: (partition) =>
        partition.perturbation$.pipe(
          propagate(partition, { engine: 'effective' }),
          avalanches(partition),
          partition.record('avalanche'),
        ),
      reducer: moments('duration'),
      results: (done) => ({
        mean_duration: done.map(({ ensemble, result }) => ({ width: ensemble.width, mean: orNull(result.mean) })),
      }),
      summaries: ({ mean_duration: rows = [] }) => {
        const cells = rows.map(({ width, mean }) => [`N = ${width}`, mean?.toFixed(3) ?? '–']);
        return [{ id: 'mean-duration', title, caption, head: ['Width', 'Layers'], rows: cells }];
      },
      figures: ({ mean_duration: values = [] }) => {
        const view = { data: { values }, mark: 'point', encoding: { x: axis('width'), y: axis('mean') } };
        return [{ name: 'mean-duration', title, caption, spec: themed(view) }];
      },
    }),
});
