import { definePipeline, propagate, trainedAvalanches, trainedParameters, trainedTableNames } from 'crackle';
import { concat, ignoreElements, mergeMap } from 'rxjs';

/**
 * Avalanches in trained networks, whose weights are read from files: a perturbation ends at the first layer whose signal strength is below the
 * input's, or below a threshold of that layer's own. Around data points (`around`) the signal is what the perturbation changes. Beside each network are controls whose weights have lost what was learned.
 */
export default definePipeline({
  name: 'trained-avalanches',
  doc: 'avalanches in fully connected networks of your own, their weights read from files, beside controls with shuffled and with Gaussian weights',
  takes: 'depends on the networks: depth 40 at width 128 half a minute on two cores',
  parameters: trainedParameters,
  records: ['signal', 'avalanche', 'network_calibration', 'data_point'],
  tables: trainedTableNames,
  compose: (values) => {
    const { network, ...analysis } = trainedAvalanches(values);
    return {
      ...analysis,
      stages: (partition) => {
        const [signals, found, calibrations, points] = ['signal', 'avalanche', 'network_calibration', 'data_point'].map(
          partition.record,
        );
        return network(partition).pipe(
          mergeMap(({ engine, floor, avalanches, dataPoint$, calibration$ }) =>
            concat(
              dataPoint$.pipe(points!, ignoreElements()),
              partition.perturbation$.pipe(
                propagate(partition, { engine, floor, observable: values.observable, recycle: true }),
                signals!,
                avalanches,
                found!,
              ),
              calibration$.pipe(calibrations!),
            ),
          ),
        );
      },
    };
  },
});
