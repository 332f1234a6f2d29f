import { concat } from 'rxjs';
import { avalanches, definePipeline, phaseDiagram, phaseParameters, propagate } from '../src/index.ts';

/**
 * The phase diagram of arXiv:2509.22649 in the plane of σw² and σb²: mean-field signal strength, susceptibility and correlation depth beside
 * the steady state and the avalanches of finite networks. One ensemble a cell.
 */
export default definePipeline({
  name: 'phase-diagram',
  doc: 'signal strength, susceptibility and avalanche size over the plane of weight and bias variance, theory beside simulation',
  parameters: phaseParameters,
  compose: (values) => {
    const { steady, ...diagram } = phaseDiagram(values);
    return {
      ...diagram,
      stages: (partition) =>
        concat(
          partition.perturbation$.pipe(steady(partition), partition.record('steady_state')),
          partition.perturbation$.pipe(
            propagate(partition, values),
            partition.record('signal'),
            avalanches(partition),
            partition.record('avalanche'),
          ),
        ),
    };
  },
});
