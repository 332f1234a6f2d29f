import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ParquetSchema } from 'parquetjs-lite/lib/schema.js';
import { ParquetWriter } from 'parquetjs-lite/lib/writer.js';
import { makeBatch } from '../../src/schema/batch.ts';
import { parquetFields } from '../../src/schema/parquet.ts';
import type { Codec } from '../../src/store/parquet/compress.ts';
import { parquetSink } from '../../src/store/parquet/sink.ts';
import { readChunks } from '../../src/store/read-table.ts';
import { avalancheColumns } from '../store/avalanche-columns.ts';

const batchRows = 16_384;
const batches = 64; // 1,048,576 rows: four row groups
const referenceRows = 20_000;

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'crackle-bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The fastest of several runs: the first also warms up the compiler. */
async function best(runs: number, work: () => Promise<void>): Promise<number> {
  let seconds = Infinity;
  for (let i = 0; i < runs; i++) seconds = Math.min(seconds, await timed(work));
  return seconds;
}

const made = Array.from({ length: 8 }, (_, seed) => avalancheColumns(batchRows, seed));

async function write(folder: string, codec: Codec): Promise<number> {
  await using sink = parquetSink('avalanche', folder, `${codec}.parquet`, { codec });
  for (let i = 0; i < batches; i++) await sink.write(makeBatch('avalanche', made[i % made.length]!, batchRows));
  return (await sink.commit()).bytes;
}

/** The row-wise writer of the same library, as its documentation has it. */
async function writeRows(folder: string, codec: Codec): Promise<void> {
  const fields = parquetFields('avalanche').map(
    ({ name, type }) => [name, { type, optional: false, compression: codec }] as const,
  );
  const writer = await ParquetWriter.openFile(
    new ParquetSchema(Object.fromEntries(fields)),
    join(folder, 'rows.parquet'),
  );
  const columns = Object.entries(made[0]!);
  for (let i = 0; i < referenceRows; i++) {
    const at = i % batchRows;
    const row = Object.fromEntries(
      columns.map(([name, values]) => [name, name === 'censored' ? false : Number(values[at])]),
    );
    await writer.appendRow(row);
  }
  await writer.close();
}

const rate = (rows: number, seconds: number): string => `${(rows / seconds / 1e6).toFixed(2)} M rows/s`;

function writing(codec: Codec) {
  return {
    name: `parquet, avalanche table, ${codec}`,
    run: () =>
      inFolder(async (folder) => {
        let bytes = 0;
        const rows = batches * batchRows;
        const seconds = await best(4, async () => {
          bytes = await write(folder, codec);
        });
        const reference = await best(2, () => writeRows(folder, codec));
        const referenceSeconds = (reference * rows) / referenceRows;
        const note = `${rate(rows, seconds)}, ${(bytes / rows).toFixed(1)} bytes a row; reference: parquetjs-lite appendRow, ${rate(rows, referenceSeconds)}`;
        return { seconds, referenceSeconds, note };
      }),
  };
}

/** Rows a second to and from Parquet; the seconds are for 1,048,576 rows, to a temporary file that is flushed to the disk. */
export default [
  writing('SNAPPY'),
  writing('UNCOMPRESSED'),
  {
    name: 'parquet, reading the sizes of an avalanche table',
    run: () =>
      inFolder(async (folder) => {
        await write(folder, 'SNAPPY');
        let rows = 0;
        const seconds = await best(3, async () => {
          rows = 0;
          for await (const chunk of readChunks(join(folder, 'SNAPPY.parquet'), ['size'])) rows += chunk.rows;
        });
        return { seconds, note: rate(rows, seconds) };
      }),
  },
];
