import { PARITY, PRODUCTS, ROTATIONS, ROUNDS } from '../../src/gpu/random.wgsl.ts';
import type { Activation } from '../../src/network/activation.ts';
import { absorb, hashKey } from '../../src/numeric/random-key.ts';

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** Threefry-4x32 as its authors write it (Random123, threefry.h): unsigned words. */
export function threefry(counter: readonly number[], key: readonly number[], rounds: number = ROUNDS): number[] {
  const schedule = [...key, key.reduce((parity, word) => parity ^ word, PARITY)];
  const x = counter.map((word, i) => (word + schedule[i]!) | 0);
  for (let r = 0; r < rounds; r++) {
    const [first, second] = r % 2 === 0 ? [1, 3] : [3, 1];
    const [a, b] = ROTATIONS[r % 8]!;
    x[0] = (x[0]! + x[first]!) | 0;
    x[first] = rotate(x[first]!, a) ^ x[0]!;
    x[2] = (x[2]! + x[second]!) | 0;
    x[second] = rotate(x[second]!, b) ^ x[2]!;
    if (r % 4 === 3) {
      const s = (r + 1) / 4;
      for (let i = 0; i < 4; i++) x[i] = (x[i]! + schedule[(s + i) % 5]! + (i === 3 ? s : 0)) | 0;
    }
  }
  return x.map((word) => word >>> 0);
}

/** The key of a perturbation's squares. */
export function keyOf(seed: number, ensemble: number, id: number): number[] {
  const hash = hashKey(seed, [ensemble, 0x77677075], 3);
  absorb(hash, id | 0, Math.floor(id / 2 ** 32));
  return [...hash];
}

/** The key of a layer, or of a row of its weights. */
export function layerKey(key: readonly number[], layer: number, row = 0): number[] {
  const [x, y, z, w] = threefry([layer, row, 0, 0], key) as [number, number, number, number];
  return [x, y, (z | 1) >>> 0, w];
}

/** Four words of a layer: the number of the neurons goes into the first word of its key, and products of words into each other. */
export function wordsOf([x, y, z, w]: readonly number[], quad: number, products: number = PRODUCTS): number[] {
  const v = Int32Array.of(x! + quad, y!, z!, w!);
  for (let step = 1; step <= products; step++) {
    const at = step % 4;
    v[at] = v[at]! + Math.imul(v[(step + 1) % 4]!, v[(step + 3) % 4]!);
    if (step <= products - 4) v[at] = rotate(v[at]!, 16);
  }
  return Array.from(v, (word) => word >>> 0);
}

/** z of a layer in float64, from the words that the card draws. */
export function normals(key: readonly number[], layer: number, width: number): number[] {
  const z: number[] = [];
  const own = layerKey(key, layer);
  for (let quad = 0; 4 * quad < width; quad++) {
    const [w0, w1, w2, w3] = wordsOf(own, quad) as [number, number, number, number];
    const e = [w0, w1].map((word) => -2 * Math.log(Math.min(1, (word + 0.5) / 2 ** 32)));
    const small = [w2, w3].map((word, i) => e[i]! * Math.sin((word | 0) * Math.PI * 2 ** -33) ** 2);
    const sign = (word: number, bit: number): number => (((word >>> bit) & 1) === 1 ? 1 : -1);
    const large = small.map((c, i) => e[i]! - c);
    const left = width - 4 * quad;
    const pairs = [w2, w3].map((word, i) => {
      const [a, b] = left < 4 && word >>> 31 === 1 ? [small[i]!, large[i]!] : [large[i]!, small[i]!];
      return [sign(word, 6) * Math.sqrt(a), sign(word, 5) * Math.sqrt(b)] as const;
    });
    z.push(...[pairs[0]![0], pairs[0]![1], pairs[1]![0], pairs[1]![1]].slice(0, left));
  }
  return z;
}

/** A standard normal of a layer's weights, in float64, from the words that the card draws. */
export function weightOf(key: readonly number[], layer: number, row: number, column: number): number {
  const words = wordsOf(layerKey(key, layer, row), column >> 2);
  const [of, second] = [column % 2, column % 4 > 1];
  const [radius, angle] = [words[of]!, words[2 + of]!];
  const square = -2 * Math.log(Math.min(1, (radius + 0.5) / 2 ** 32));
  const small = square * Math.sin((angle | 0) * Math.PI * 2 ** -33) ** 2;
  const turned = angle >>> 31 === 1;
  const sign = ((angle >>> (second ? 5 : 6)) & 1) === 1 ? 1 : -1;
  return sign * Math.sqrt(second === turned ? square - small : small);
}

export interface Chain {
  readonly activation: Activation;
  readonly width: number;
  readonly depth: number;
  readonly weightVariance: number;
  readonly biasVariance: number;
  readonly inputStrength: number;
}

/** Strengths of all layers by the recursion of the annealed chain, in float64. */
export function strengths(chain: Chain, key: readonly number[], postActivation = false): number[] {
  const { activation, width, depth, weightVariance, biasVariance, inputStrength } = chain;
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / width;
  const energy = (z: number[], v: number): number => mean(z.map((x) => activation.phi(Math.sqrt(v) * x) ** 2));
  const drawn = activation.name === 'linear' ? [] : normals(key, 0, width);
  const first =
    activation.name === 'linear'
      ? inputStrength ** 2
      : energy(drawn, inputStrength ** 2 / mean(drawn.map((x) => x * x)));
  let v = weightVariance * first + biasVariance;
  return Array.from({ length: depth }, (_, i) => {
    const z = normals(key, i + 1, width);
    const next = energy(z, v);
    const s = Math.sqrt(postActivation ? next : v * mean(z.map((x) => x * x)));
    v = weightVariance * next + biasVariance;
    return s;
  });
}
