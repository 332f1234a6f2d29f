import {
  avalanches,
  crackling,
  cracklingParameters,
  cracklingTableNames,
  definePipeline,
  gaussianEnsembles,
  gaussianParameters,
  propagate,
  registerActivation,
  stopParameters,
  stopRule,
} from 'crackle';

// An activation of one's own, known by its name from here on, in worker threads too: they load this file again. φ is enough; derivatives that
// are left out are taken by differences, and an odd φ that says so goes twice as fast.
registerActivation({ name: 'softsign', phi: (x) => x / (1 + Math.abs(x)), evenSquare: true });

export default definePipeline({
  name: 'own-activation',
  doc: 'avalanches in networks of x / (1 + |x|)',
  parameters: {
    ...gaussianParameters,
    ...cracklingParameters,
    ...stopParameters(20_000),
    activation: { ...gaussianParameters.activation, default: 'softsign' },
  },
  records: ['avalanche'],
  tables: cracklingTableNames,
  compose: (values) => ({
    ensembles: gaussianEnsembles(values),
    stop: stopRule(values),
    stages: (partition) =>
      partition.perturbation$.pipe(
        propagate(partition, { engine: 'annealed' }),
        avalanches(partition, { profile: values.profilePoints }),
        partition.record('avalanche'),
      ),
    ...crackling(values),
  }),
});
