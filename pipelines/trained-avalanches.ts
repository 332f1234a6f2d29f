import { definePipeline, propagate, trainedAvalanches, trainedParameters, trainedTableNames } from 'crackle';
import { concat, mergeMap } from 'rxjs';

/**
 * Avalanches in trained networks, whose weights are read from files: a perturbation ends at the first layer whose signal strength is below the
 * input's, or below a threshold of that layer's own. Beside each network are controls whose weights have lost what was learned.
 */
export default definePipeline({
  name: 'trained-avalanches',
  doc: 'avalanches in fully connected networks of your own, their weights read from files, beside controls with shuffled and with Gaussian weights',
  takes: 'depends on the networks: depth 40 at width 128 half a minute on two cores',
  parameters: trainedParameters,
  records: ['signal', 'avalanche', 'network_calibration'],
  tables: trainedTableNames,
  compose: (values) => {
    const { network, ...analysis } = trainedAvalanches(values);
    return {
      ...analysis,
      stages: (partition) => {
        const [signals, found, calibrations] = ['signal', 'avalanche', 'network_calibration'].map(partition.record);
        return network(partition).pipe(
          mergeMap(({ engine, floor, avalanches, calibration$ }) =>
            concat(
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
