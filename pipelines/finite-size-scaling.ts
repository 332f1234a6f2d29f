import { definePipeline, finiteSizeParameters, finiteSizeScaling, finiteSizeTableNames, propagate } from 'crackle';

/**
 * The second figure of arXiv:2509.22649: avalanches of networks of several widths, each at the correction δ(N) in σw² = 1 + δ(N) that
 * makes its distributions straightest, all curves on top of each other, and the exponents carried to infinite width.
 */
export default definePipeline({
  name: 'finite-size-scaling',
  doc: 'finite-size scaling: the correction δ(N) by a scan for straightness, then τ, α, γ against 1/N and at infinite width',
  takes: 'two and a half minutes on two cores',
  parameters: finiteSizeParameters,
  records: ['signal', 'avalanche'],
  tables: finiteSizeTableNames,
  compose: (values) => {
    const { avalanches, ...analysis } = finiteSizeScaling(values);
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
