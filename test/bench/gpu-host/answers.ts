import { Ended, STATE_WORDS } from '../../../src/gpu/annealed.wgsl.ts';
import type { Recorded } from './recorded.ts';

const strengthsOf = ({ from, strengths }: Recorded, id: number): Float32Array =>
  strengths.subarray(from[id], from[id + 1]);

/** What the kernel leaves of each entry (id, slot), in the order of slots. */
export function states(recorded: Recorded, list: Uint32Array): ArrayBuffer {
  const { threshold } = recorded;
  const words = new Uint32Array(STATE_WORDS * (list.length / 4));
  const floats = new Float32Array(words.buffer);
  for (let entry = 0; entry < list.length; entry += 4) {
    const rows = strengthsOf(recorded, list[entry]!);
    const at = STATE_WORDS * list[entry + 2]!;
    const below = rows.at(-1)! < threshold;
    const above = rows.subarray(0, rows.length - (below ? 1 : 0));
    words.set([rows.length, below ? Ended.below : Ended.depth, above.length], at + 2);
    floats[at + 5] = above.reduce((a, b) => Math.max(a, b), 0);
    floats[at + 6] = rows[0]!;
    floats[at + 7] = rows.at(-1)!;
    const sum = above.reduce((a, b) => a + b, 0);
    floats[at + 8] = sum;
    floats[at + 9] = sum - Math.fround(sum);
  }
  return words.buffer;
}

/** Profiles of the entries (row, slot, duration): the excess at l = g·D/G. */
export function profiles(recorded: Recorded, list: Uint32Array, points: number): ArrayBuffer {
  const { threshold } = recorded;
  let rows = 0;
  for (let entry = 0; entry < list.length; entry += 4) rows = Math.max(rows, list[entry]! + 1);
  const made = new Float32Array(points * rows);
  for (let entry = 0; entry < list.length; entry += 4) {
    const strengths = strengthsOf(recorded, list[entry + 2]!);
    const duration = list[entry + 3]!;
    const value = (layer: number): number => (layer === 0 ? 0 : strengths[layer - 1]! - threshold);
    for (let g = 1; g <= points; g++) {
      const layer = Math.ceil((g * duration) / points);
      const part = (g * duration - (layer - 1) * points) / points;
      const [before, x] = [value(layer - 1), value(layer)];
      made[points * list[entry]! + g - 1] = layer === 1 ? x : before + (x - before) * part;
    }
  }
  return made.buffer;
}

/** Strengths of the entries (place, slot, number of layers). */
export function gathered(recorded: Recorded, list: Uint32Array): ArrayBuffer {
  let words = 0;
  for (let entry = 0; entry < list.length; entry += 4) words = Math.max(words, list[entry]! + list[entry + 3]!);
  const made = new Float32Array(words);
  for (let entry = 0; entry < list.length; entry += 4) {
    made.set(strengthsOf(recorded, list[entry + 2]!).subarray(0, list[entry + 3]), list[entry]);
  }
  return made.buffer;
}
