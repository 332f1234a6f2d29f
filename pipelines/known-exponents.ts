import { definePipeline, knownExponents, knownExponentsParameters, knownExponentsTableNames, propagate } from 'crackle';

/**
 * Does the machine find exponents that are known? Branching, random walk, ABBM, directed percolation and Ornstein–Uhlenbeck processes on the
 * road that networks take: signal, detector, reducers, fits, verdict.
 */
export default definePipeline({
  name: 'known-exponents',
  doc: 'processes whose exponents are known, through the same detector, reducers and fits: known and measured exponents side by side',
  parameters: knownExponentsParameters,
  records: ['signal', 'avalanche'],
  tables: knownExponentsTableNames,
  compose: (values) => {
    const { control, ...analysis } = knownExponents(values);
    return {
      ...analysis,
      stages: (partition) => {
        const { follow, avalanches, sizes } = control(partition);
        return partition.perturbation$.pipe(
          propagate(partition, follow),
          partition.record('signal'),
          avalanches,
          partition.record('avalanche'),
          sizes,
        );
      },
    };
  },
});
