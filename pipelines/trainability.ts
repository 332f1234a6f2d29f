import { definePipeline, learningParameters, train, trainability } from '../src/index.ts';

/**
 * Learning and criticality (arXiv:2509.22649): fully connected networks on MNIST, trained by plain stochastic gradient descent from random
 * weights at each point of the (σw², σb²) plane. Trainable networks are expected on the ridge of the mean-field susceptibility.
 *
 * Sizes of the paper's order: --width 300 --depth 100 --scan-widths 200,300,400,500,600 --runs 3, with finer grids.
 */
export default definePipeline({
  name: 'trainability',
  doc: 'training accuracy on MNIST over weight and bias variance beside the mean-field susceptibility; epochs to 97 % for several widths',
  parameters: learningParameters,
  compose: (values) => {
    const { planOf, ...experiment } = trainability(values);
    return {
      ...experiment,
      stages: (partition) =>
        partition.perturbation$.pipe(train(partition, planOf(partition)), partition.record('learning')),
    };
  },
});
