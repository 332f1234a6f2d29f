import { type AvalanchesOptions, avalanches } from '../avalanche/avalanches.ts';
import { energySpectrum } from '../avalanche/spectrum.ts';
import type { Threshold } from '../avalanche/threshold.ts';
import type { PartitionContext } from '../pipeline.ts';
import { beside, type Stage } from '../stage.ts';
import type { CracklingValues } from './parameters.ts';

/** What avalanches are asked for, beside their threshold. */
export interface AvalancheValues extends Pick<CracklingValues, 'profilePoints' | 'size'> {
  readonly lastLayer?: AvalanchesOptions['lastLayer'];
  /** One perturbation in so many has its power spectrum taken; 0 (default): none. */
  readonly spectrumEvery?: number;
}

/** Tables whose batches come of signals that are analysed. */
export type AnalysedTable = 'avalanche' | 'branching' | 'growth' | 'energy_spectrum';

/** Stage from signals to the avalanches that the analysis is of, with shapes, branching and growth; beside them come their power spectra. */
export function analysedAvalanches(
  partition: Pick<PartitionContext, 'ensemble' | 'count'>,
  {
    size,
    profilePoints,
    lastLayer = 'counted',
    spectrumEvery = 0,
    threshold,
  }: AvalancheValues & { readonly threshold?: Threshold },
): Stage<'signal', AnalysedTable> {
  return beside(
    avalanches(partition, {
      ...(threshold === undefined ? {} : { threshold }),
      profile: { points: profilePoints, of: size },
      lastLayer,
      branching: true,
      growth: true,
    }),
    ...(spectrumEvery === 0 ? [] : [energySpectrum(partition, { every: spectrumEvery })]),
  );
}
