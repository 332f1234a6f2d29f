import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ParameterError, StoreError } from '../../src/error.ts';
import { matrixArena } from '../../src/kernel/matrix.ts';
import { activation } from '../../src/network/activation.ts';
import { openBackend } from '../../src/propagation/backend/open.ts';
import type { WeightsOptions } from '../../src/weights/chain.ts';
import { readWeights, type SavedLayer } from '../../src/weights/read-weights.ts';
import { scratchFolder } from '../store/scratch.ts';
import { safetensorsFile } from './safetensors-file.ts';

const fixtures = resolve(import.meta.dirname, '../fixtures/weights');
const known = JSON.parse(readFileSync(join(fixtures, 'known.json'), 'utf8')) as Record<string, number[][]>;

/** Signal strengths of layers on the engine's own arithmetic, layers × rows. */
async function strengthsOf(layers: readonly SavedLayer[], inputs: number[][], raw: boolean): Promise<number[][]> {
  const backend = await openBackend('simd');
  const largestWidth = Math.max(...layers.flatMap(({ inWidth, outWidth }) => [inWidth, outWidth]));
  const options = {
    activation: activation('tanh'),
    observable: 'pre-activation',
    largestRows: inputs.length,
    largestWidth,
  } as const;
  const arena = matrixArena([largestWidth ** 2 + 16, largestWidth + 16, ...backend.room(options)]);
  const [weights, biases] = [arena.array(largestWidth ** 2 + 16), arena.array(largestWidth + 16)];
  const network = backend.layers(options, arena);
  network.start(Float32Array.from(inputs.flat()), 1, inputs.length, inputs[0]!.length);
  for (const [l, { kernel, bias, outWidth }] of layers.entries()) {
    weights.set(kernel);
    biases.set(bias!);
    network.layer(weights, biases, outWidth, raw && l === 0);
  }
  const all = await network.strengths();
  network.close();
  return layers.map((_, l) => [...all.slice(l * inputs.length, (l + 1) * inputs.length)]);
}

function expectClose(found: number[][], wanted: number[][], tolerance: number): void {
  expect(found.length).toBe(wanted.length);
  for (const [l, row] of wanted.entries())
    for (const [i, value] of row.entries()) expect(Math.abs(found[l]![i]! / value - 1)).toBeLessThan(tolerance);
}

