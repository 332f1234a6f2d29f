import {
  avalanches,
  type ColumnChunk,
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
  readTable,
  rowsToBatch,
  type Stage,
  text,
} from 'crackle';

const names = ['trace', 'layer', 'strength'];
/** Each thread reads a table once. */
const tables = new Map<string, Promise<ColumnChunk>>();

/** A source of one's own: traces from a table with columns `trace` (from 0), `layer` (from 1) and `strength` that fits into memory. */
const traces = (partition: PartitionContext, path: string): Stage =>
  pulled(partition, async function* (perturbations) {
    const wanted = column<BigInt64Array>(perturbations, 'perturbation');
    if (!tables.has(path)) tables.set(path, readTable(path, names));
    const { columns } = await tables.get(path)!;
    const [trace, layer, strength] = names.map((name) => Array.from(columns[name]!, Number));
    const ids = new Set(Array.from(wanted, Number));
    const rows = [...trace!.keys()].filter((i) => ids.has(trace![i]!));
    for (const i of rows) ids.delete(trace![i]!);
    for (const id of ids) throw new Error(`${path} has no trace ${id}: --traces says how many it has`);
    const { index: ensemble } = partition.ensemble;
    const row = (i: number) => ({ ensemble, perturbation: trace![i]!, layer: layer![i]!, strength: strength![i]! });
    yield rowsToBatch('signal', rows.map(row));
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
