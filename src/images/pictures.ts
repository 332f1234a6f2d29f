import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { ParameterError, StoreError } from '../error.ts';
import type { Shape } from '../network/resnet/operation.ts';
import { resvg } from '../vendor/resvg.ts';
import type { IdxArray } from './idx.ts';
import { reading } from './reading.ts';

const formats: Record<string, string> = { '.png': 'png', '.jpg': 'jpeg', '.jpeg': 'jpeg' };

const folderExpected = 'it must be a folder of PNG or JPEG files';

/** Pixels of a picture as red, green, blue, opacity; scaled to fill height × width, what sticks out is cut. */
function pixelsOf(path: string, { height, width }: Shape): Uint8Array {
  const { Resvg } = resvg();
  const data = reading(path, () => readFileSync(path), 'it must be a PNG or JPEG file').toString('base64');
  const picture = `data:image/${formats[extname(path).toLowerCase()]};base64,${data}`;
  const size = `width="${width}" height="${height}"`;
  const image = `<image ${size} preserveAspectRatio="xMidYMid slice" href="${picture}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${image}</svg>`;
  const { pixels } = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
  // What can't be decoded is left out of the drawing.
  if (!pixels.some((value, i) => i % 4 === 3 && value > 0))
    throw new StoreError(`${path} is no picture that can be read`);
  return pixels;
}

/**
 * The PNG and JPEG pictures of a folder, in the order of their names, as bytes: count × height × width, × 3 for shapes of three channels.
 * Grey is the luma of ITU-R BT.601.
 * @throws ParameterError where there are none, or the shape has neither 1 nor 3 channels; StoreError for one that can't be read,
 * BackendError where pictures can't be read at all
 */
export function readPictures(folder: string, shape: Shape): IdxArray {
  const { height, width, channels } = shape;
  if (channels !== 1 && channels !== 3) {
    throw new ParameterError(`pictures have 1 or 3 channels, input-channels is ${channels}`);
  }
  const files = reading(folder, () => readdirSync(folder), folderExpected).filter(
    (file) => extname(file).toLowerCase() in formats,
  );
  if (files.length === 0) throw new ParameterError(`images: ${folder} holds no PNG or JPEG files`);
  const pixels = height * width;
  const values = new Uint8Array(files.length * pixels * channels);
  files.sort().forEach((file, i) => {
    const from = pixelsOf(join(folder, file), shape);
    for (let p = 0, at = i * pixels * channels; p < pixels; p++) {
      const [red, green, blue] = from.subarray(4 * p, 4 * p + 3) as unknown as [number, number, number];
      if (channels === 1) values[at++] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      else {
        values.set([red, green, blue], at);
        at += 3;
      }
    }
  });
  return { shape: channels === 1 ? [files.length, height, width] : [files.length, height, width, 3], values };
}