describe('readWeights(path, options)', () => {
  it.each([
    ['torch.safetensors', {}, 1e-6],
    ['f64.safetensors', {}, 1e-6],
    ['f16.safetensors', {}, 2e-3],
    ['bf16.safetensors', {}, 2e-2],
    ['jax.npz', {}, 1e-6],
    ['fortran.npz', {}, 1e-6],
    ['folder', { layout: 'out-in' }, 1e-6],
  ] satisfies [string, WeightsOptions, number][])(
    'gives what torch computes with the weights of %s',
    async (file, options, tolerance) => {
      const path = join(fixtures, file);
      const hidden = readWeights(path, options);
      expect(hidden.map(({ inWidth, outWidth }) => [inWidth, outWidth])).toEqual([...Array(10).fill([8, 8]), [8, 5]]);
      expectClose(await strengthsOf(hidden, known.pre_activations!, false), known.hidden!, tolerance);
      const patterns =
        file === 'folder' ? ['W*'] : file.endsWith('.npz') ? ['*kernel'] : ['layers.?.weight', 'layers.1?.weight'];
      const all = readWeights(path, { ...options, layers: patterns });
      expect(all.length).toBe(13);
      expectClose(await strengthsOf(all, known.inputs!, true), known.all!, tolerance);
    },
  );

  it('takes the order of the file where natural order of names does not chain, and that of patterns', () => {
    const shapes = { input: [3, 5], hidden_a: [3, 3], hidden_b: [4, 3], output: [2, 4] };
    const path = safetensorsFile(shapes);
    expect(readWeights(path, { layout: 'out-in' }).map(({ name }) => name)).toEqual(['hidden_a', 'hidden_b']);
    const layers = ['input', 'hidden*', 'output'];
    expect(readWeights(path, { layers }).map(({ name }) => name)).toEqual(['input', 'hidden_a', 'hidden_b', 'output']);
  });

  it('tells how matrices lie by shapes, biases, names, and asks where none of them says', () => {
    const square = { a: [4, 4], b: [4, 4] };
    const transposedBy = (shapes: Record<string, number[]>, options: WeightsOptions = {}) => {
      const path = safetensorsFile(shapes);
      const layers = Object.keys(shapes).filter((name) => shapes[name]!.length === 2);
      return readWeights(path, { layers, ...options })[0]!.kernel[1]! > 0.0015;
    };
    expect(transposedBy({ a: [4, 3], b: [5, 4] })).toBe(true);
    expect(transposedBy({ a: [3, 4], b: [4, 5] })).toBe(false);
    expect(transposedBy({ w1: [4, 3], b1: [4], w2: [3, 4], b2: [3] })).toBe(true);
    expect(transposedBy({ w1: [4, 3], b1: [3], w2: [3, 4], b2: [4] })).toBe(false);
    expect(transposedBy({ 'a.weight': [4, 4], 'b.weight': [4, 4] })).toBe(true);
    expect(transposedBy({ 'a/kernel': [4, 4], 'b/kernel': [4, 4] })).toBe(false);
    expect(transposedBy(square, { layout: 'in-out' })).toBe(false);
    expect(() => transposedBy(square)).toThrow(ParameterError);
    expect(() => transposedBy(square)).toThrow(/say layout out-in or in-out/);
  });

  it('lists what the file has where layers are not found, do not follow each other, or are too few', () => {
    const path = safetensorsFile({ 'fc1.weight': [8, 6], 'fc1.bias': [8], 'fc2.weight': [7, 9], 'fc2.bias': [7] });
    expect(() => readWeights(path, { layers: ['fc*.weight'] })).toThrow(
      `layers don't follow each other (out-in): fc2.weight (7 × 9) takes 9 inputs, fc1.weight (8 × 6) before it gives 8: ${path} has fc1.weight (8 × 6), fc1.bias (8), fc2.weight (7 × 9), fc2.bias (7)`,
    );
    expect(() => readWeights(path, { layers: ['dense*'] })).toThrow(
      /no matrix is called dense\*: .* has fc1.weight \(8 × 6\)/,
    );
    expect(() => readWeights(path, { layers: ['fc1*'] })).toThrow(/layers fc1\* are 1, avalanches need 2 at least/);
    expect(() => readWeights(path, { layers: ['fc*', 'fc2*'] })).toThrow(/fc2.weight is named by two/);
    const three = safetensorsFile({ a: [8, 6], b: [8, 8], c: [5, 8] });
    expect(() => readWeights(three)).toThrow(/3 fully connected layers, which leaves 1 between/);
    const convolution = { 'conv.weight': [3, 3, 3, 3] };
    expect(() => readWeights(safetensorsFile(convolution))).toThrow(/no weights of fully connected layers/);
    const normalised = { 'fc1.weight': [4, 4], 'norm.weight': [4], 'fc2.weight': [4, 4] };
    expect(() => readWeights(safetensorsFile(normalised))).toThrow(
      /more than fully connected layers: norm.weight \(4\); name the layers to follow by layers, such as 'fc\*.weight'/,
    );
  });

  it('names file and tensor where numbers are missing or not finite', () => {
    const whole = readFileSync(join(fixtures, 'torch.safetensors'));
    const folder = scratchFolder();
    const cut = join(folder, 'cut.safetensors');
    writeFileSync(cut, whole.subarray(0, whole.length - 10));
    expect(() => readWeights(cut)).toThrow(StoreError);
    expect(() => readWeights(cut)).toThrow(
      /cut.safetensors is cut off: layers.9.weight ends at byte \d+, the file has \d+/,
    );
    const long = join(folder, 'long.safetensors');
    writeFileSync(long, Buffer.concat([whole, Buffer.alloc(16)]));
    expect(() => readWeights(long)).toThrow(
      /long.safetensors is no safetensors file: 16 bytes follow its last tensor$/,
    );
    const nan = safetensorsFile({ a: [3, 3], b: [3, 3] }, (name, i) => (name === 'b' && i === 5 ? Number.NaN : i));
    expect(() => readWeights(nan, { layers: ['*'], layout: 'out-in' })).toThrow(/: b\[1, 2\] is NaN, expected finite/);
    const zip = readFileSync(join(fixtures, 'jax.npz'));
    writeFileSync(join(folder, 'cut.npz'), zip.subarray(0, zip.length - 100));
    expect(() => readWeights(join(folder, 'cut.npz'))).toThrow(/cut.npz is no zip archive .* cut off/);
    const damaged = Buffer.from(zip);
    damaged[damaged.indexOf('NUMPY') + 150]! ^= 1;
    writeFileSync(join(folder, 'damaged.npz'), damaged);
    expect(() => readWeights(join(folder, 'damaged.npz'))).toThrow(/params\/Dense_0\/kernel.npy is damaged/);
    cpSync(join(fixtures, 'folder'), join(folder, 'layers'), { recursive: true });
    writeFileSync(join(folder, 'layers/W3.npy'), readFileSync(join(fixtures, 'folder/W3.npy')).subarray(0, 600));
    expect(() => readWeights(join(folder, 'layers'))).toThrow(
      /W3.npy is cut off: 8 × 8 numbers of type >f8 take 640 bytes/,
    );
  });

  it('says which files it reads', () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'empty'));
    expect(() => readWeights(join(folder, 'none.npz'))).toThrow(/cannot read .*none.npz: there is no such file/);
    expect(() => readWeights(join(folder, 'empty'))).toThrow(/is a folder without .npy files/);
    writeFileSync(join(folder, 'model.pt'), '');
    expect(() => readWeights(join(folder, 'model.pt'))).toThrow(/model.pt must end in .*save_file/);
    writeFileSync(join(folder, 'text.safetensors'), 'weights');
    expect(() => readWeights(join(folder, 'text.safetensors'))).toThrow(/is no safetensors file: it has 7 bytes/);
    // As torch.save begins: of the year 2020 on, and before.
    for (const [lead, what] of [
      ['PK\x03\x04\0\0\x08\x08\0\0', 'zip archive'],
      ['\x80\x02\x8a\x0al\xfc\x9cF\xf9', 'pickle'],
    ] as const) {
      writeFileSync(join(folder, 'saved.safetensors'), Buffer.from(lead, 'latin1'));
      expect(() => readWeights(join(folder, 'saved.safetensors'))).toThrow(
        new RegExp(
          `saved.safetensors is no safetensors file: it is a ${what}, as torch.save .*safetensors.torch.save_file$`,
        ),
      );
    }
    writeFileSync(join(folder, 'null.safetensors'), '\x04\0\0\0\0\0\0\0null');
    expect(() => readWeights(join(folder, 'null.safetensors'))).toThrow('its header is no JSON object');
  });
});
