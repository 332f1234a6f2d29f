import { StoreError } from '../error.ts';
import { type IdxArray, readIdx } from './idx.ts';

/**
 * Reads an IDX file of images. One pixel that is no number would make none of all others, as they are standardised together.
 * @throws StoreError where it can't be read or isn't one, or a pixel is no finite float32
 */
export function readImages(path: string): IdxArray {
  const images = readIdx(path);
  const { shape, values } = images;
  if (!(values instanceof Float32Array || values instanceof Float64Array)) return images;
  const pixels = shape.slice(1).reduce((product, size) => product * size, 1);
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(Math.fround(values[i]!))) continue;
    throw new StoreError(
      `${path}: pixels must be finite numbers, pixel ${i % pixels} of image ${Math.floor(i / pixels)} (from 0) is ${values[i]}`,
    );
  }
  return images;
}
