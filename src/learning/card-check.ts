import { BackendError, messageOf } from '../error.ts';
import type { LabelledImages } from '../images/labelled.ts';
import { activation } from '../network/activation.ts';
import type { LayerWeights } from '../propagation/dense-weights.ts';
import type { LearningCell } from './cells.ts';
import { initialLayer, networkWidths } from './random-draws.ts';
import { openTrainer, type TrainerOptions } from './trainer.ts';
import { GroupLoss } from './training-group.ts';

/** Layers of weights of the network that is trained: deeper ones run the same kernels, and may multiply differences of rounding. */
const LAYERS = 4;
/** Multiplications that the step may come to, as far as a batch of some rows allows, and those rows. */
const WORK = 1e9;
const ROWS = 32;
/** Share of what weights of a layer move by, in the mean square, by which a card's may differ: drivers are allowed errors of a thousandth in sin. */
const CLOSE = 0.01;
/** Share of the weights themselves, some bits of float32. */
const ROUNDED = 2 ** -22;
/** Images that may be hits for one and misses for the other, where two outputs are alike. */
const ALIKE = 2;

/** The first images, for one batch. */
function batchOf(images: LabelledImages, widths: readonly number[], batch: number): LabelledImages {
  const products = widths.slice(1).reduce((sum, width, l) => sum + 3 * width * widths[l]!, 0);
  const count = Math.min(images.count, batch, Math.max(ROWS, Math.floor(WORK / products)));
  const values = images.values.subarray(0, count * images.pixels) as LabelledImages['values'];
  return { ...images, count, values, labels: images.labels.subarray(0, count) };
}

/** What a step came to, and the weights behind it. */
async function stepped(
  backend: string,
  options: TrainerOptions,
): Promise<{ loss: number; hits: number; layers: LayerWeights[] }> {
  const trainer = await openTrainer(backend, options);
  try {
    const { loss, hits } = await trainer.pass(Uint32Array.from({ length: options.images.count }, (_, i) => i));
    return { loss, hits, layers: await trainer.weights() };
  } finally {
    trainer.close();
  }
}

/** Sum of squares of what numbers differ by from others, or from zero. */
function squares(a: Float32Array, b?: Float32Array): number {
  return a.reduce((sum, value, i) => sum + (value - (b === undefined ? 0 : b[i]!)) ** 2, 0);
}

/**
 * Holds a step of training of a cell's network, of its first layers, on a card against
 * processors, from the same weights: its loss and hits, and by what weights and biases of every layer move.
 * @throws BackendError (as a rejection) where they differ, or the card fails
 */
export async function checkTraining({ ensemble, plan }: LearningCell, adapter: string): Promise<void> {
  const shallow = { ...ensemble, depth: Math.min(ensemble.depth, LAYERS) };
  const all = plan.images();
  const widths = networkWidths(shallow, all.pixels, all.classes);
  const images = batchOf(all, widths, plan.batch);
  const first = widths.slice(1).map((_, l) => initialLayer(shallow, widths, 1, 0, l));
  const { learningRate } = plan;
  const options = {
    activation: activation(ensemble.activation),
    widths,
    layer: (l: number) => first[l]!,
    images,
    batch: images.count,
    learningRate,
  };
  const card = await stepped('webgpu', options).catch((error: unknown) => {
    throw error instanceof GroupLoss ? new BackendError(messageOf(error), { cause: error }) : error;
  });
  const here = await stepped('simd', options);
  const of = `in training of networks of ${ensemble.width} neurons with ${ensemble.activation}`;
  const wrong = (what: string) => new BackendError(`backend webgpu computes wrongly on ${adapter}: ${what} ${of}`);
  if (!Number.isFinite(here.loss)) return;
  if (!(Math.abs(card.loss - here.loss) <= CLOSE * here.loss)) {
    const [found, right] = [card.loss, here.loss].map((loss) => (loss / images.count).toPrecision(6));
    throw wrong(`a loss of ${found} in place of ${right}`);
  }
  if (!(Math.abs(card.hits - here.hits) <= ALIKE)) throw wrong(`${card.hits} hits in place of ${here.hits}`);
  for (const [l, right] of here.layers.entries()) {
    for (const [what, name] of [
      ['weights', 'kernel'],
      ['biases', 'bias'],
    ] as const) {
      const [before, behind, found] = [first[l]![name], right[name]!, card.layers[l]![name]!];
      const [moved, off] = [squares(behind, before), squares(found, behind)];
      if (!Number.isFinite(moved) || off <= CLOSE ** 2 * moved + ROUNDED ** 2 * squares(behind)) continue;
      const share = Math.sqrt(off / moved).toPrecision(3);
      throw wrong(`${what} of layer ${l + 1} are off by ${share} of what a step moves them`);
    }
  }
}
