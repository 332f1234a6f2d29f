import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createStream } from '../../src/numeric/random.ts';

/** An IDX file of bytes. */
export function idxBytes(shape: readonly number[], values: ArrayLike<number>): Buffer {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head[2] = 8;
  head[3] = shape.length;
  shape.forEach((size, i) => {
    head.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([head, Buffer.from(Uint8Array.from(values))]);
}

/** Noisy images of a few classes, each with a pattern of its own, as IDX files in a folder. */
export function writeImages(folder: string, count: number, side = 6, classes = 4) {
  const stream = createStream(11, 5);
  const patterns = Array.from({ length: classes }, () => Array.from({ length: side * side }, () => stream.uniform()));
  const labels = Array.from({ length: count }, (_, i) => i % classes);
  const pixels = labels.flatMap((label) =>
    patterns[label]!.map((shade) => Math.max(0, Math.min(255, 60 + 130 * shade + 15 * stream.normal()))),
  );
  const files = { images: join(folder, 'images-idx3-ubyte'), labels: join(folder, 'labels-idx1-ubyte') };
  writeFileSync(files.images, idxBytes([count, side, side], pixels));
  writeFileSync(files.labels, idxBytes([count], labels));
  return files;
}
