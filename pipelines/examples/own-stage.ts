import {
  avalanches,
  column,
  crackling,
  cracklingParameters,
  cracklingTableNames,
  definePipeline,
  gaussianEnsembles,
  gaussianParameters,
  makeBatch,
  positive,
  propagate,
  type Stage,
  stopParameters,
  stopRule,
} from 'crackle';
import { map } from 'rxjs';

/** A stage of one's own: an amplifier that saturates. Batches in, batches out; it keeps nothing between them, so chunks don't matter. */
const saturated = (most: number): Stage =>
  map((batch) => {
    const [ensemble, layer] = [column<Int32Array>(batch, 'ensemble'), column<Int32Array>(batch, 'layer')];
    const perturbation = column<BigInt64Array>(batch, 'perturbation');
    const strength = column<Float32Array>(batch, 'strength').map((s) => Math.min(s, most));
    return makeBatch('signal', { ensemble, perturbation, layer, strength }, batch.numRows);
  });

export default definePipeline({
  name: 'own-stage',
  doc: 'avalanches as an amplifier sees them that saturates',
  parameters: {
    ...gaussianParameters,
    ...cracklingParameters,
    ...stopParameters(20_000),
    most: positive('largest reading, in drives', 3),
  },
  records: ['signal', 'avalanche'],
  tables: cracklingTableNames,
  compose: (values) => ({
    ensembles: gaussianEnsembles(values),
    stop: stopRule(values),
    stages: (partition) =>
      partition.perturbation$.pipe(
        propagate(partition, { engine: 'effective' }),
        saturated(values.most * partition.ensemble.inputStrength),
        partition.record('signal'),
        avalanches(partition, { profile: values.profilePoints }),
        partition.record('avalanche'),
      ),
    ...crackling(values),
  }),
});
