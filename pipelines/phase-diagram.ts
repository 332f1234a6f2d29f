import { avalanches, definePipeline, phaseDiagram, phaseParameters, phaseTableNames, propagate } from 'crackle';
import { concat } from 'rxjs';

/**
 * The phase diagram of arXiv:2509.22649 in the plane of σw² and σb²: mean-field signal strength, susceptibility and correlation depth beside
 * the steady state and the avalanches of finite networks, their mean size and its response to σw². One ensemble a cell.
 */
export default definePipeline({
  name: 'phase-diagram',
  doc: 'signal strength, avalanche size and their susceptibilities over the plane of weight and bias variance, theory beside simulation',
  takes: 'a minute on two cores',
  parameters: phaseParameters,
  records: ['steady_state', 'size_response', 'signal', 'avalanche'],
  tables: phaseTableNames,
  compose: (values) => {
    const { steady, response, ...diagram } = phaseDiagram(values);
    return {
      ...diagram,
      stages: (partition) =>
        concat(
          partition.perturbation$.pipe(steady(partition), partition.record('steady_state')),
          partition.perturbation$.pipe(response(partition), partition.record('size_response')),
          partition.perturbation$.pipe(
            propagate(partition, { ...values, recycle: true }),
            partition.record('signal'),
            avalanches(partition),
            partition.record('avalanche'),
          ),
        ),
    };
  },
});
