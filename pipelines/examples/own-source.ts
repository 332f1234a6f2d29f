import {
  avalanches,
  column,
  crackling,
  cracklingParameters,
  cracklingTableNames,
  definePipeline,
  type Ensemble,
  integer,
  type PartitionContext,
  positive,
  pulled,
  readChunks,
  rowsToBatch,
  type Stage,
  text,
} from 'crackle';

/** A source of one's own: traces from a table with columns `trace` (from 0), `layer` (from 1) and `strength`, a chunk at a time. */
const traces = (partition: PartitionContext, path: string): Stage =>
  pulled(partition, async function* (perturbations) {
    const wanted = column<BigInt64Array>(perturbations, 'perturbation');
    const [first, last] = [Number(wanted[0]), Number(wanted.at(-1))];
    for await (const { rows, columns } of readChunks(path, ['trace', 'layer', 'strength'])) {
      const signals = Array.from({ length: rows }, (_, i) => ({
        ensemble: partition.ensemble.index,
        perturbation: Number(columns.trace![i]),
        layer: Number(columns.layer![i]),
        strength: Number(columns.strength![i]),
      }));
      const own = signals.filter(({ perturbation }) => perturbation >= first && perturbation <= last);
      yield rowsToBatch('signal', own);
    }
  });

export default definePipeline({
  name: 'own-source',
  doc: 'avalanches in recorded traces',
  parameters: {
    ...cracklingParameters,
    path: text('table of traces', 'traces.csv'),
    traces: integer('traces in it', 1),
    layers: integer('rows of the longest trace', 1000),
    threshold: positive('threshold of avalanches', 1),
  },
  records: ['signal', 'avalanche'],
  tables: cracklingTableNames,
  compose: (values) => {
    const one = { index: 0, width: 1, depth: values.layers, inputStrength: values.threshold, reuse: 1 };
    const ensemble: Ensemble = { ...one, activation: 'none', weightVariance: 0, biasVariance: 0, model: 'recording' };
    return {
      ensembles: [ensemble],
      stop: { perturbations: values.traces },
      stages: (partition) =>
        partition.perturbation$.pipe(
          traces(partition, values.path),
          partition.record('signal'),
          avalanches(partition, { profile: values.profilePoints }),
          partition.record('avalanche'),
        ),
      ...crackling(values),
    };
  },
});
