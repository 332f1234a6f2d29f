import {
  crackling,
  cracklingParameters,
  cracklingTableNames,
  definePipeline,
  engineParameters,
  gaussianEnsembles,
  gaussianParameters,
  propagate,
  stopParameters,
  stopRule,
} from 'crackle';

/**
 * Run it by its path; its parameters are flags, and --help lists them:
 *
 *     crackle run my-pipeline.ts --widths 64,128 --record avalanche
 */
export default definePipeline({
  name: 'my-pipeline',
  doc: 'what it is about, in a line',
  // Flags, help, checks and manifest follow. Your own: `most: positive('largest reading', 3)`, then `values.most` below.
  parameters: { ...gaussianParameters, ...engineParameters, ...stopParameters(20_000), ...cracklingParameters },
  // What `partition.record` may be told to write, and what is made at the end.
  records: ['signal', 'avalanche'],
  tables: cracklingTableNames,
  compose: (values) => {
    const { avalanches, ...analysis } = crackling(values);
    return {
      ...analysis,
      ensembles: gaussianEnsembles(values),
      stop: stopRule(values),
      // Any RxJS operator over Arrow record batches may stand between these stages.
      stages: (partition) =>
        partition.perturbation$.pipe(
          propagate(partition, values),
          partition.record('signal'),
          avalanches(partition),
          partition.record('avalanche'),
        ),
    };
  },
});
