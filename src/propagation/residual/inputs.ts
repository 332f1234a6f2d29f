import { ParameterError } from '../../error.ts';
import { matrixArena } from '../../kernel/matrix.ts';
import type { Shape } from '../../network/resnet/operation.ts';
import { createStream } from '../../numeric/random.ts';
import { residualStream, residualWords } from './streams.ts';

/** Which input is wanted: number `index` of a model's inputs for a use. */
export interface InputKey {
  readonly seed: number;
  readonly model: string;
  /** One of `residualPurpose`. */
  readonly use: number;
  readonly index: number;
}

/** Where the images that enter a network come from. What is written depends on the key alone. */
export interface InputSource {
  /** Makes a writer of images of a shape (height × width × channels) into out. */
  open(shape: Shape): (key: InputKey, out: Float32Array) => void;
}

/** Images whose components are independent standard normal numbers. */
export const gaussianImages: InputSource = {
  open({ height, width, channels }) {
    const size = height * width * channels;
    const arena = matrixArena([size]);
    const room = arena.array(size);
    return ({ seed, model, use, index }, out) => {
      arena.normal(residualWords(seed, model, use, index), room);
      out.set(room);
    };
  },
};

/**
 * Images drawn, with replacement, from a set.
 * @param images count × height × width × channels
 * @throws ParameterError, when it is opened, where these are no images of the shape
 */
export function imagesFrom(images: Float32Array, count: number): InputSource {
  return {
    open({ height, width, channels }) {
      const size = height * width * channels;
      if (images.length !== count * size) {
        throw new ParameterError(
          `images must be ${count} of ${height} × ${width} × ${channels}, ${count * size} floats, got ${images.length}`,
        );
      }
      return ({ seed, model, use, index }, out) => {
        const at = size * createStream(seed, ...residualStream(model, use, index)).integer(count);
        out.set(images.subarray(at, at + size));
      };
    },
  };
}
