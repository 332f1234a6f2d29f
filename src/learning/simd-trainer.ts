import { BackendError } from '../error.ts';
import { type MatrixArena, matrixArena } from '../kernel/matrix.ts';
import { crossEntropy } from './softmax.ts';
import type { Trainer, TrainerOptions } from './trainer.ts';

function roomFor(lengths: readonly number[]): MatrixArena {
  try {
    return matrixArena(lengths);
  } catch (cause) {
    const floats = lengths.reduce((sum, length) => sum + length, 0);
    throw new BackendError(`training has no memory for ${floats} weights and signals; lower width, depth or batch`, {
      cause,
    });
  }
}

/**
 * Training on the package's own kernels, with the backward pass written out. The gradient of the logits is taken times
 * −(learning rate)/rows; everything below it is linear, so that weights move by accumulating products.
 */
export function simdTrainer({ activation, weights: given, batch, learningRate }: TrainerOptions): Trainer {
  const first = given[0]!;
  const last = given.at(-1)!;
  const widest = Math.max(...given.slice(1).map(({ inWidth }) => inWidth), last.outWidth);
  // tanh' = 1 − tanh²: only other activations need the pre-activations again.
  const byValue = activation.name === 'tanh';
  const hidden = given.slice(0, -1).map(({ outWidth }) => batch * outWidth);
  const lengths = [
    ...given.flatMap(({ inWidth, outWidth }) => [inWidth * outWidth, outWidth]),
    batch * first.inWidth,
    ...hidden,
    ...(byValue ? [] : hidden),
    batch * last.outWidth,
    batch * widest,
    batch * widest,
  ];
  const arena = roomFor(lengths);
  const layers = given.map(({ inWidth, outWidth, kernel, bias }) => {
    const layer = { inWidth, outWidth, w: arena.array(inWidth * outWidth), b: arena.array(outWidth) };
    layer.w.set(kernel);
    if (bias !== undefined) layer.b.set(bias);
    return layer;
  });
  /** What enters each layer. */
  const signals = [arena.array(batch * first.inWidth), ...hidden.map((length) => arena.array(length))];
  const before = byValue ? signals.slice(1) : hidden.map((length) => arena.array(length));
  const logits = arena.array(batch * last.outWidth);
  const gradients = [arena.array(batch * widest), arena.array(batch * widest)] as const;
  let tally = { loss: 0, hits: 0, images: 0 };

  function forward(rows: number): void {
    layers.forEach(({ inWidth, outWidth, w, b }, l) => {
      const h = l === layers.length - 1 ? logits : before[l]!;
      arena.matmul(signals[l]!, w, h, rows, inWidth, outWidth);
      arena.addRow(h, b, rows, outWidth);
      if (l < layers.length - 1) arena.activate(activation, h.subarray(0, rows * outWidth), signals[l + 1]!);
    });
  }

  function back(d: Float32Array, l: number): void {
    if (byValue) arena.backTanh(d, signals[l]!);
    else {
      const h = before[l - 1]!;
      for (let i = 0; i < d.length; i++) d[i]! *= activation.derivative(h[i]!);
    }
  }

  function backward(rows: number): void {
    let d = logits;
    for (let l = layers.length - 1; l >= 0; l--) {
      const { inWidth, outWidth, w, b } = layers[l]!;
      const below = gradients[l & 1]!;
      if (l > 0) {
        arena.matmul(d, w, below, rows, outWidth, inWidth, false, true);
        back(below.subarray(0, rows * inWidth), l);
      }
      arena.matmul(signals[l]!, d, w, inWidth, rows, outWidth, true, false, true);
      arena.addColumns(d, b, rows, outWidth);
      d = below;
    }
  }

  return {
    step(inputs, labels, rows) {
      signals[0]!.set(inputs.subarray(0, rows * first.inWidth));
      forward(rows);
      const { loss, hits } = crossEntropy(logits, labels, rows, last.outWidth, -learningRate / rows);
      backward(rows);
      tally = { loss: tally.loss + loss, hits: tally.hits + hits, images: tally.images + rows };
    },
    async tally() {
      const seen = tally;
      tally = { loss: 0, hits: 0, images: 0 };
      return seen;
    },
    async weights() {
      return layers.map(({ inWidth, outWidth, w, b }) => ({ inWidth, outWidth, kernel: w.slice(), bias: b.slice() }));
    },
    close() {},
  };
}
