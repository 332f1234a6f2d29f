import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConvolutionArena, floatsOf, type ImageBatch, packedFloats } from '../../src/kernel/convolution.ts';

/** Reproducible numbers of order one. */
const number = (i: number): number => Math.sin(12.9898 * (i + 1)) + 0.5 * Math.cos(4.1 * i);

interface Size {
  readonly batch: ImageBatch;
  readonly out: number;
  readonly side: number;
  readonly stride: number;
  readonly padding: number;
}

const sizes: fc.Arbitrary<Size> = fc
  .record({
    images: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 7 }),
    width: fc.integer({ min: 1, max: 7 }),
    channels: fc.integer({ min: 1, max: 9 }),
    border: fc.integer({ min: 0, max: 3 }),
    out: fc.integer({ min: 1, max: 17 }),
    side: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 3 }),
    less: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ out, side, stride, less, ...batch }) => ({
    batch,
    out,
    side,
    stride,
    padding: Math.max(0, batch.border - less),
  }))
  .filter(({ batch, side, padding }) => Math.min(batch.height, batch.width) + 2 * padding >= side);

/** A value of a batch by image, row, column and channel; 0 in the border. */
function fill(
  x: Float32Array,
  { images, height, width, channels, border }: ImageBatch,
  of: (i: number) => number,
): void {
  for (let i = 0, at = 0; i < images; i++)
    for (let r = 0; r < height; r++)
      for (let c = 0; c < width; c++)
        for (let k = 0; k < channels; k++, at++) {
          const pixel = (i * (height + 2 * border) + r + border) * (width + 2 * border) + c + border;
          x[pixel * channels + k] = of(at);
        }
}

/** Values of every window, outer loop over output pixels: [row·side + column][channel], 0 outside. */
function* windowsOf({ batch, side, stride, padding }: Size, of: (i: number) => number): Generator<number[][]> {
  const { images, height, width, channels } = batch;
  for (let i = 0; i < images; i++)
    for (let y = 0; y + side <= height + 2 * padding; y += stride)
      for (let x = 0; x + side <= width + 2 * padding; x += stride) {
        yield Array.from({ length: side * side }, (_, w) => {
          const [r, c] = [y + Math.floor(w / side) - padding, x + (w % side) - padding];
          const inside = r >= 0 && r < height && c >= 0 && c < width;
          return Array.from({ length: channels }, (_, k) =>
            inside ? Math.fround(of(((i * height + r) * width + c) * channels + k)) : 0,
          );
        });
      }
}

