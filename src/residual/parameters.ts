import { cracklingParameters } from '../crackling/parameters.ts';
import { residualNames } from '../network/resnet/layout.ts';
import { choice, integer, list, positive, text, type ValuesOf } from '../parameter.ts';
import { engineParameters } from '../propagation/parameters.ts';
import { surrogateParameters } from '../surrogate/kinds.ts';

/** Parameters of avalanches in residual networks (arXiv:2509.22649). */
export const residualParameters = {
  models: list(
    'residual networks, one ensemble a threshold each',
    ['resnet-18', 'resnet-34', 'resnet-50'],
    text('', '', `one of ${residualNames.join(', ')}`, (name) => residualNames.includes(name)),
  ),
  thresholds: list(
    'k of the thresholds θ_l = μ_l + k·sd_l (written --thresholds=-1,0,1)',
    [-2, -1, 0, 1, 2],
    integer('', 0, -1000, 1000),
  ),
  widthMultiplier: positive('channels relative to the standard 64, 128, 256, 512', 0.25),
  inputSize: integer('height and width of an input image, pixels', 32, 1, 4096),
  inputChannels: integer('channels of an input image', 3, 1, 1024),
  classes: integer('outputs of the last layer', 10, 1, 1_000_000),
  stem: choice('stem: 7 × 7 convolution and max pool (imagenet), or one 3 × 3 convolution (cifar)', 'imagenet', [
    'imagenet',
    'cifar',
  ]),
  layers: choice('what a layer is: every operation, or stem, block and head', 'operation', ['operation', 'block']),
  batchNorm: choice(
    'statistics of batch norm: of the batch, running ones over the calibration inputs, or initial ones (mean 0, variance 1, an untrained network in evaluation mode)',
    'batch',
    ['batch', 'running', 'initial'],
  ),
  images: text(
    'input images: gaussian, mnist, or the path of an IDX file (gzip too) or of a folder of PNG or JPEG pictures',
    'gaussian',
    'a text',
    (word) => word !== '',
  ),
  batch: integer(
    'inputs that go through a network at once, over which batch norm takes its statistics',
    128,
    2,
    65_536,
  ),
  calibration: integer('inputs that calibrate each network, a multiple of batch', 512),
  reuse: integer('perturbations that share one network, a multiple of batch', 2048),
  perturbations: integer('perturbations per model', 131_072),
  backend: {
    ...engineParameters.backend,
    doc: "what the networks compute on: TensorFlow's native library (auto, where it loads), own SIMD kernels (auto, else), WebAssembly, plain JavaScript",
  },
  ...cracklingParameters,
  ...surrogateParameters,
};

export type ResidualValues = ValuesOf<typeof residualParameters>;
