import { definePipeline, propagate, residualAvalanches, residualParameters, residualTableNames } from 'crackle';
import { concat } from 'rxjs';

/**
 * Avalanches in residual networks at initialisation (arXiv:2509.22649): every operation is a layer with a threshold of its own, set by
 * calibration runs. One ensemble a model and threshold. The authors' networks: `--networks 1 --input-size 224 --width-multiplier 1 --batch 16` (half a GB a thread).
 */
export default definePipeline({
  name: 'resnet-avalanches',
  doc: 'avalanches in ResNet-18 to 152 at initialisation, at thresholds k standard deviations from the mean of each layer',
  takes: 'about seven minutes on two cores (reckoned from smaller runs)',
  parameters: residualParameters,
  records: ['signal', 'avalanche', 'network_calibration', 'tally'],
  tables: residualTableNames,
  compose: (values) => {
    const { networks, ...analysis } = residualAvalanches(values);
    return {
      ...analysis,
      stages: (partition) => {
        const { engine, avalanches, calibration$, tally$ } = networks(partition);
        return concat(
          partition.perturbation$.pipe(
            propagate(partition, { engine, fullDepth: true, recycle: true }),
            partition.record('signal'),
            avalanches,
            partition.record('avalanche'),
          ),
          calibration$.pipe(partition.record('network_calibration')),
          tally$.pipe(partition.record('tally')),
        );
      },
    };
  },
});
