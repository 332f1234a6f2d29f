import { activationParameters, activationTableNames, activationUniversality, definePipeline, propagate } from 'crackle';

/**
 * Do avalanches depend on the activation? Networks that differ in φ alone, each at its critical point, side by side: their exponents,
 * and their durations against the random-walk theory of arXiv:2512.00168.
 */
export default definePipeline({
  name: 'activation-universality',
  doc: 'avalanches of networks of several activations at their critical points: exponents, universality classes, random-walk theory',
  takes: 'a minute on two cores',
  parameters: activationParameters,
  records: ['signal', 'avalanche'],
  tables: activationTableNames,
  compose: (values) => {
    const { avalanches, ...analysis } = activationUniversality(values);
    return {
      ...analysis,
      stages: (partition) =>
        partition.perturbation$.pipe(
          propagate(partition, { ...values, recycle: true }),
          partition.record('signal'),
          avalanches(partition),
          partition.record('avalanche'),
        ),
    };
  },
});
