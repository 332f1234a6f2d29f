import { cracklingParameters } from '../crackling/parameters.ts';
import { residualLayouts } from '../network/resnet/layout.ts';
import { residualNames } from '../network/resnet/model.ts';
import { auto, choice, flag, integer, list, positive, text, type ValuesOf } from '../parameter.ts';
import { engineParameters } from '../propagation/parameters.ts';
import { surrogateParameters } from '../surrogate/kinds.ts';

/** Parameters of avalanches in residual networks (arXiv:2509.22649). */
export const residualParameters = {
  models: list(
    'residual networks, one ensemble a threshold each',
    ['resnet-18', 'resnet-50', 'resnet-152'],
    text('', '', `one of ${residualNames.join(', ')}`, (name) => residualNames.includes(name)),
  ),
  layout: choice(
    'batch norm and relu behind the convolutions, as in torchvision, or before them; weights are drawn by the same layout (torchvision: He-normal by fan-out, uniform linear layer; pre-activation: He-normal by fan-in)',
    'torchvision',
    residualLayouts,
  ),
  thresholds: list(
    'k of the thresholds θ_l = μ_l + k·sd_l (written --thresholds=-1,0,1)',
    [-1, 0, 1],
    integer('', 0, -1000, 1000),
  ),
  widthMultiplier: positive('channels relative to the standard 64, 128, 256, 512', 0.25),
  inputSize: integer('height and width of an input image, pixels', 64, 1, 4096),
  inputChannels: integer('channels of an input image', 3, 1, 1024),
  classes: integer('outputs of the last layer', 1000, 1, 1_000_000),
  stem: choice('stem: 7 × 7 convolution and max pool (imagenet), or one 3 × 3 convolution (cifar)', 'imagenet', [
    'imagenet',
    'cifar',
  ]),
  layers: choice(
    'what a layer is: every operation (convolution, batch norm, relu, pooling, linear, those of skips too), or stem, block and head',
    'operation',
    ['operation', 'block'],
  ),
  additions: flag('whether additions of skip and residual branch count as layers too, where operations do', false),
  strength: choice('signal strength of a layer: root mean square over its components, or their Euclidean norm', 'rms', [
    'rms',
    'norm',
  ]),
  batchNorm: choice(
    'statistics of batch norm: initial ones (mean 0, variance 1, an untrained network in evaluation mode), of the batch, or running ones over the calibration inputs',
    'initial',
    ['initial', 'batch', 'running'],
  ),
  images: text(
    'input images: gaussian, mnist, or the path of an IDX file (gzip too) or of a folder of PNG or JPEG pictures',
    'gaussian',
    'gaussian, mnist or a path',
    (word) => word !== '',
  ),
  batch: integer(
    'inputs that go through a network at once, over which batch norm takes its own statistics (2 at least)',
    128,
    1,
    65_536,
  ),
  calibration: integer('inputs that calibrate each network, a multiple of batch', 512, 2),
  networks: auto(
    integer(
      'networks per model, which share its perturbations in whole batches (auto: 32, or as many as there are batches); errors are over networks, or over the inputs of a single one',
      32,
    ),
  ),
  perturbations: integer('perturbations per model', 32_768),
  backend: {
    ...engineParameters.backend,
    doc: "what the networks compute on: TensorFlow's native library (auto, where it loads), own SIMD kernels (auto, else), WebAssembly, plain JavaScript, webgpu",
  },
  ...cracklingParameters,
  ...surrogateParameters,
};

/** Values of {@link residualParameters}. */
export type ResidualValues = ValuesOf<typeof residualParameters>;
