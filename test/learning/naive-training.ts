import type { LabelledImages } from '../../src/images/labelled.ts';
import type { TrainerOptions } from '../../src/learning/trainer.ts';
import type { Activation } from '../../src/network/activation.ts';
import { createStream } from '../../src/numeric/random.ts';
import type { LayerWeights } from '../../src/propagation/dense-weights.ts';

/** Mean softmax cross-entropy of a batch, in float64, by plain loops. */
export function naiveLoss(
  weights: readonly LayerWeights[],
  phi: (x: number) => number,
  inputs: Float32Array,
  labels: Uint8Array,
): number {
  let total = 0;
  labels.forEach((label, r) => {
    const pixels = weights[0]!.inWidth;
    let x = Array.from(inputs.subarray(r * pixels, (r + 1) * pixels));
    weights.forEach(({ inWidth, outWidth, kernel, bias }, l) => {
      const h = Array.from({ length: outWidth }, (_, o) => {
        let sum = bias![o]!;
        for (let i = 0; i < inWidth; i++) sum += x[i]! * kernel[i * outWidth + o]!;
        return sum;
      });
      x = l < weights.length - 1 ? h.map(phi) : h;
    });
    total += Math.log(x.reduce((sum, logit) => sum + Math.exp(logit), 0)) - x[label]!;
  });
  return total / labels.length;
}

/** The loss's derivative by every weight and bias, by central differences of fourth order in float64. */
export function numericGradient(
  weights: readonly LayerWeights[],
  activation: Activation,
  inputs: Float32Array,
  labels: Uint8Array,
): { kernel: Float64Array; bias: Float64Array }[] {
  const doubles = weights.map((layer) => ({
    ...layer,
    kernel: Float64Array.from(layer.kernel),
    bias: Float64Array.from(layer.bias!),
  }));
  const loss = () => naiveLoss(doubles as unknown as LayerWeights[], activation.phi, inputs, labels);
  const slope = (values: Float64Array, i: number): number => {
    const [kept, step] = [values[i]!, 1e-3];
    const at = (shift: number): number => {
      values[i] = kept + shift;
      return loss();
    };
    const found = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
    values[i] = kept;
    return found;
  };
  return doubles.map(({ kernel, bias }) => ({
    kernel: new Float64Array(kernel.length).map((_, i) => slope(kernel, i)),
    bias: new Float64Array(bias.length).map((_, i) => slope(bias, i)),
  }));
}

/** A network and a batch to train it on, all random. */
export function randomProblem(widths: readonly number[], rows: number, seed = 1) {
  const stream = createStream(seed, 77);
  const normals = (length: number, scale: number) => new Float32Array(length).map(() => scale * stream.normal());
  const weights = widths.slice(1).map(
    (outWidth, l): LayerWeights => ({
      inWidth: widths[l]!,
      outWidth,
      kernel: normals(widths[l]! * outWidth, 1.2 / Math.sqrt(widths[l]!)),
      bias: normals(outWidth, 0.2),
    }),
  );
  const batch = () => ({
    inputs: normals(rows * widths[0]!, 1),
    labels: new Uint8Array(rows).map(() => stream.integer(widths.at(-1)!)),
  });
  return { weights, batch };
}

/** Batches as images, one batch after another. */
export function imagesOf(
  batches: readonly { readonly inputs: Float32Array; readonly labels: Uint8Array }[],
  classes: number,
): LabelledImages {
  const labels = Uint8Array.from(batches.flatMap((batch) => [...batch.labels]));
  const values = Float32Array.from(batches.flatMap(({ inputs }) => [...inputs]));
  return { count: labels.length, pixels: values.length / labels.length, classes, values, labels, shift: 0, scale: 1 };
}

/** What a trainer is to be told of networks that begin with these weights. */
export const startingFrom = (weights: readonly LayerWeights[]): Pick<TrainerOptions, 'widths' | 'layer'> => ({
  widths: [weights[0]!.inWidth, ...weights.map(({ outWidth }) => outWidth)],
  layer: (l) => weights[l]!,
});

/** Numbers from `first` on. */
export const numbers = (count: number, first = 0): Uint32Array =>
  Uint32Array.from({ length: count }, (_, i) => first + i);
