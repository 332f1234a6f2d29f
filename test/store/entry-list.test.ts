import { expect, it } from 'vitest';
import { EntryList } from '../../src/store/entry-list.ts';
import type { JournalEntry } from '../../src/store/journal.ts';

const entry = (index: number): JournalEntry => ({
  ensemble: index % 3,
  index,
  parts: Array.from({ length: index % 4 }, (_, k) => ({
    table: `table${k}`,
    path: `table${k}/part-0000-${String(index).padStart(5, '0')}.parquet`,
    rows: 1000 * k,
    bytes: 2 ** 40 + index,
    ...(k === 2 ? {} : { sha256: `${index}`.padEnd(64, 'a') }),
  })),
});

it.each([0, 1, 255, 256, 257, 1500])('holds %i entries as they came', (count) => {
  const entries = Array.from({ length: count }, (_, index) => entry(index));
  const list = new EntryList(entries);
  expect(list.length).toBe(count);
  expect([...list]).toEqual(entries);
  list.push(entry(count));
  expect([...list].at(-1)).toEqual(entry(count));
  expect(list.length).toBe(count + 1);
});
