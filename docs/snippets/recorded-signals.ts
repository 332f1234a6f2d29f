import {
  avalanches,
  definePipeline,
  gaussianEnsembles,
  gaussianParameters,
  integer,
  moments,
  signalsFrom,
  text,
} from 'crackle';

export default definePipeline({
  name: 'recorded-signals',
  doc: 'avalanches of signals that another run recorded',
  parameters: {
    ...gaussianParameters,
    recorded: text('run folder with recorded signals', 'recorded'),
    perturbations: integer('perturbations of each network that were recorded', 600),
  },
  records: ['avalanche'],
  compose: (values) => ({
    ensembles: gaussianEnsembles(values),
    stop: { perturbations: values.perturbations },
    stages: (partition) =>
      partition.perturbation$.pipe(
        signalsFrom(partition, values.recorded),
        avalanches(partition),
        partition.record('avalanche'),
      ),
    reducer: moments('duration'),
    results: () => ({}),
  }),
});