describe('ConvolutionArena', () => {
  it('convolves and pools like loops over windows, at any size, stride, padding and border', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const { batch, out, side, stride, padding } = size;
        const depth = side * side * batch.channels;
        const arena = new ConvolutionArena(2 ** 20);
        const x = arena.floats(floatsOf(batch));
        fill(x, batch, number);
        const windows = arena.windows(batch, side, stride, padding);
        const weights = arena.floats(depth * out);
        for (let i = 0; i < weights.length; i++) weights[i] = number(7 * i);
        const packed = arena.floats(packedFloats(depth, out));
        arena.packWeights(weights, depth, out, packed);
        const y = arena.floats(windows.offsets.length * out + 16).fill(99);
        arena.convolve(x, windows, packed, out, y);
        // What is pooled goes into a border of its own.
        const sides = [batch.height, batch.width].map(
          (extent) => Math.floor((extent + 2 * padding - side) / stride) + 1,
        );
        const pools = { ...batch, height: sides[0]!, width: sides[1]!, border: batch.border >> 1 };
        const pooled = arena.floats(floatsOf(pools));
        fill(x, batch, (i) => Math.abs(number(i)));
        arena.maxPool(x, windows, pooled, pools);
        let pixel = 0;
        for (const window of windowsOf(size, number)) {
          const flat = window.flat();
          for (let o = 0; o < out; o++) {
            const sum = flat.reduce((total, v, d) => total + v * weights[d * out + o]!, 0);
            expect(Math.abs(y[pixel * out + o]! - sum)).toBeLessThan(1e-5 * (1 + depth));
          }
          pixel++;
        }
        expect(windows.offsets).toHaveLength(pixel);
        // Nothing is written behind the result.
        expect([...y.subarray(pixel * out)].every((v) => v === 99)).toBe(true);
        const most = [...windowsOf(size, (i) => Math.abs(number(i)))].flatMap((window) =>
          Array.from({ length: batch.channels }, (_, k) => Math.max(...window.map((v) => v[k]!))),
        );
        const wanted = new Float32Array(pooled.length);
        fill(wanted, pools, (i) => most[i]!);
        expect(pooled).toEqual(wanted);
      }),
      { seed: 4, numRuns: 150 },
    );
  });

  it('normalises by channel into a border that stays zero, and gives strengths before and behind the relu', () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), ({ batch }, rectified) => {
        const { images, height, width, channels } = batch;
        const plain = { ...batch, border: 0 };
        const arena = new ConvolutionArena(2 ** 20);
        const x = arena.floats(floatsOf(plain));
        fill(x, plain, number);
        const y = arena.floats(floatsOf(batch));
        const [scale, shift] = [arena.floats(channels), arena.floats(channels)];
        for (let k = 0; k < channels; k++) {
          scale[k] = 0.5 + k;
          shift[k] = number(k);
        }
        const [before, after, own] = [arena.floats(images), arena.floats(images), arena.floats(images)];
        const sums = arena.doubles(2 * channels);
        arena.observe(x, plain, own, sums);
        arena.normalise(x, y, batch, scale, shift, rectified, before, after);
        const wanted = new Float32Array(y.length);
        const pixels = height * width;
        const value = (i: number): number => Math.fround(number(i)) * scale[i % channels]! + shift[i % channels]!;
        fill(wanted, batch, (i) => (rectified ? Math.max(0, value(i)) : value(i)));
        for (let i = 0; i < y.length; i++) expect(Math.abs(y[i]! - wanted[i]!)).toBeLessThan(1e-5);
        const rms = (image: number, of: (i: number) => number): number => {
          let sum = 0;
          for (let i = image * pixels * channels; i < (image + 1) * pixels * channels; i++) sum += of(i) ** 2;
          return Math.sqrt(sum / (pixels * channels));
        };
        for (let image = 0; image < images; image++) {
          expect(own[image]).toBeCloseTo(rms(image, number), 5);
          expect(before[image]).toBeCloseTo(rms(image, value), 5);
          expect(after[image]).toBeCloseTo(
            rms(image, (i) => Math.max(0, value(i))),
            5,
          );
        }
        for (let k = 0; k < channels; k++) {
          let [sum, squares] = [0, 0];
          for (let i = k; i < x.length; i += channels) {
            sum += x[i]! - x[k]!;
            squares += (x[i]! - x[k]!) ** 2;
          }
          expect(sums[k]).toBeCloseTo(sum, 3);
          expect(sums[channels + k]).toBeCloseTo(squares, 3);
        }
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  it('adds batches of different borders, and gives strengths before and behind the relu', () => {
    fc.assert(
      fc.property(sizes, fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.boolean(), ({ batch }, one, other, rectified) => {
        const { images, height, width, channels } = batch;
        const arena = new ConvolutionArena(2 ** 20);
        const filled = (border: number, of: (i: number) => number): Float32Array => {
          const x = arena.floats(floatsOf({ ...batch, border }));
          fill(x, { ...batch, border }, of);
          return x;
        };
        const second = (i: number): number => number(3 * i + 1);
        const [a, b] = [filled(one, number), filled(other, second)];
        const y = arena.floats(floatsOf(batch));
        const [before, after] = [arena.floats(images), arena.floats(images)];
        arena.add(a, one, b, other, y, batch, rectified, before, after);
        const sum = (i: number): number => Math.fround(Math.fround(number(i)) + Math.fround(second(i)));
        const wanted = new Float32Array(y.length);
        fill(wanted, batch, (i) => (rectified ? Math.max(0, sum(i)) : sum(i)));
        expect(y).toEqual(wanted);
        const size = height * width * channels;
        for (let image = 0; image < images; image++) {
          let [energy, positive] = [0, 0];
          for (let i = image * size; i < (image + 1) * size; i++) {
            energy += sum(i) ** 2;
            positive += Math.max(0, sum(i)) ** 2;
          }
          expect(before[image]).toBeCloseTo(Math.sqrt(energy / size), 5);
          expect(after[image]).toBeCloseTo(Math.sqrt(positive / size), 5);
        }
      }),
      { seed: 6, numRuns: 150 },
    );
  });

  it('takes the strength of images within their borders, but no channel sums', () => {
    const batch = { images: 2, height: 2, width: 3, channels: 5, border: 1 };
    const arena = new ConvolutionArena(2 ** 16);
    const x = arena.floats(floatsOf(batch));
    fill(x, batch, (i) => (i < 30 ? 2 : -3));
    const strengths = arena.floats(2);
    arena.observe(x, batch, strengths);
    expect([...strengths]).toEqual([2, 3]);
    expect(() => arena.observe(x, batch, strengths, arena.doubles(10))).toThrow('need a batch without border, got 1');
  });

  it('refuses a window whose padding is wider than the border, and more memory than there is', () => {
    const batch = { images: 1, height: 4, width: 4, channels: 1, border: 1 };
    expect(() => new ConvolutionArena(1000).windows(batch, 5, 1, 2)).toThrow(
      'a padding of 2 needs a border of as much, got 1',
    );
    expect(() => new ConvolutionArena(2 ** 33)).toThrow(RangeError);
  });
});
