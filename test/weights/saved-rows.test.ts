import { copyFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRows } from '../../src/weights/saved-rows.ts';
import { readTensors } from '../../src/weights/tensor-file.ts';
import { scratchFolder } from '../store/scratch.ts';
import { safetensorsFile } from './safetensors-file.ts';

const fixtures = resolve(import.meta.dirname, '../fixtures/weights');

/** Writes bytes as NumPy does. */
function npyFile(type: string, shape: string, body: Uint8Array, order = 'False'): string {
  const text = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const head = Buffer.from(`\x93NUMPY\x01\x00  ${text.padEnd(117)}\n`, 'latin1');
  head.writeUInt16LE(head.length - 10, 8);
  const path = join(scratchFolder(), 'x.npy');
  writeFileSync(path, Buffer.concat([head, body]));
  return path;
}

const floats = (values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

describe('openRows(spec)', () => {
  it.each([
    ['folder/W1.npy', undefined, 'big-endian, in doubles'],
    ['jax.npz', 'params/Dense_1/kernel', 'packed'],
    ['fortran.npz', 'params/Dense_1/kernel', 'columns first'],
    ['torch.safetensors', 'layers.1.weight', 'among others'],
    ['bf16.safetensors', 'layers.1.weight', 'in sixteen bits'],
  ])('reads any rows of %s (%s, %s)', (file, array, _how) => {
    const path = join(fixtures, file);
    const rows = openRows(array === undefined ? path : `${path}:${array}`);
    const whole = readTensors(path)
      .find(({ name }) => name === (array ?? 'W1'))!
      .values();
    expect(rows).toMatchObject({ path, rows: 8, width: 8 });
    const out = new Float32Array(24);
    rows.read([6, 0, 3], out);
    expect(out).toEqual(Float32Array.from([6, 0, 3].flatMap((row) => [...whole.subarray(8 * row, 8 * row + 8)])));
  });

  it('takes what follows the first dimension for a row, and an array of one dimension for one', () => {
    const path = safetensorsFile({ images: [5, 2, 3], one: [4] });
    expect(openRows(`${path}:images`)).toMatchObject({ rows: 5, width: 6 });
    expect(openRows(`${path}:one`)).toMatchObject({ rows: 1, width: 4 });
  });

  it('says what it can make nothing of', () => {
    const refused = (spec: string) => expect(() => openRows(spec));
    const path = safetensorsFile({ a: [2, 2], b: [3] });
    refused(path).toThrow(`say which array of it, as ${path}:a: ${path} has a (2 × 2) F32, b (3) F32`);
    refused(`${path}:c`).toThrow(`no array is called c: ${path} has a (2 × 2) F32, b (3) F32`);
    const many = Object.fromEntries(Array.from({ length: 14 }, (_, l) => [`layer-${l}`, [2]]));
    refused(safetensorsFile(many)).toThrow(/ has layer-0 \(2\) F32, .* F32 and 2 more$/);
    refused(npyFile('|u1', '2, 3', new Uint8Array(6))).toThrow(
      'x (2 × 3) is of type |u1, expected floating-point numbers as the network is given them (of images, scaled as for training)',
    );
    refused(npyFile('<f4', '0, 3', new Uint8Array(0))).toThrow('x (0 × 3) is empty, expected rows of numbers');
    refused(npyFile('<f4', '2, 2', floats([1, 2, 3, Number.NaN]))).toThrow(
      'x[1, 1] is NaN, expected finite numbers within the range of float32',
    );
    refused(npyFile('<f4', '3, 2, 1', floats([1, 2, 3, 4, 5, 6]), 'True')).toThrow(
      'an array of 3 × 2 × 1 lies columns first: save numpy.ascontiguousarray of it',
    );
    refused(npyFile('<f4', '3, 2', floats([1, 2, 3]))).toThrow('is cut off');
    refused('points.csv').toThrow('points.csv');
    const pickled = join(scratchFolder(), 'x.pt');
    copyFileSync(path, pickled);
    refused(pickled).toThrow('must end in .safetensors, .npz or .npy');
  });
});
