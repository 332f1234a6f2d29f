import {
  crackling,
  cracklingParameters,
  cracklingTableNames,
  definePipeline,
  detectionParameters,
  engineParameters,
  gaussianEnsembles,
  gaussianParameters,
  propagate,
  spectrumParameters,
  stopParameters,
  stopRule,
  surrogateParameters,
  withSurrogates,
} from 'crackle';

/**
 * The main experiment of arXiv:2509.22649: a perturbation enters a random Gaussian network near its critical point, its avalanche ends at
 * the first layer whose signal strength is below the input's. One ensemble a width.
 */
export default definePipeline({
  name: 'gaussian-avalanches',
  doc: 'avalanches in random Gaussian networks near criticality: distributions, scaling, shape collapse, crackling relation',
  takes: 'a minute and a half on two cores',
  parameters: {
    ...gaussianParameters,
    ...engineParameters,
    ...stopParameters(500_000),
    ...detectionParameters,
    ...cracklingParameters,
    ...spectrumParameters,
    ...surrogateParameters,
  },
  records: ['signal', 'avalanche'],
  tables: cracklingTableNames,
  presets: {
    // The rules of the published code, GitHub ArshamCS/DNN_criticality, commit 4982bc4. Avalanches under way at the last of its 1000 recorded
    // strengths keep 997 layers, as they do here at depth 998.
    authors: {
      doc: 'network and rules of the published analysis: N = 500, σw² = 1.002, cutoffs without upper ends, censored avalanches kept',
      values: {
        widths: [500],
        depth: 998,
        weightVariance: 1.002,
        biasVariance: 0,
        inputNorm: Math.sqrt(0.1),
        valid: 1_000_000,
        lastLayer: 'left-out',
        size: 'excess',
        censored: 'count',
        sizeMin: 0.5,
        sizeMax: 'none',
        durationMin: 5,
        durationMax: 'none',
        durationEstimate: 'closed-form',
        scalingOf: 'ln-mean',
        scalingWeights: 'log',
        scalingCount: 100,
        scalingRare: 'leave-out',
        scalingSizeMin: 0.5,
        collapseMin: 60,
        collapseMax: 250,
        collapseRatio: 1,
        collapseError: 'global',
        profileCount: 20,
        collapseRare: 'leave-out',
        profilePoints: 50,
      },
    },
  },
  compose: (values) => {
    const { avalanches, reducer, ...analysis } = crackling(values);
    const { ensembles, propagation } = withSurrogates(gaussianEnsembles(values), values);
    return {
      ensembles,
      stop: stopRule(values),
      stages: (partition) =>
        partition.perturbation$.pipe(
          propagate(partition, { ...propagation(partition.ensemble), recycle: true }),
          partition.record('signal'),
          avalanches(partition),
          partition.record('avalanche'),
        ),
      reducer,
      ...analysis,
    };
  },
});
