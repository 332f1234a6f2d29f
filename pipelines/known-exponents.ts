import { definePipeline, knownExponents, knownExponentsParameters, knownExponentsTableNames } from 'crackle';

/**
 * Does the machine find exponents that are known? Branching, random walk, ABBM, directed percolation and Ornstein–Uhlenbeck processes on the
 * road that networks take: signal, detector, reducers, fits, verdict.
 */
export default definePipeline({
  name: 'known-exponents',
  doc: 'processes whose exponents are known, through the same detector, reducers and fits: known and measured exponents side by side',
  takes: 'a minute and a half on two cores',
  parameters: knownExponentsParameters,
  records: ['signal', 'avalanche'],
  tables: knownExponentsTableNames,
  compose: (values) => {
    const { signals, avalanches, sizes, ...analysis } = knownExponents(values);
    return {
      ...analysis,
      stages: (partition) =>
        partition.perturbation$.pipe(
          signals(partition),
          partition.record('signal'),
          avalanches(partition),
          partition.record('avalanche'),
          sizes(partition),
        ),
    };
  },
});
