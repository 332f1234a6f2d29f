import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fitColumn, openSource } from '../../src/index.ts';
import { readTable } from '../../src/store/read-table.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
const write = (path: string, text: string): string => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  return join(folder, path);
};

write('hive/run=2/day=a%20b/part.csv', 'size,own\n5,1\n6,1\n');
write('hive/run=10/day=__HIVE_DEFAULT_PARTITION__/part.csv', 'size\n7\n');
write('hive/_SUCCESS', '');
write('hive/.hidden.csv', 'no\n1\n');
const hive = join(folder, 'hive');

describe('a folder of tables', () => {
  it('is one table, in the order of names, with the columns that names of folders give', async () => {
    expect(await readTable(hive)).toEqual({
      rows: 3,
      columns: { size: Float64Array.of(7, 5, 6), run: Float64Array.of(10, 2, 2), day: [null, 'a b', 'a b'] },
    });
  });

  it('is read by a pattern, too', async () => {
    const { columns } = await readTable(join(folder, 'hive/run=*/**/*.csv'));
    expect(columns).toEqual({
      size: Float64Array.of(7, 5, 6),
      run: Float64Array.of(10, 2, 2),
      day: [null, 'a b', 'a b'],
    });
    expect((await readTable(join(folder, 'hive/run=?/*/part.csv'))).columns.size).toEqual(Float64Array.of(5, 6));
    await expect(readTable(join(folder, 'hive/run=3*/*.csv'))).rejects.toThrow(/^no file is like .*run=3/);
    // A name with a star of its own is a file.
    expect((await readTable(write('a*.csv', 'x\n1\n'))).columns).toEqual({ x: Float64Array.of(1) });
  });

  it('is chosen from by what its folders say', async () => {
    const sizes = Array.from({ length: 200 }, (_, i) => Math.round(2 / (1 - (i + 0.5) / 200) ** 0.8));
    for (const [run, factor] of [1, 2].entries()) {
      write(`fit/run=${run}/part.csv`, `size\n${sizes.map((x) => x * factor).join('\n')}\n`);
    }
    const source = await openSource(join(folder, 'fit'));
    const { counts } = await fitColumn(source, { column: 'size', where: ['run=1'], alternatives: false });
    expect(counts).toMatchObject({ read: 400, kept: 200 });
  });

  it('that is none, or a run, or of several kinds is refused in a sentence', async () => {
    write('none/readme', 'x');
    await expect(readTable(join(folder, 'none'))).rejects.toThrow(/none is a folder without tables: give a file$/);
    write('run/manifest.json', '{}');
    await expect(readTable(join(folder, 'run'))).rejects.toThrow(/run is a run folder: openRun reads its tables/);
    write('mixed/a.csv', 'x\n1\n');
    write('mixed/b.json', '[{"x":1}]');
    await expect(readTable(join(folder, 'mixed'))).rejects.toThrow(/several kinds \(\.csv, \.json\): .*\*\.csv'$/);
    write('apart/a.csv', 'x\n1\n');
    write('apart/b.csv', 'y\n1\n');
    await expect(readTable(join(folder, 'apart'))).rejects.toThrow(/apart have no column in common/);
  });
});
