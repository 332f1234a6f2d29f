import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matrixArena } from '../../src/kernel/matrix.ts';
import { activation } from '../../src/network/activation.ts';
import type { Backend } from '../../src/propagation/backend/layers.ts';
import { differencesBackend } from '../../src/propagation/backend/simd-differences.ts';
import { simdBackend } from '../../src/propagation/backend/simd-layers.ts';
import type { DataPoints } from '../../src/propagation/data-points.ts';
import { readWeights } from '../../src/weights/read-weights.ts';

const fixtures = resolve(import.meta.dirname, '../fixtures/weights');
const torch = JSON.parse(readFileSync(join(fixtures, 'around.json'), 'utf8')) as {
  readonly points: readonly number[][];
  readonly of: readonly number[];
  readonly cases: readonly { activation: string; perturbations: number[][]; strengths: number[][] }[];
};
const weights = readWeights(join(fixtures, 'torch.safetensors'));
const around: DataPoints = {
  width: 8,
  of: (id) => torch.of[id]!,
  read: (points, out) => out.set(points.flatMap((point) => torch.points[point]!)),
};

/** Strengths in layer after layer of the fixture's network, rows going once the layer in `until` has been. */
async function strengthsOf(name: string, perturbations: readonly number[][], until: readonly number[] = []) {
  const backend = differencesBackend('auto', around);
  const options = {
    activation: activation(name),
    observable: 'pre-activation',
    largestRows: perturbations.length,
    largestWidth: 8,
  } as const;
  const arena = matrixArena([64, 16, ...backend.room(options)]);
  const [kernel, biases] = [arena.array(64), arena.array(16)];
  const layers = backend.layers(options, arena);
  let rows = perturbations.map((_, row) => row);
  layers.start(Float32Array.from(perturbations.flat()), 1, rows.length, 8, Float64Array.from(rows));
  const out: Map<number, number>[] = [];
  for (const [l, layer] of weights.entries()) {
    kernel.set(layer.kernel);
    biases.set(layer.bias!);
    layers.layer(kernel, biases, layer.outWidth);
    const found = await layers.strengths();
    out.push(new Map(rows.map((row, i) => [row, found[i]!])));
    const staying = rows.flatMap((row, i) => ((until[row] ?? weights.length) > l ? [i] : []));
    if (staying.length < rows.length) layers.keep(Int32Array.from(staying), 1, staying.length);
    rows = staying.map((i) => rows[i]!);
  }
  return out;
}

describe('differencesBackend(name, around)', () => {
  it.each(torch.cases.map((one) => [one.activation, Math.abs(one.perturbations[0]![0]!), one] as const))(
    'follows %s networks with biases as torch does in float64, ε of %d',
    async (name, _, { perturbations, strengths }) => {
      const found = await strengthsOf(name, perturbations);
      for (const [l, layer] of strengths.entries())
        for (const [row, strength] of layer.entries())
          expect(Math.abs(found[l]!.get(row)! / strength - 1)).toBeLessThan(1e-5);
    },
  );

  it('gives a row the same bits whoever goes, and its point with the last of its rows', async () => {
    const { perturbations } = torch.cases.find(({ activation: name }) => name === 'tanh')!;
    const all = await strengthsOf('tanh', perturbations);
    const until = [0, 3, 5, 5, 8, 11];
    const fewer = await strengthsOf('tanh', perturbations, until);
    for (const [l, layer] of fewer.entries())
      expect(layer).toEqual(new Map([...all[l]!].filter(([row]) => until[row]! >= l)));
  });

  it.each(['pre-activation', 'post-activation'] as const)(
    'gives the bits of a plain pass around zero, without biases, where %ss are observed',
    async (observable) => {
      const zero: DataPoints = { width: 8, of: () => 0, read: (_, out) => out.fill(0) };
      const perturbations = torch.cases.at(-4)!.perturbations.flat();
      const options = { activation: activation('tanh'), observable, largestRows: 6, largestWidth: 8 };
      const strengths = async (backend: Backend) => {
        const arena = matrixArena([64, ...backend.room(options)]);
        const kernel = arena.array(64);
        const layers = backend.layers(options, arena);
        layers.start(Float32Array.from(perturbations), 1, 6, 8, Float64Array.from(torch.of.keys()));
        for (const layer of weights) {
          kernel.set(layer.kernel);
          layers.layer(kernel, undefined, layer.outWidth);
        }
        return layers.strengths();
      };
      const plain = await strengths(simdBackend);
      expect(Math.min(...plain)).toBeGreaterThan(1e-4);
      expect(await strengths(differencesBackend('simd', zero))).toEqual(plain);
    },
  );

  it('says which backends it has', () => {
    expect(() => differencesBackend('wasm', around)).toThrow(
      "backend must be auto or simd for perturbations around data points, got 'wasm'",
    );
  });
});
