import {
  avalanches,
  column,
  definePipeline,
  makeBatch,
  positive,
  propagate,
  type Stage,
  stopParameters,
} from 'crackle';
import gaussian from 'crackle/pipelines/gaussian-avalanches';
import { map } from 'rxjs';

/** A stage of one's own: an amplifier that saturates. Batches in, batches out; it keeps nothing between them, so chunks don't matter. */
const saturated = (most: number): Stage<'signal', 'signal'> =>
  map((batch) => {
    const [ensemble, layer] = [column<Int32Array>(batch, 'ensemble'), column<Int32Array>(batch, 'layer')];
    const perturbation = column<BigInt64Array>(batch, 'perturbation');
    const strength = column<Float32Array>(batch, 'strength').map((s) => Math.min(s, most));
    return makeBatch('signal', { ensemble, perturbation, layer, strength }, batch.numRows);
  });

const most = positive('largest reading, in drives', 3);

export default definePipeline({
  ...gaussian,
  name: 'own-stage',
  doc: 'avalanches as an amplifier sees them that saturates',
  parameters: { ...gaussian.parameters, ...stopParameters(20_000), most },
  compose: (values) => ({
    ...gaussian.compose(values),
    stages: (partition) =>
      partition.perturbation$.pipe(
        propagate(partition, values),
        saturated(values.most * partition.ensemble.inputStrength),
        partition.record('signal'),
        avalanches(partition, { profile: { points: values.profilePoints, of: values.size } }),
        partition.record('avalanche'),
      ),
  }),
});
