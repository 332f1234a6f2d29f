import { attempt, ParameterError } from '../error.ts';
import {
  auto,
  distinct,
  integer,
  list,
  type ParameterSpec,
  real,
  refusedWhere,
  text,
  type ValuesOf,
} from '../parameter.ts';
import { activation, activationNames } from './activation.ts';
import { criticalVariance } from './critical-point.ts';
import type { Ensemble } from './ensemble.ts';

// Strengths are in single precision: a threshold that it holds for 0 ends nothing, one that it holds for ∞ everything at once.
const [least, most] = [1e-25, 1e25];

/** A total norm of perturbations as a parameter. */
export const normOf = (doc: string): ParameterSpec<number> => real(doc, 0.1, least, most);

/** A variance of weights or biases as a parameter. Beyond 1e100 products of variances and energies overflow. */
export const varianceOf = (doc: string, fallback: number): ParameterSpec<number> => real(doc, fallback, 0, 1e100);

/** Parameters of random feed-forward networks with Gaussian weights and of their drive (arXiv:2509.22649, Methods). */
export const gaussianParameters = {
  widths: list('neurons per layer N, one ensemble each', [128, 256, 512], integer('', 128, 1, 2 ** 31 - 1)),
  depth: integer('layers L', 1000, 1, 2 ** 31 - 2),
  activation: text(
    `activation φ: ${activationNames().join(', ')}`,
    'tanh',
    'an activation such as tanh, erf, linear, relu or leaky-relu(0.1)',
    (name) => attempt(() => activation(name)) !== undefined,
  ),
  weightVariance: auto(
    varianceOf(
      'weight variance σw² (auto: the critical point of φ at width N, where ln s of small signals has no drift; 1 + 1/N for tanh, 2 + 5/N for relu)',
      1,
    ),
  ),
  biasVariance: varianceOf('bias variance σb²', 0),
  inputNorm: refusedWhere(normOf('total norm of a perturbation, the same for all widths'), ({ inputStrength }) =>
    typeof inputStrength !== 'number'
      ? undefined
      : `is another way to say input-strength, which is ${inputStrength}: give one of them`,
  ),
  inputStrength: auto(real('signal strength s0 per neuron at layer 0 (auto: input norm / √N)', 1, least, most)),
  reuse: integer('perturbations R that share one network', 1),
};

/** Values of {@link gaussianParameters}. */
export type GaussianValues = ValuesOf<typeof gaussianParameters>;

/** σw² where none is given. */
function criticalAt(name: string, width: number): number {
  const critical = attempt(() => criticalVariance(name, width, 1));
  if (critical !== undefined) return critical;
  throw new ParameterError(
    `weight-variance must be a number for activation ${name}, which has no critical point for small signals: φ doesn't vanish at 0, or has no slope there`,
  );
}

/**
 * The ensembles that the parameters describe: one a width, in the order given.
 * @throws ParameterError for a width that is listed twice, and for a weight variance that isn't given where the activation has no critical point
 */
export function gaussianEnsembles(values: GaussianValues): Ensemble[] {
  return distinct('widths', values.widths).map((width, index) => ({
    index,
    activation: activation(values.activation).name,
    width,
    depth: values.depth,
    weightVariance: values.weightVariance ?? criticalAt(values.activation, width),
    biasVariance: values.biasVariance,
    inputStrength: values.inputStrength ?? values.inputNorm / Math.sqrt(width),
    reuse: values.reuse,
  }));
}
