import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RecordBatch, Table, tableToIPC } from 'apache-arrow';
import { run } from '../../src/run/run.ts';
import { type Columns, makeBatch } from '../../src/schema/batch.ts';
import { tableSchema } from '../../src/schema/table.ts';
import { giveBack, type ParquetOptions, parquetEncoder } from '../../src/store/parquet/encoder.ts';
import { readColumns } from '../../src/store/read-table.ts';

const rows = 2 ** 20;
const batchRows = 2 ** 14;
const rounds = 6;
/** Runs that record a million rows of a table: no row comes twice, since a dictionary would make little of a repetition. */
const recordings = {
  signal: { valid: 40_000, alternatives: false },
  avalanche: { valid: 360_000, alternatives: false, engine: 'effective' },
};

const arrays = { int32: Int32Array, int64: BigInt64Array, float32: Float32Array, float64: Float64Array } as const;

function bitmap(values: ArrayLike<unknown>): Uint8Array {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (let i = 0; i < values.length; i++) if (values[i] === true) bits[i >> 3]! |= 1 << (i & 7);
  return bits;
}

/** The first rows that a run recorded. */
async function batchesOf(table: string, folder: string): Promise<RecordBatch[]> {
  const parts: Record<string, ArrayLike<unknown>>[] = [];
  let found = 0;
  for (const part of readdirSync(join(folder, table)).sort()) {
    const columns = await readColumns(join(folder, table, part));
    parts.push(columns);
    found += Object.values(columns)[0]!.length;
    if (found >= rows) break;
  }
  const { fields } = tableSchema(table);
  if (found < rows) throw new Error(`the run recorded ${found} rows of ${table}, fewer than ${rows}`);
  const whole = new Map(fields.map(({ name }) => [name, parts.flatMap((part) => Array.from(part[name]!))]));
  return Array.from({ length: rows / batchRows }, (_, b) => {
    const columns: Columns = {};
    for (const { name, type } of fields) {
      const from = whole.get(name)!;
      const values = Array.from({ length: batchRows }, (_, i) => from[b * batchRows + i]);
      if (type === 'bool') columns[name] = bitmap(values);
      else if (type === 'int64') columns[name] = BigInt64Array.from(values as bigint[], (value) => BigInt(value));
      else if (type !== 'utf8') columns[name] = arrays[type].from(values as number[]);
    }
    return makeBatch(table, columns, batchRows);
  });
}

interface Figure {
  readonly bytes: number;
  /** CPU time in seconds. */
  readonly seconds: number;
}

function encoded(table: string, batches: readonly RecordBatch[], options: ParquetOptions): Figure {
  const began = process.cpuUsage();
  const encoder = parquetEncoder(table, options);
  let bytes = 0;
  const take = (): void => {
    const ready = encoder.take();
    bytes += ready.length;
    giveBack(ready);
  };
  for (const batch of batches) {
    encoder.append(batch);
    take();
  }
  encoder.finish();
  take();
  const { user, system } = process.cpuUsage(began);
  return { bytes, seconds: (user + system) / 1e6 };
}

/**
 * Sizes and speeds of both sets of encodings beside pyarrow's and DuckDB's writers, on the same rows, one after the other in each round: a
 * million of signal and of avalanche as gaussian-avalanches records them, in memory, CPU time of the whole process (its collector
 * of garbage included), the best of six rounds.
 */
export async function printSpeeds(python: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crackle-speeds-'));
  try {
    console.log(
      `\n${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim()}, load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}; ${rows.toLocaleString('en')} rows:\n`,
    );
    console.log('| Table | Writer | MB | M rows/s of CPU time |\n|---|---|---|---|');
    const own: Record<string, ParquetOptions> = {
      'crackle, portable (default)': {},
      'crackle, portable, uncompressed': { codec: 'UNCOMPRESSED' },
      'crackle, compact': { encodings: 'compact' },
    };
    for (const [table, parameters] of Object.entries(recordings)) {
      const out = join(folder, table);
      await run('gaussian-avalanches', parameters, { out, record: [table], figures: false });
      const batches = await batchesOf(table, out);
      const arrow = join(folder, `${table}.arrow`);
      writeFileSync(arrow, tableToIPC(new Table(batches), 'file'));
      const best = new Map<string, Figure>();
      const keep = (name: string, figure: Figure): void => {
        if (figure.seconds < (best.get(name)?.seconds ?? Infinity)) best.set(name, figure);
      };
      for (let round = 0; round < rounds; round++) {
        for (const [name, options] of Object.entries(own)) keep(name, encoded(table, batches, options));
        const script = join(import.meta.dirname, 'write.py');
        const printed = execFileSync(python, [script, arrow, folder], { encoding: 'utf8' });
        for (const [name, figure] of Object.entries(JSON.parse(printed) as Record<string, Figure>)) keep(name, figure);
      }
      for (const [name, { bytes, seconds }] of best)
        console.log(
          `| ${table} | ${name} | ${(bytes / 1e6).toPrecision(3)} | ${(rows / seconds / 1e6).toPrecision(2)} |`,
        );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
