import { createStream } from '../../src/numeric/random.ts';
import { safetensorsFile } from '../weights/safetensors-file.ts';

/**
 * Writes a Gaussian network, with biases where their variance is given: depth layers of width neurons and, around them, one that takes inputs and one that gives outputs. Every matrix
 * has mean 0 and mean square variance/width, to rounding.
 */
export function gaussianFile(
  width: number,
  depth: number,
  variance: number,
  seed: number,
  path?: string,
  biasVariance = 0,
): string {
  const matrices = Array.from({ length: depth }, (_, l) => {
    const stream = createStream(seed, l);
    const values = Float64Array.from({ length: width ** 2 }, () => stream.normal());
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const square = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    return values.map((x) => (x - mean) * Math.sqrt(variance / width / square));
  });
  const shapes = {
    'in.weight': [width, 7],
    ...Object.fromEntries(matrices.map((_, l) => [`layers.${l}.weight`, [width, width]])),
    'out.weight': [3, width],
    ...(biasVariance === 0 ? {} : Object.fromEntries(matrices.map((_, l) => [`layers.${l}.bias`, [width]]))),
  };
  const biases = createStream(seed, depth);
  const value = (name: string, i: number): number =>
    name.endsWith('bias')
      ? Math.sqrt(biasVariance) * biases.normal()
      : (matrices[Number(/\d+/.exec(name)?.[0])]?.[i] ?? 0.1);
  return safetensorsFile(shapes, value, path);
}
