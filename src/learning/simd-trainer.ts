import { BackendError } from '../error.ts';
import { gather } from '../images/labelled.ts';
import { type MatrixArena, matrixArena } from '../kernel/matrix.ts';
import { stretch } from '../stage.ts';
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
export function simdTrainer(options: TrainerOptions): Trainer {
  const { activation, widths, layer: start, images, batch, learningRate } = options;
  const given = widths.slice(1).map((outWidth, l) => ({ inWidth: widths[l]!, outWidth }));
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
  const layers = given.map(({ inWidth, outWidth }, l) => {
    const layer = { inWidth, outWidth, w: arena.array(inWidth * outWidth), b: arena.array(outWidth) };
    const { kernel, bias } = start(l);
    layer.w.set(kernel);
    if (bias !== undefined) layer.b.set(bias);
    return layer;
  });
  /** What enters each layer. */
  const signals = [arena.array(batch * first.inWidth), ...hidden.map((length) => arena.array(length))];
  const before = byValue ? signals.slice(1) : hidden.map((length) => arena.array(length));
  const logits = arena.array(batch * last.outWidth);
  const gradients = [arena.array(batch * widest), arena.array(batch * widest)] as const;
  const labels = new Uint8Array(batch);

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
        arena.matmul(d, w, below, rows, outWidth, inWidth, { transposeB: true });
        back(below.subarray(0, rows * inWidth), l);
      }
      arena.matmul(signals[l]!, d, w, inWidth, rows, outWidth, { transposeA: true, accumulate: true });
      arena.addColumns(d, b, rows, outWidth);
      d = below;
    }
  }

  return {
    async pass(order, watch) {
      const tally = { loss: 0, hits: 0, images: 0 };
      let turned = performance.now();
      let before = 0;
      for (let from = 0; from < order.length && watch?.halted() !== true; from += batch) {
        const chosen = order.subarray(from, from + batch);
        gather(images, chosen, signals[0]!, labels);
        const rows = chosen.length;
        forward(rows);
        const { loss, hits } = crossEntropy(logits, labels, rows, last.outWidth, -learningRate / rows);
        backward(rows);
        tally.loss += loss;
        tally.hits += hits;
        tally.images += rows;
        if (performance.now() - turned > stretch) {
          watch?.told((from - before) / order.length);
          before = from;
          await new Promise((resolve) => setImmediate(resolve));
          turned = performance.now();
        }
      }
      watch?.told(1 - before / order.length);
      return tally;
    },
    async weights() {
      return layers.map(({ inWidth, outWidth, w, b }) => ({ inWidth, outWidth, kernel: w.slice(), bias: b.slice() }));
    },
    close() {},
  };
}
