import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { initialLayer, networkWidths } from '../../src/learning/random-draws.ts';
import { openTrainer } from '../../src/learning/trainer.ts';
import { activation } from '../../src/network/activation.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { createStream } from '../../src/numeric/random.ts';
import { nativeTensorFlow, portableTensorFlow } from '../../src/propagation/backend/tensorflow.ts';
import type { Benchmark } from './benchmark.ts';

const pixels = 784;
const classes = 10;
const batch = 128;

interface Shape {
  readonly width: number;
  readonly depth: number;
  readonly steps: number;
}

const ensembleOf = ({ width, depth }: Shape): Ensemble => ({
  index: 0,
  activation: 'tanh',
  width,
  depth,
  weightVariance: 1.5,
  biasVariance: 0.05,
  inputStrength: 0.01,
  reuse: 1,
});

/** Floating-point operations of a step: forward, and twice that backward but for the images' gradient. */
const work = ({ width, depth }: Shape): number =>
  2 * batch * (2 * pixels * width + 3 * (depth - 2) * width * width + 3 * width * classes);

const firstLayers = (shape: Shape) => {
  const widths = networkWidths(ensembleOf(shape), pixels, classes);
  return { widths, layer: (l: number) => initialLayer(ensembleOf(shape), widths, 1, 0, l) };
};

function data() {
  const stream = createStream(1, 9);
  return {
    inputs: new Float32Array(batch * pixels).map(() => stream.normal()),
    labels: new Uint8Array(batch).map(() => stream.integer(classes)),
  };
}

/** Best seconds of a step after one that warms up; what it came to is read each time, so that all of it has been computed. */
async function stepSeconds(backend: string, shape: Shape): Promise<number> {
  const { inputs: values, labels } = data();
  const trainer = await openTrainer(backend, {
    activation: activation('tanh'),
    ...firstLayers(shape),
    images: { count: batch, pixels, classes, values, labels, shift: 0, scale: 1 },
    batch,
    learningRate: 0.01,
  });
  const order = Uint32Array.from(labels, (_, i) => i);
  let best = Infinity;
  for (let s = 0; s <= shape.steps; s++) {
    const start = performance.now();
    await trainer.pass(order);
    if (s > 0) best = Math.min(best, (performance.now() - start) / 1000);
  }
  trainer.close();
  return best;
}

/** The same step as a TensorFlow.js user writes it: an optimiser and automatic differentiation, on WebAssembly. */
async function automaticSeconds(shape: Shape): Promise<number> {
  const tf = await portableTensorFlow('wasm');
  const { widths, layer } = firstLayers(shape);
  const layers = widths.slice(1).map((outWidth, l) => {
    const { kernel, bias } = layer(l);
    return { w: tf.variable(tf.tensor2d(kernel, [widths[l]!, outWidth])), b: tf.variable(tf.tensor1d(bias)) };
  });
  const { inputs, labels } = data();
  const x0 = tf.tensor2d(inputs, [batch, pixels]);
  const target = tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), classes), 'float32');
  const optimizer = tf.train.sgd(0.01);
  let best = Infinity;
  for (let s = 0; s <= shape.steps; s++) {
    const start = performance.now();
    const loss = optimizer.minimize(() => {
      let x = x0 as Tensor2D;
      layers.forEach(({ w, b }, l) => {
        const h = tf.add(tf.matMul(x, w as unknown as Tensor2D), b) as Tensor2D;
        x = l < layers.length - 1 ? tf.tanh(h) : h;
      });
      return tf.losses.softmaxCrossEntropy(target, x) as Scalar;
    }, true)!;
    await loss.data();
    loss.dispose();
    if (s > 0) best = Math.min(best, (performance.now() - start) / 1000);
  }
  tf.dispose([x0, target, ...layers.flatMap(({ w, b }) => [w, b])]);
  return best;
}

const rate = (shape: Shape, seconds: number): string => `${(work(shape) / seconds / 1e9).toFixed(1)} GFLOP/s`;

async function nativeNote(shape: Shape): Promise<string> {
  try {
    nativeTensorFlow();
  } catch {
    return 'no native TensorFlow here';
  }
  return `${rate(shape, await stepSeconds('tensorflow-gpu', shape))} native TensorFlow`;
}

const shapes: Shape[] = [
  { width: 64, depth: 40, steps: 20 },
  { width: 300, depth: 50, steps: 5 },
];

const benchmarks: Benchmark[] = shapes.map((shape) => ({
  name: `training step, N = ${shape.width}, L = ${shape.depth}, batch ${batch}: own kernels against TensorFlow.js on WebAssembly`,
  async run() {
    const own = await stepSeconds('simd', shape);
    const wasm = await stepSeconds('wasm', shape);
    const automatic = await automaticSeconds(shape);
    const note = [
      `${rate(shape, own)} own`,
      `${rate(shape, wasm)} wasm with the backward pass written out`,
      `${rate(shape, automatic)} wasm with automatic differentiation`,
      await nativeNote(shape),
    ].join(', ');
    return { seconds: own, referenceSeconds: wasm, note };
  },
}));

export default benchmarks;
