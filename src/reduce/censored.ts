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
  const flags = new Uint8Array(batch.numRows);
  let any = 0;
  for (let i = 0; i < flags.length; i++) {
    const bit = data.offset + i;
    any |= flags[i] = (bits[bit >> 3]! >> (bit & 7)) & 1;
  }
  return any === 0 ? null : flags;
}
