import type { Tensor2D } from '@tensorflow/tfjs-core';
import { gather, type LabelledImages } from '../images/labelled.ts';
import type { Tensors } from '../propagation/backend/choose.ts';

/** Images as rows of tensors. */
export interface Album {
  /** Those of these numbers, filled up with zeros: images × pixels. */
  rows(chosen: Int32Array): Tensor2D;
  close(): void;
}

/**
 * Keeps all images on the engine, where a tensor of it holds them: then only their numbers travel.
 * @param pixels of a row, those that fill it up included
 */
export function openAlbum({ tf, largest = Infinity }: Tensors, images: LabelledImages, pixels: number): Album {
  const read = (chosen: Int32Array): Tensor2D => {
    const [values, label] = [new Float32Array(chosen.length * pixels), new Uint8Array(1)];
    for (const [i, image] of chosen.entries()) gather(images, Int32Array.of(image), values.subarray(i * pixels), label);
    return tf.tensor2d(values, [chosen.length, pixels]);
  };
  if (4 * images.count * pixels > largest) return { rows: read, close() {} };
  const all = tf.keep(read(Int32Array.from({ length: images.count }, (_, i) => i)));
  return {
    rows: (chosen) => tf.gather(all, tf.tensor1d(chosen, 'int32')),
    close: () => all.dispose(),
  };
}
