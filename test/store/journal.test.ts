import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countedEntries, emptyMark, nextMark, openJournal, readJournal } from '../../src/store/journal.ts';
import { scratchFolder } from './scratch.ts';

const path = join(scratchFolder(), 'journal.jsonl');
const entries = Array.from({ length: 6 }, (_, index) => ({
  ensemble: 0,
  index,
  parts: [{ table: 'signal', path: `signal/part-0000-0000${index}.parquet`, rows: 4, bytes: 9, sha256: 'ab' }],
}));
const counted = entries.slice(0, 4).reduce(nextMark, emptyMark('run'));

async function written(): Promise<string> {
  rmSync(path, { force: true });
  await using journal = openJournal(path, 'run', [], `${path}.tmp`);
  for (const entry of entries) journal.append(entry);
  await journal.sync();
  return readFileSync(path, 'utf8');
}

const counts = async (run = 'run') => countedEntries(path, await readJournal(path, run), counted);

describe('a journal', () => {
  it('gives the entries that a checkpoint counts on, whatever became of those after them', async () => {
    const text = await written();
    expect(await counts()).toEqual(entries.slice(0, 4));
    const lines = text.split('\n');
    for (const end of ['{"half', `${'\0'.repeat(200)}\n`, lines[0]!, `${lines[5]}\n`]) {
      writeFileSync(path, `${lines.slice(0, 4).join('\n')}\n${end}`);
      expect(await counts()).toEqual(entries.slice(0, 4));
    }
  });

  it('that could not be written once is not written any more: a line may be there in part', async () => {
    const missing = join(path, '..', 'missing');
    await using journal = openJournal(join(missing, 'journal.jsonl'), 'run', [], `${path}.tmp`);
    journal.append(entries[0]!);
    const expected = /journal.jsonl/;
    await expect(journal.sync()).rejects.toThrow(expected);
    mkdirSync(missing);
    journal.append(entries[1]!);
    await expect(journal.sync()).rejects.toThrow(expected);
    expect(existsSync(join(missing, 'journal.jsonl'))).toBe(false);
  });

  it('is refused by name where one of those was lost, doubled, moved, changed in any bit, or is of another run', async () => {
    const lines = (await written()).split('\n').slice(0, -1);
    const refused = async (text: string): Promise<void> => {
      writeFileSync(path, text);
      await expect(counts()).rejects.toThrow(/journal.jsonl is (damaged|cut short|missing)/);
    };
    const joined = (some: (string | undefined)[]): string => `${some.join('\n')}\n`;
    await refused('');
    await refused(joined(lines.slice(0, 3)));
    await refused(joined(lines.slice(1)));
    await refused(joined([lines[0], lines[0], ...lines.slice(1)]));
    await refused(joined([lines[1], lines[0], ...lines.slice(2)]));
    const whole = Buffer.from(joined(lines));
    const trusted = Buffer.byteLength(joined(lines.slice(0, 4)));
    for (let at = 0; at < trusted; at += 7) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 1 << (at % 8);
      await refused(flipped as unknown as string);
    }
    writeFileSync(path, whole);
    await expect(counts('another run')).rejects.toThrow(/is damaged: line 1/);
    rmSync(path);
    await expect(counts()).rejects.toThrow(/is missing: its checkpoint counts 4/);
  });
});
