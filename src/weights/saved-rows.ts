import { enumerated, ParameterError, StoreError } from '../error.ts';
import { withFile } from './opened-file.ts';
import { bytesOf, countOf, described, floatsIn, type SavedTensor } from './saved-tensor.ts';
import { readTensors } from './tensor-file.ts';

/** An array of numbers as rows, which are read when they are asked for. */
export interface SavedRows {
  /** The file that it is in. */
  readonly path: string;
  /** Its file and name, for messages. */
  readonly name: string;
  readonly rows: number;
  /** Numbers a row. */
  readonly width: number;
  /** Writes rows to out, rows × width. @throws StoreError where the file can't be read any more */
  read(rows: readonly number[], out: Float32Array): void;
}

/** Numbers that are looked at together when a file is opened. */
const STRETCH = 2 ** 20;

function arrayOf(path: string, name: string | undefined): SavedTensor {
  const tensors = readTensors(path);
  const has = enumerated(tensors.map(({ name: one, shape, type }) => `${described({ name: one, shape })} ${type}`));
  const chosen = name === undefined ? tensors : tensors.filter((tensor) => tensor.name === name);
  const [tensor] = chosen;
  if (tensor === undefined || chosen.length > 1) {
    const example = `${path}:${tensors[0]?.name ?? 'name'}`;
    const wanted = name === undefined ? `say which array of it, as ${example}` : `no array is called ${name}`;
    throw new ParameterError(`${wanted}: ${path} has ${has || 'none'}`);
  }
  if (tensor.kind === undefined)
    throw new StoreError(
      `${path}: ${described(tensor)} is of type ${tensor.type}, expected floating-point numbers as the network is given them (of images, scaled as for training)`,
    );
  if (tensor.shape.length === 0 || countOf(tensor.shape) === 0)
    throw new StoreError(`${path}: ${described(tensor)} is empty, expected rows of numbers`);
  return tensor;
}

/**
 * Opens an array of a .npy, .npz or .safetensors file, named as `file` or `file:array`, its first dimension being rows and the others a row's numbers; an array of
 * one dimension is a row. Looks at all of it once. What lies in its file row by row is read from there each time; else (.npz, columns first) it is held once it is read.
 * @throws ParameterError where the array isn't there, or it isn't said which; StoreError where it can't be read, is empty, no floating-point numbers, or not finite
 */
export function openRows(spec: string): SavedRows {
  const [, file = spec, array] = /^(.+\.(?:npz|npy|safetensors))(?::(.+))?$/i.exec(spec) ?? [];
  const tensor = arrayOf(file, array);
  const { shape, stored, kind } = tensor;
  const rows = shape.length === 1 ? 1 : shape[0]!;
  const width = countOf(shape) / rows;
  const name = `${file}: ${tensor.name}`;
  let held: Float32Array | undefined;
  const check = (row: number, numbers: Float32Array): void => {
    const bad = numbers.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) return;
    const place = `[${row + Math.floor(bad / width)}, ${bad % width}]`;
    throw new StoreError(`${name}${place} is ${numbers[bad]}, expected finite numbers within the range of float32`);
  };
  const stretch = Math.max(1, Math.floor(STRETCH / width));
  const bytes = width * bytesOf[kind!];
  if (stored === undefined) check(0, tensor.values());
  else
    withFile(file, (open) => {
      for (let row = 0; row < rows; row += stretch) {
        const count = Math.min(stretch, rows - row);
        check(row, floatsIn(open.read(stored.at + row * bytes, count * bytes), kind!, stored.little));
      }
    });
  return {
    path: file,
    name,
    rows,
    width,
    read(wanted, out) {
      if (stored === undefined) {
        held ??= tensor.values();
        for (const [i, row] of wanted.entries()) out.set(held.subarray(row * width, (row + 1) * width), i * width);
        return;
      }
      withFile(file, (open) => {
        for (const [i, row] of wanted.entries())
          out.set(floatsIn(open.read(stored.at + row * bytes, bytes), kind!, stored.little), i * width);
      });
    },
  };
}
