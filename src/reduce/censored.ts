import type { RecordBatch } from 'apache-arrow';

/** Whether rows that are censored count: by default they don't; `only`: they alone do. */
export interface CensoredOption {
  readonly censored?: 'skip' | 'count' | 'only';
}

const known = new WeakMap<RecordBatch, Uint8Array | null>();

/**
 * One byte a row of an avalanche batch, 1 where the row doesn't count because it is censored; null where every row counts, also
 * where the batch has no column `censored`.
 */
export function skipped(batch: RecordBatch, option: CensoredOption): Uint8Array | null {
  if (option.censored === 'count') return null;
  let flags = known.get(batch);
  if (flags === undefined) {
    flags = unpacked(batch);
    known.set(batch, flags);
  }
  if (option.censored !== 'only') return flags;
  return flags === null ? new Uint8Array(batch.numRows).fill(1) : flags.map((flag) => 1 - flag);
}

function unpacked(batch: RecordBatch): Uint8Array | null {
  const at = batch.schema.fields.findIndex((field) => field.name === 'censored');
  const data = at < 0 ? undefined : batch.data.children[at];
  if (data === undefined) return null;
  // A sliced bitmap keeps its bytes and moves its bit offset.
  const bits = data.values as Uint8Array;
  const bitOf = (i: number): number => (bits[(data.offset + i) >> 3]! >> ((data.offset + i) & 7)) & 1;
  let first = 0;
  while (first < batch.numRows && bitOf(first) === 0) first++;
  if (first === batch.numRows) return null;
  const flags = new Uint8Array(batch.numRows);
  for (let i = first; i < flags.length; i++) flags[i] = bitOf(i);
  return flags;
}
