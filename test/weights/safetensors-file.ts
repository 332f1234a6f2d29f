import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../store/scratch.ts';

/** Writes float32 tensors of these shapes as a safetensors file. @param value of number i, thousandths of i where none is given */
export function safetensorsFile(
  shapes: Readonly<Record<string, readonly number[]>>,
  value: (name: string, i: number) => number = (_, i) => i / 1000,
  path = join(scratchFolder(), 'model.safetensors'),
): string {
  const header: Record<string, unknown> = {};
  const numbers: Float32Array[] = [];
  let at = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const count = shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + 4 * count] };
    numbers.push(Float32Array.from({ length: count }, (_, i) => value(name, i)));
    at += 4 * count;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(path, Buffer.concat([length, text, ...numbers.map(({ buffer }) => Buffer.from(buffer))]));
  return path;
}
