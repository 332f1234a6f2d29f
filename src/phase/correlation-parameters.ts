import { gaussianParameters, normOf, varianceOf } from '../network/gaussian.ts';
import { integer, list, real, type ValuesOf } from '../parameter.ts';

/** Parameters of the decay of correlations. */
export const correlationParameters = {
  activation: gaussianParameters.activation,
  width: integer('neurons per layer N', 1024, 2, 2 ** 31 - 1),
  depth: integer('layers L', 200, 4, 1_000_000),
  weightVariances: list('weight variances σw²', [0.5, 1, 1.25, 1.5, 1.65, 1.9, 2.25, 3], varianceOf('', 1)),
  biasVariances: list('bias variances σb², each with all weight variances', [0.05], varianceOf('', 0)),
  correlations: list('correlations c_0 of the two inputs', [0, 0.5, 0.9], real('', 0, -1, 1)),
  networks: integer('networks, each with one pair of inputs', 128),
  inputNorm: normOf('total norm of an input where the mean-field signal strength s* is 0 or infinite'),
  blocks: integer('jackknife blocks of networks that errors come from', 32, 2),
};

/** Values of {@link correlationParameters}. */
export type CorrelationValues = ValuesOf<typeof correlationParameters>;
