import { definePipeline, propagate, regimeParameters, regimes } from 'crackle';

/**
 * The three regimes of signal propagation (arXiv:2509.22649): below criticality signals die out, above it they go to a fixed point, near it they
 * wander for long. Single networks, their root mean square, and the mean-field recursion.
 */
export default definePipeline({
  name: 'regimes',
  doc: 'signal strength against layer below, near and above criticality: single networks, their mean, the mean-field recursion',
  takes: '20 s on two cores',
  parameters: regimeParameters,
  records: ['signal'],
  tables: ['regime'],
  compose: (values) => ({
    ...regimes(values),
    stages: (partition) =>
      partition.perturbation$.pipe(
        propagate(partition, { engine: values.engine, fullDepth: true, recycle: true }),
        partition.record('signal'),
      ),
  }),
});
