import { residualNames } from '../../network/resnet/layout.ts';
import { networkWords } from '../quenched-stream.ts';

/** What the random numbers of residual networks are for. */
export const residualPurpose = { weights: 0x72657377, inputs: 0x72657369, calibration: 0x72657363 } as const;

/** Starting words of the generator for a network, or an input, of a model. Streams know models, not their place in a run. */
export function residualWords(seed: number, model: string, use: number, index: number): Uint32Array {
  return networkWords(seed, residualNames.indexOf(model), index, use);
}
