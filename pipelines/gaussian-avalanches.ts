import {
  avalanches,
  beside,
  crackling,
  cracklingParameters,
  cracklingTableNames,
  definePipeline,
  energySpectrum,
  engineParameters,
  gaussianEnsembles,
  gaussianParameters,
  propagate,
  spectrumParameters,
  stopParameters,
  stopRule,
  surrogateParameters,
  withSurrogates,
} from '../src/index.ts';

/**
 * The main experiment of arXiv:2509.22649: a perturbation enters a random Gaussian network near its critical point, its avalanche ends at
 * the first layer whose signal strength is below the input's. One ensemble a width.
 */
export default definePipeline({
  name: 'gaussian-avalanches',
  doc: 'avalanches in random Gaussian networks near criticality: distributions, scaling, shape collapse, crackling relation',
  parameters: {
    ...gaussianParameters,
    ...engineParameters,
    ...stopParameters(500_000),
    ...cracklingParameters,
    ...spectrumParameters,
    ...surrogateParameters,
  },
  records: ['signal', 'avalanche'],
  tables: cracklingTableNames,
  compose: (values) => {
    const { reducer, profile, ...analysis } = crackling(values);
    const { spectrumEvery: every } = values;
    const { ensembles, propagation } = withSurrogates(gaussianEnsembles(values), values);
    return {
      ensembles,
      stop: stopRule(values),
      stages: (partition) =>
        partition.perturbation$.pipe(
          propagate(partition, propagation(partition.ensemble)),
          partition.record('signal'),
          beside(
            avalanches(partition, { profile, branching: true }),
            ...(every === 0 ? [] : [energySpectrum(partition, { every })]),
          ),
          partition.record('avalanche'),
        ),
      reducer,
      ...analysis,
    };
  },
});
