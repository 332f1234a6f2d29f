import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { readChunks } from '../../src/store/read-table.ts';
import type { Benchmark, Timing } from './benchmark.ts';

const rows = Number(process.env.CRACKLE_BENCH_ROWS ?? 1e7);

interface Files {
  readonly csv: string;
  readonly parquet: string;
}

/** A table of two columns, an integer of up to six digits and a real number, as CSV and as Parquet by DuckDB. */
async function made(folder: string): Promise<Files> {
  const files = { csv: join(folder, 't.csv'), parquet: join(folder, 't.parquet') };
  const out = createWriteStream(files.csv);
  out.write('size,weight\n');
  for (let from = 0; from < rows; from += 50_000) {
    const lines: string[] = [];
    for (let i = from; i < Math.min(rows, from + 50_000); i++)
      lines.push(`${(i * 7919) % 999_983},${((i % 9973) * 0.37).toFixed(4)}`);
    if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  await duckdb(`copy (select size::double size, weight from '${files.csv}') to '${files.parquet}' (codec snappy)`);
  return files;
}

/** CPU seconds since, of all threads of this process: on a machine with other work the clock says little. */
function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** CPU seconds of a query on one thread, the fastest of three. */
async function duckdb(sql: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  let best = Infinity;
  for (let i = 0; i < (sql.startsWith('copy') ? 1 : 3); i++) {
    const start = process.cpuUsage();
    await connection.runAndReadAll(sql);
    best = Math.min(best, cpuSince(start));
  }
  connection.closeSync();
  instance.closeSync();
  return best;
}

/** The same sum by Polars in one thread, where CRACKLE_PYTHON has it. */
function polars(read: string, path: string): number | undefined {
  const python = process.env.CRACKLE_PYTHON;
  if (python === undefined) return undefined;
  const code = `import time, polars as pl
best = 1e9
for _ in range(3):
    t = time.process_time(); s = pl.${read}(${JSON.stringify(path)}, columns=['size'])['size'].sum(); best = min(best, time.process_time() - t)
print(best)`;
  const { stdout, status } = spawnSync(python, ['-c', code], { env: { ...process.env, POLARS_MAX_THREADS: '1' } });
  return status === 0 ? Number(stdout) : undefined;
}

async function sum(path: string): Promise<{ seconds: number; peak: number }> {
  let best = Infinity;
  let peak = 0;
  for (let i = 0; i < 3; i++) {
    const start = process.cpuUsage();
    let total = 0;
    for await (const { columns } of readChunks(path, ['size'])) {
      for (const value of columns.size as Float64Array) total += value;
      peak = Math.max(peak, process.memoryUsage().rss / 2 ** 20);
    }
    if (!(total > 0)) throw new Error('nothing was read');
    best = Math.min(best, cpuSince(start));
  }
  return { seconds: best, peak };
}

function reading(format: 'csv' | 'parquet'): Benchmark {
  return {
    name: `reading ${format}, one of two columns`,
    run: async (): Promise<Timing> => {
      const folder = await mkdtemp(join(tmpdir(), 'crackle-bench-'));
      try {
        const path = (await made(folder))[format];
        const { seconds, peak } = await sum(path);
        const reference = await duckdb(`select sum(size) from '${path}'`);
        const other = polars(format === 'csv' ? 'read_csv' : 'read_parquet', path);
        const megabytes = (await stat(path)).size / 1e6;
        const third =
          other === undefined ? '' : `, Polars ${other.toFixed(2)} s (${(seconds / other).toFixed(1)} times)`;
        return {
          seconds,
          referenceSeconds: reference,
          note: `${rows.toExponential()} rows, ${megabytes.toFixed(0)} MB, ${(seconds / reference).toFixed(1)} times DuckDB on one thread (CPU seconds)${third}; peak ${peak.toFixed(0)} MiB`,
        };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Reading against DuckDB and Polars on one thread: the sum of a column of 10⁷ rows (CRACKLE_BENCH_ROWS). */
export default [reading('csv'), reading('parquet')];
