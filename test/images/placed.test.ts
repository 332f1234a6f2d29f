import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/error.ts';
import { readIdx } from '../../src/images/idx.ts';
import { readPictures } from '../../src/images/pictures.ts';
import { inputSource, placedImages } from '../../src/images/placed.ts';
import { temporaryFolder } from '../run/temporary.ts';

const folder = temporaryFolder();

describe('placedImages', () => {
  const grey = { shape: [2, 1, 2], values: Uint8Array.of(10, 20, 30, 40) };

  it('lays grey images in the middle of every channel, standardised over the whole set', () => {
    const { values, count } = placedImages(grey, 'grey', { height: 3, width: 4, channels: 2 });
    expect(count).toBe(2);
    const raw = new Float64Array(2 * 3 * 4 * 2);
    const pixels = [5, 6, 17, 18];
    for (const [i, pixel] of pixels.entries()) raw.fill(grey.values[i]!, 2 * pixel, 2 * pixel + 2);
    const mean = raw.reduce((sum, v) => sum + v, 0) / raw.length;
    const deviation = Math.sqrt(raw.reduce((sum, v) => sum + (v - mean) ** 2, 0) / raw.length);
    for (const [i, v] of raw.entries()) expect(values[i]).toBeCloseTo((v - mean) / deviation, 5);
  });

  it('cuts the middle out of larger images', () => {
    const images = { shape: [1, 3, 3], values: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) };
    const { values } = placedImages(images, 'large', { height: 1, width: 3, channels: 1 });
    // 4, 5, 6 standardised.
    expect([...values].map((v) => v * Math.sqrt(2 / 3))).toEqual([-1, 0, 1].map((v) => expect.closeTo(v, 6)));
  });

  it('takes colour images of the wanted channels only', () => {
    const colour = { shape: [1, 1, 1, 3], values: Uint8Array.of(1, 2, 3) };
    expect(placedImages(colour, 'colour', { height: 1, width: 1, channels: 3 }).values[1]).toBeCloseTo(0, 6);
    const wanted = { height: 1, width: 1, channels: 4 };
    expect(() => placedImages(colour, 'colour', wanted)).toThrow('colour must hold images of 1 or 4 channels, got 3');
    expect(() => placedImages({ shape: [4], values: new Uint8Array(4) }, 'flat', wanted)).toThrow(
      'flat must hold images',
    );
  });
});

/** A chunk of a PNG file with its check sum (PNG specification, annex D). */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  let crc = 0xffffffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  }
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(~crc >>> 0);
  return Buffer.concat([length, body, sum]);
}

/** An RGB picture as a PNG file. */
function png(width: number, height: number, rgb: readonly number[]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const lines = Array.from({ length: height }, (_, y) => [0, ...rgb.slice(3 * width * y, 3 * width * (y + 1))]);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const data = deflateSync(Buffer.from(lines.flat()));
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

describe('readPictures', () => {
  const pictures = join(folder, 'pictures');
  const colours = Array.from({ length: 3 * 12 }, (_, i) => (i * 37) % 256);
  mkdirSync(pictures);
  writeFileSync(join(pictures, 'b.png'), png(4, 3, colours));
  writeFileSync(join(pictures, 'a.PNG'), png(1, 1, [255, 0, 100]));
  writeFileSync(join(pictures, 'notes.txt'), 'no picture');

  it('reads a folder in the order of names, byte by byte where sizes agree', () => {
    const { shape, values } = readPictures(pictures, { height: 3, width: 4, channels: 3 });
    expect(shape).toEqual([2, 3, 4, 3]);
    expect([...values.subarray(0, 6)]).toEqual([255, 0, 100, 255, 0, 100]);
    expect([...values.subarray(36)]).toEqual(colours);
  });

  it('gives luma for one channel', () => {
    const { shape, values } = readPictures(pictures, { height: 3, width: 4, channels: 1 });
    expect(shape).toEqual([2, 3, 4]);
    const [red = 0, green = 0, blue = 0] = colours.slice(3, 6);
    expect(values[13]).toBe(Math.round(0.299 * red + 0.587 * green + 0.114 * blue));
  });

  it('names a folder without pictures, and a file that is none', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect(() => readPictures(empty, { height: 3, width: 4, channels: 3 })).toThrow('holds no PNG or JPEG files');
    writeFileSync(join(empty, 'broken.png'), 'nothing');
    expect(() => readPictures(empty, { height: 3, width: 4, channels: 3 })).toThrow('broken.png is no picture');
    expect(() => readPictures(pictures, { height: 3, width: 4, channels: 2 })).toThrow('1 or 3 channels');
    const colour = { height: 3, width: 4, channels: 3 };
    const gone = join(folder, 'gone');
    expect(() => readPictures(gone, colour)).toThrow(
      new StoreError(
        `cannot read ${gone}: there is no such file or folder (ENOENT); it must be a folder of PNG or JPEG files`,
      ),
    );
    mkdirSync(join(empty, 'a.png'));
    expect(() => readPictures(empty, colour)).toThrow(
      new StoreError(`cannot read ${join(empty, 'a.png')}: it is a folder (EISDIR); it must be a PNG or JPEG file`),
    );
    expect(() => readIdx(folder)).toThrow(
      new StoreError(`cannot read ${folder}: it is a folder (EISDIR); it must be an IDX file`),
    );
  });
});

describe('inputSource', () => {
  it('reads an IDX file', () => {
    const path = join(folder, 'two.idx');
    writeFileSync(path, Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 255]));
    const shape = { height: 1, width: 1, channels: 1 };
    const write = inputSource(path, shape).open(shape);
    const seen = new Set<number>();
    for (let index = 0; index < 40; index++) {
      const out = new Float32Array(1);
      write({ seed: 1, model: 'resnet-18', use: 1, index }, out);
      seen.add(out[0]!);
    }
    expect([...seen].sort()).toEqual([-1, 1]);
  });
});
