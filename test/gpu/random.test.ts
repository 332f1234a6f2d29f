import erfc from '@stdlib/math-base-special-erfc';
import gammainc from '@stdlib/math-base-special-gammainc';
import { describe, expect, it } from 'vitest';
import { PRODUCTS } from '../../src/gpu/random.wgsl.ts';
import { createStream } from '../../src/numeric/random.ts';
import { correlation, KOLMOGOROV_1E4, kolmogorov, NORMAL_1E4, uniformCounts } from '../numeric/random-statistics.ts';
import { keyOf, layerKey, normals, wordsOf } from './reference.ts';

// What the card draws, by the definition that its kernels are held to. Seeded; under a fresh seed each check has a false-alarm rate of 1e-4.
const N = 40_000;
const uniform = (word: number): number => (word + 0.5) / 2 ** 32;

/** Four words of a perturbation's layer, and those of the same place elsewhere. */
const draw = (seed: number, ensemble: number, id: number, layer: number, quad: number): number[] =>
  wordsOf(layerKey(keyOf(seed, ensemble, id), layer), quad);

const layerOfOne = layerKey(keyOf(1, 0, 0), 3);

/** Draws as the kernel asks for them, along one direction each: neurons, layers, perturbations, ensembles, seeds. */
const directions: Record<string, (i: number) => number[]> = {
  neurons: (i) => wordsOf(layerOfOne, i),
  'neurons of layers of 100': (i) => draw(1, 0, 0, Math.floor(i / 25), i % 25),
  'rows of weights': (i) => wordsOf(layerKey(keyOf(1, 0, 0), 3, i), 0),
  'weights of rows of 100': (i) => wordsOf(layerKey(keyOf(1, 0, 0), 3, Math.floor(i / 25)), i % 25),
  layers: (i) => draw(1, 0, 0, i, 0),
  perturbations: (i) => draw(1, 0, i, 1, 0),
  'perturbations beyond 2³²': (i) => draw(1, 0, i * 2 ** 32, 1, 0),
  ensembles: (i) => draw(1, i, 0, 1, 0),
  seeds: (i) => draw(i, 0, 0, 1, 0),
};

/**
 * The largest |z| of the bits of words' differences, over keys of layers: between quads so far apart, and between such differences (their
 * second differences). 14 · 128 · 2 checks.
 */
function differences(products: number): number {
  const keys = 2048;
  let worst = 0;
  for (const apart of [1, 2, 3, 4, 8, 16, 32, 64, 128, 1024, 2 ** 15, 2 ** 16, 2 ** 17, 2 ** 17 + 1]) {
    const ones = new Float64Array(256);
    for (let k = 0; k < keys; k++) {
      const key = layerKey([k, apart, 0, 0], k);
      const quad = (7 * k) % 131_072;
      const four = [0, apart, 33, 33 + apart].map((by) => wordsOf(key, quad + by, products));
      for (let word = 0; word < 4; word++) {
        const first = four[0]![word]! ^ four[1]![word]!;
        const second = first ^ four[2]![word]! ^ four[3]![word]!;
        for (let bit = 0; bit < 32; bit++) {
          ones[32 * word + bit]! += (first >>> bit) & 1;
          ones[128 + 32 * word + bit]! += (second >>> bit) & 1;
        }
      }
    }
    for (const count of ones) worst = Math.max(worst, Math.abs(count - keys / 2) / Math.sqrt(keys / 4));
  }
  return worst;
}

