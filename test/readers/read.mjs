/**
 * Reads Parquet files with a package of npm and prints every value so that it can be compared to the bit; copied into the folder that the
 * packages are installed in.
 *
 * usage: node read.mjs <reader> file… → one JSON object a line: {column: [value]}; numbers as a d and the hexadecimal digits of a double, 64-bit
 * integers in decimal digits with an n behind them
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

function text(value) {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'number') return String(value);
  if (Number.isNaN(value)) return 'nan';
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return `d${bytes.toString('hex')}`;
}

const columnsOf = (rows) =>
  Object.fromEntries(Object.keys(rows[0] ?? {}).map((name) => [name, rows.map((row) => text(row[name]))]));

/** A row as a plain object of what an Arrow table's schema has. */
const arrowRows = (table) => {
  const names = table.schema.fields.map(({ name }) => name);
  return Array.from({ length: table.numRows }, (_, i) => {
    const row = table.get(i);
    return Object.fromEntries(names.map((name) => [name, row[name]]));
  });
};

async function rowwise({ ParquetReader }, path) {
  const reader = await ParquetReader.openFile(path);
  // Columns without a value are left out of a row.
  const names = Object.keys(reader.schema.fields);
  const cursor = reader.getCursor();
  const rows = [];
  for (let row = await cursor.next(); row; row = await cursor.next())
    rows.push(Object.fromEntries(names.map((name) => [name, row[name]])));
  await reader.close();
  return rows;
}

async function hyparquet(name, path) {
  const { asyncBufferFromFile, parquetReadObjects } = await import(name);
  return parquetReadObjects({ file: await asyncBufferFromFile(path) });
}

async function wasm(name, path) {
  const { readParquet } = require(name);
  const { tableFromIPC } = require('apache-arrow');
  return arrowRows(tableFromIPC(readParquet(new Uint8Array(readFileSync(path))).intoIPCStream()));
}

let old;
async function duckdbWasm() {
  const duckdb = require('@duckdb/duckdb-wasm/blocking');
  const dist = dirname(require.resolve('@duckdb/duckdb-wasm/dist/duckdb-mvp.wasm'));
  const bundle = (kind) => ({
    mainModule: join(dist, `duckdb-${kind}.wasm`),
    mainWorker: join(dist, `duckdb-node-${kind}.worker.cjs`),
  });
  const database = await duckdb.createDuckDB(
    { mvp: bundle('mvp'), eh: bundle('eh') },
    new duckdb.VoidLogger(),
    duckdb.NODE_RUNTIME,
  );
  await database.instantiate(() => {});
  return database.connect();
}

const readers = {
  'parquetjs-lite': (path) => rowwise(require('parquetjs-lite'), path),
  '@dsnp/parquetjs': (path) => rowwise(require('@dsnp/parquetjs'), path),
  'hyparquet-old': (path) => hyparquet('hyparquet-old', path),
  hyparquet: (path) => hyparquet('hyparquet', path),
  'parquet-wasm-old': (path) => wasm('parquet-wasm-old/node/arrow1.js', path),
  'parquet-wasm': (path) => wasm('parquet-wasm/node', path),
  '@duckdb/duckdb-wasm': async (path) => {
    old ??= await duckdbWasm();
    return arrowRows(old.query(`select * from '${path}'`));
  },
  '@duckdb/node-api': async (path) => {
    const { DuckDBInstance } = require('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    return (await connection.runAndReadAll(`select * from '${path}'`)).getRowObjects();
  },
};

for (const path of process.argv.slice(3)) console.log(JSON.stringify(columnsOf(await readers[process.argv[2]](path))));
