import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTable } from '../../src/store/read/open.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { query } from './duckdb.ts';

const folder = temporaryFolder();
const rows = 12_000;
/** Columns as numbers are stored in all ways that Parquet has for them, and two that are converted. */
const columns = {
  real: 'sqrt(i)',
  few: '(i % 7)::double / 4',
  gaps: 'case when i % 3 = 0 or i between 4000 and 9000 then null else i * 0.5 end',
  none: 'null::double',
  single: '(i / 3)::float',
  integer: '(i * 7919 % 99991)::int',
  sparse: 'case when i % 5 = 0 then null else i::int end',
  long: '(i * 1000003)::bigint',
  short: '(i % 100)::smallint',
  unsigned: '(i % 200)::utinyint',
  money: '(i / 10.0)::decimal(9, 3)',
};

let expected: (number | null)[][];

async function written(name: string, options: string): Promise<string> {
  const path = join(folder, name);
  await query(`copy t to '${path}' (format parquet, row_group_size 5000, ${options})`);
  return path;
}

beforeAll(async () => {
  const list = Object.entries(columns).map(([name, sql]) => `${sql} as ${name}`);
  await query(`create table t as select ${list.join(', ')} from range(${rows}) r(i)`);
  const casts = Object.keys(columns).map((name) => `${name}::double`);
  expected = (await query(`select ${casts.join(', ')} from t`)) as (number | null)[][];
});

describe('numbers of Parquet files', () => {
  it.each([
    ['snappy, pages of version 1', "codec 'snappy', parquet_version 'V1'"],
    ['snappy, pages of version 2', "codec 'snappy', parquet_version 'V2'"],
    ['zstd', "codec 'zstd'"],
    ['uncompressed', "codec 'uncompressed'"],
    ['without dictionaries', "codec 'snappy', dictionary_size_limit 0"],
  ])('are those that were written, missing ones NaN: %s', async (name, options) => {
    const path = await written(`${name.replaceAll(' ', '-')}.parquet`, options);
    // One column at a time goes the short way where it may, all together the long one: both must agree.
    for (const wanted of [...Object.keys(columns).map((column) => [column]), Object.keys(columns)]) {
      const table = await openTable(path);
      let at = 0;
      for await (const chunk of table.chunks(wanted)) {
        for (const column of wanted) {
          const c = Object.keys(columns).indexOf(column);
          const values = chunk.columns[column] as ArrayLike<number>;
          for (let i = 0; i < chunk.rows; i++) {
            const want = expected[at + i]![c] ?? Number.NaN;
            if (!Object.is(Number(values[i]), want))
              expect([column, at + i, Number(values[i])]).toEqual([column, at + i, want]);
          }
        }
        at += chunk.rows;
      }
      expect(at).toBe(rows);
      await table.close();
    }
  });
});