describe('random words of the graphics card', () => {
  it.each(Object.keys(directions))('are uniform and independent from one to the next of all %s', (direction) => {
    const words = Array.from({ length: N }, (_, i) => directions[direction]!(i));
    const places = [0, 1, 2, 3].map((place) => Float64Array.from(words, (four) => uniform(four[place]!)));
    for (const [k, place] of places.entries()) {
      expect(kolmogorov(place, (x) => x)).toBeLessThan(KOLMOGOROV_1E4);
      for (const lag of [1, 2, 4, 32, 128, 256]) {
        expect(Math.abs(correlation(place.subarray(lag), place.subarray(0, N - lag)))).toBeLessThan(NORMAL_1E4);
      }
      for (let other = 0; other < k; other++) {
        expect(Math.abs(correlation(place, places[other]!))).toBeLessThan(NORMAL_1E4);
      }
    }
    const cells = new Uint32Array(64 * 64);
    for (const [a, b] of words) cells[(a! >>> 26) * 64 + (b! >>> 26)]!++;
    expect(Math.abs(uniformCounts(cells))).toBeLessThan(NORMAL_1E4);
    const ones = new Float64Array(128);
    for (const four of words) for (let bit = 0; bit < 128; bit++) ones[bit]! += (four[bit >>> 5]! >>> (bit & 31)) & 1;
    // 128 checks at 1e-4 / 128 each: |z| < 5.
    for (const count of ones) expect(Math.abs(count - N / 2) / Math.sqrt(N / 4)).toBeLessThan(5);
  });

  it('turn over by half when a bit of seed, perturbation, layer or neuron changes', () => {
    const [tries, word] = [200, 2 ** 32];
    const flip = (x: number, bit: number): number => Number(BigInt(x) ^ (1n << BigInt(bit)));
    const draws: Record<string, [number, (x: number) => number[]]> = {
      seed: [53, (x) => draw(x, 0, 9, 2, 5)],
      perturbation: [53, (x) => draw(1, 0, x, 2, 5)],
      layer: [32, (x) => draw(1, 0, 9, x % word, 5)],
      neuron: [32, (x) => draw(1, 0, 9, 2, x % word)],
    };
    for (const [what, [bits, draw]] of Object.entries(draws)) {
      for (let bit = 0; bit < bits; bit++) {
        let turned = 0;
        for (let k = 0; k < tries; k++) {
          const [a, b] = [draw(k * 7919), draw(flip(k * 7919, bit))];
          for (let i = 0; i < 4; i++) for (let x = a[i]! ^ b[i]!; x !== 0; x &= x - 1) turned++;
        }
        // 170 checks at 1e-4 / 170 each: |z| < 5.
        const z = Math.abs(turned - 64 * tries) / Math.sqrt(32 * tries);
        expect([what, bit, z < 5]).toEqual([what, bit, true]);
      }
    }
  });

  it('leave nothing of their keys in differences of neighbours, which fewer products do', () => {
    // 3584 checks at 1e-4 / 3584 each: |z| < 5.6.
    expect(differences(PRODUCTS)).toBeLessThan(5.6);
    expect(differences(PRODUCTS - 4)).toBeGreaterThan(10);
  });

  it('give independent normals in every place of a layer, with the right moments and tails', () => {
    const width = 15;
    const n = 20_000;
    // Sums over a layer don't ask in which order the two of an exponential stand; the kernel has the larger first. Here chance has.
    const coin = createStream(41);
    const layers = Array.from({ length: n }, (_, i) => {
      const z = normals(keyOf(2, 0, i >> 5), i & 31, width);
      for (let k = 0; k < 12; k += 2) if (coin.uniform() < 0.5) [z[k], z[k + 1]] = [z[k + 1]!, z[k]!];
      return z;
    });
    const places = Array.from({ length: width }, (_, k) => Float64Array.from(layers, (z) => z[k]!));
    for (const [k, place] of places.entries()) {
      // 15 checks at 1e-4 / 15; 105 pairs thrice at 1e-4 / 105.
      expect(kolmogorov(place, (v) => erfc(-v / Math.SQRT2) / 2)).toBeLessThan(2.6);
      for (let other = 0; other < k; other++) {
        const second = places[other]!;
        expect(Math.abs(correlation(place, second))).toBeLessThan(5);
        expect(Math.abs(correlation(place.map(Math.abs), second.map(Math.abs)))).toBeLessThan(5);
        expect(Math.abs(correlation(place.map(Math.sign), second.map(Math.sign)))).toBeLessThan(5);
      }
    }
    const sums = Float64Array.from(layers, (z) => z.reduce((sum, x) => sum + x * x, 0));
    expect(kolmogorov(sums, (x) => gammainc(x / 2, width / 2))).toBeLessThan(KOLMOGOROV_1E4);
    const all = layers.flat();
    for (const edge of [1, 3, 4]) {
      const expected = all.length * erfc(edge / Math.SQRT2);
      const beyond = all.reduce((count, z) => count + Number(Math.abs(z) > edge), 0);
      expect(Math.abs(beyond - expected) / Math.sqrt(expected * (1 - expected / all.length))).toBeLessThan(NORMAL_1E4);
    }
  });
});
