import { definePipeline, learningParameters, learningTableNames, trainability } from 'crackle';

/**
 * Learning and criticality (arXiv:2509.22649): fully connected networks on MNIST, trained by plain stochastic gradient descent from random
 * weights at each point of the (σw², σb²) plane, and which quantity of the mean-field theory orders the points as the accuracy does: the ridge
 * of the susceptibility, as the paper has it, or the edge of chaos and its depth scales.
 */
export default definePipeline({
  name: 'trainability',
  doc: 'training accuracy on MNIST over weight and bias variance and what theory predicts it; epochs to 97 % for several widths with --experiment scan',
  takes: 'a quarter of an hour on two cores',
  parameters: learningParameters,
  records: ['learning'],
  tables: learningTableNames,
  compose: (values) => {
    const { train, ...experiment } = trainability(values);
    return {
      ...experiment,
      stages: (partition) => partition.perturbation$.pipe(train(partition), partition.record('learning')),
    };
  },
});
