import { correlationDepth, correlationParameters, correlationTableNames, definePipeline } from 'crackle';

/**
 * Two inputs through the same network: how their correlation goes to its fixed point layer by layer, and its decay length beside the depth scale
 * ξ_c of the mean-field theory (arXiv:1611.01232). One ensemble a point and input correlation, one pair a network.
 */
export default definePipeline({
  name: 'correlation-depth',
  doc: 'correlation of two inputs of the same network, layer by layer: decay length against the depth scale of the theory',
  takes: '80 s on two cores',
  parameters: correlationParameters,
  records: ['correlation'],
  tables: correlationTableNames,
  compose: (values) => {
    const { pairs, ...decay } = correlationDepth(values);
    return {
      ...decay,
      stages: (partition) => partition.perturbation$.pipe(pairs(partition), partition.record('correlation')),
    };
  },
});
