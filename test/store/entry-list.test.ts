import { expect, it } from 'vitest';
import { digest } from '../../src/store/digest.ts';
import { EntryList } from '../../src/store/entry-list.ts';
import type { JournalEntry } from '../../src/store/journal.ts';
import { partPath } from '../../src/store/part-path.ts';

/** Of three ensembles in turn; table1 has paths of its own, and table2 no checksums. */
const entry = (index: number): JournalEntry => ({
  ensemble: index % 3,
  index,
  parts: Array.from({ length: index % 4 }, (_, k) => ({
    table: `table${k}`,
    path: k === 1 ? `elsewhere/${index}` : partPath(`table${k}`, index % 3, index),
    rows: 1000 * k,
    bytes: 2 ** 40 + index,
    ...(k === 2 ? {} : { sha256: digest(`${index}`) }),
  })),
});

it.each([0, 1, 2, 300])('holds %i entries as they came', (count) => {
  const entries = Array.from({ length: count }, (_, index) => entry(index));
  const list = new EntryList(entries);
  expect(list.length).toBe(count);
  expect([...list]).toEqual(entries);
  list.push(entry(count));
  expect([...list].at(-1)).toEqual(entry(count));
  expect(list.length).toBe(count + 1);
});

it('gives the parts of a table in the order of partitions', () => {
  const entries = Array.from({ length: 300 }, (_, index) => entry(index));
  const inOrder = [...entries].sort((a, b) => a.ensemble - b.ensemble || a.index - b.index);
  for (const list of [new EntryList(entries), new EntryList(inOrder)]) {
    expect([...list.tables].sort()).toEqual(['table0', 'table1', 'table2']);
    for (const table of list.tables) {
      const parts = inOrder.flatMap((one) => one.parts.filter((part) => part.table === table));
      expect([...list.partsOf(table)]).toEqual(parts);
    }
  }
});
