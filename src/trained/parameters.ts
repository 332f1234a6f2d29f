import { cracklingParameters, detectionParameters } from '../crackling/parameters.ts';
import { gaussianParameters } from '../network/gaussian.ts';
import {
  auto,
  choice,
  idleWhere,
  integer,
  list,
  noneOr,
  optional,
  refusedWhere,
  text,
  type ValuesOf,
} from '../parameter.ts';
import { engineParameters } from '../propagation/parameters.ts';

const { activation, inputNorm, inputStrength } = gaussianParameters;

/** Parameters of avalanches in networks whose weights are in files. */
export const trainedParameters = {
  weights: optional(
    list(
      'files of weights, a network each, without which nothing runs: .safetensors, .npz, .npy, or a folder of .npy files',
      [],
      text('', '', 'the path of a file or folder', (path) => path !== ''),
    ),
  ),
  layers: auto(
    list(
      "weights of the layers by name, with * and ?, in their order (auto: all matrices but the first and the last, in natural order of names: 2 before 10); '*' takes all",
      [],
      text('', '', 'a name or pattern', (name) => name !== ''),
    ),
  ),
  layout: choice(
    'how matrices lie: a row an output (out-in, PyTorch) or a row an input (in-out, Keras, JAX); auto: as shapes fit together, else by names (weight, kernel)',
    'auto',
    ['auto', 'out-in', 'in-out'],
  ),
  activation,
  input: choice(
    'what perturbations are: pre-activations (the first layer sees φ of them) or post-activations (it sees them as they are, as a first layer does its inputs)',
    'pre-activation',
    ['pre-activation', 'post-activation'],
  ),
  around: optional(
    text(
      'data points that perturbations are added to, a row each: a .npy, .npz or .safetensors file, or file:array of several; avalanches are then of what they change, h(x + ε) − h(x); without it perturbations are from zero',
      '',
      'the path of a file, or file:array',
      (path) => path !== '',
    ),
  ),
  inputNorm,
  inputStrength,
  threshold: auto(
    integer(
      'k of thresholds k standard deviations from the mean of each layer (auto: the strength of the input, for all layers)',
      0,
      -100,
      100,
    ),
  ),
  calibration: integer('perturbations that are followed through all layers for their means and deviations', 512, 2),
  perturbations: integer('perturbations per network', 100_000, 1, 2 ** 31 - 1),
  controls: refusedWhere(
    list<'shuffled' | 'gaussian' | 'none'>(
      'controls beside each network, of the same weights in random places (shuffled) and of Gaussian weights with the same mean and variance in each layer (gaussian), or none',
      ['shuffled', 'gaussian'],
      choice<'shuffled' | 'gaussian' | 'none'>('', 'none', ['none', 'shuffled', 'gaussian']),
    ),
    ({ controls }) => noneOr(controls),
  ),
  controlNetworks: idleWhere(
    integer('networks of each control, among which its perturbations are divided', 64),
    ({ controls }) => (String(controls) === 'none' ? 'where controls are none' : undefined),
  ),
  backend: {
    ...engineParameters.backend,
    doc: "what the networks compute on: TensorFlow's native library (auto, where it loads), own SIMD kernels (auto, else), WebAssembly, plain JavaScript, webgpu",
  },
  observable: engineParameters.observable,
  ...detectionParameters,
  ...cracklingParameters,
};

/** Values of {@link trainedParameters}. */
export type TrainedValues = ValuesOf<typeof trainedParameters>;

/** In how many parts the perturbations of a saved network come: as many as each of its controls has networks, where there are any. */
export const partsOf = ({ controls, controlNetworks }: Pick<TrainedValues, 'controls' | 'controlNetworks'>): number =>
  String(controls) === 'none' ? trainedParameters.controlNetworks.default : controlNetworks;
