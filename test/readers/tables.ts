import { join } from 'node:path';
import fc from 'fast-check';
import { rowsToBatch } from '../../src/schema/rows.ts';
import { shippedTables, tableSchema } from '../../src/schema/table.ts';
import type { EncodingSet } from '../../src/store/parquet/encoding-set.ts';
import { parquetSink } from '../../src/store/parquet/sink.ts';
import { type AnyRow, anyRows } from '../store/rows.ts';

/** A file of a table, and what is in it. */
export interface Written {
  readonly path: string;
  readonly table: string;
  readonly rows: readonly AnyRow[];
}

/** parquetjs-lite and its kin know no integers beyond 2⁵³, which crackle counts to nowhere. */
const safe = (row: AnyRow): AnyRow =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? BigInt.asIntN(53, value) : value]),
  );

/** Every table there is, with any values that its columns may hold, in several row groups. */
export async function writeTables(folder: string, encodings: EncodingSet): Promise<Written[]> {
  const written: Written[] = [];
  for (const table of shippedTables()) {
    const rows = fc.sample(anyRows(table), { numRuns: 8, seed: 3 }).flat().map(safe);
    const name = `${encodings}-${table}.parquet`;
    await using sink = parquetSink(table, folder, name, { rowGroupRows: 9, encodings });
    await sink.write(rowsToBatch(table, rows));
    await sink.commit();
    written.push({ path: join(folder, name), table, rows });
  }
  return written;
}

const hex = (value: number): string => {
  if (Number.isNaN(value)) return 'nan';
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
};

/** An integer from digits, digits with an n, or a d and the hexadecimal digits of a double; a double without its d. */
function plain(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return /^-?\d+n$/.test(value) ? value.slice(0, -1) : value;
}
const integer = (value: unknown): unknown =>
  typeof value === 'string' && /^d[0-9a-f]{16}$/.test(value)
    ? String(Buffer.from(value.slice(1), 'hex').readDoubleBE())
    : plain(value);
const real = (value: unknown): unknown =>
  typeof value === 'string' && /^d[0-9a-f]{16}$/.test(value) ? value.slice(1) : value;

/** The first value that a reader has got wrong; undefined where all are right. NaN passes for no value with those that tell none apart. */
export function mistake({ table, rows }: Written, found: Record<string, unknown[]>): string | undefined {
  for (const { name, type } of tableSchema(table).fields) {
    for (const [i, row] of rows.entries()) {
      const value = row[name] ?? null;
      const expected =
        typeof value === 'number' && type.startsWith('float')
          ? hex(type === 'float32' ? Math.fround(value) : value)
          : typeof value === 'number' || typeof value === 'bigint'
            ? String(value)
            : value;
      const said = found[name]?.[i];
      const got = type.startsWith('int') ? integer(said) : type.startsWith('float') ? real(said) : said;
      const same = got === expected || (expected === null && (got === 'nan' || got === undefined));
      if (!same) return `${table}.${name}, row ${i}: ${JSON.stringify(got)} for ${JSON.stringify(expected)}`;
    }
  }
  return undefined;
}
