import { residualNames } from '../../network/resnet/model.ts';
import { networkWords } from '../quenched-stream.ts';

/** What the random numbers of residual networks are for. */
export const residualPurpose = {
  weights: 0x72657377,
  linear: 0x7265736c,
  inputs: 0x72657369,
  calibration: 0x72657363,
} as const;

/** Key of the stream for a network, or an input, of a model. Streams know models, not their place in a run. */
export function residualStream(model: string, use: number, index: number): [number, number, number] {
  return [residualNames.indexOf(model), use, index];
}

/** Starting words of the kernels' generator for a network, or an input, of a model. */
export function residualWords(seed: number, model: string, use: number, index: number): Uint32Array {
  return networkWords(seed, residualNames.indexOf(model), index, use);
}
