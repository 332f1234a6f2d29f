import { PassThrough, Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SchemaError, StoreError } from '../../src/error.ts';
import { makeBatch } from '../../src/schema/batch.ts';
import { rowsToBatch } from '../../src/schema/rows.ts';
import { shippedTables, tableSchema } from '../../src/schema/table.ts';
import { ipcSink } from '../../src/store/arrow-ipc.ts';
import { arrowFile } from '../../src/store/read/arrow.ts';
import { avalancheColumns } from './avalanche-columns.ts';
import { anyRows } from './rows.ts';

/** A stream that keeps what it is given, each chunk after `delay` ms. */
class Slow extends Writable {
  readonly chunks: Buffer[] = [];
  readonly #delay: number;

  constructor(delay: number, highWaterMark: number) {
    super({ highWaterMark });
    this.#delay = delay;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    setTimeout(done, this.#delay);
  }
}

const read = (chunks: Buffer[]): arrow.Table => arrow.tableFromIPC(Buffer.concat(chunks));
const batchOf = (rows: number, seed = 1): arrow.RecordBatch =>
  makeBatch('avalanche', avalancheColumns(rows, seed), rows);

describe('ipcSink', () => {
  it('writes any rows of any table so that they read back exactly, with units and docs', async () => {
    for (const table of shippedTables()) {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRows(table), { maxLength: 3 }), async (groups) => {
          const to = new Slow(0, 1);
          await using sink = ipcSink(table, to);
          for (const rows of groups) await sink.write(rowsToBatch(table, rows));
          expect((await sink.commit()).rows).toBe(groups.flat().length);
          const found = read(to.chunks);
          const wanted = new arrow.Table(
            groups.filter((rows) => rows.length > 0).map((rows) => rowsToBatch(table, rows)),
          );
          expect(found.toArray().map(String)).toEqual(wanted.toArray().map(String));
          expect(found.schema.metadata.get('table')).toBe(table);
          expect(found.schema.fields[0]!.metadata.get('unit')).toBe(tableSchema(table).fields[0]!.unit);
        }),
        { numRuns: 5, seed: 3 },
      );
    }
  });

  it('is whole with no rows: a schema and an end', async () => {
    const to = new Slow(0, 1);
    await using sink = ipcSink('avalanche', to);
    expect(await sink.commit()).toMatchObject({ rows: 0, path: '-' });
    expect(read(to.chunks).numRows).toBe(0);
    expect(read(to.chunks).schema.fields).toHaveLength(9);
  });

  it('is refused by readers where it is disposed of without commit, whatever was written before', async () => {
    for (const batches of [0, 1, 3]) {
      const to = new Slow(0, 1);
      {
        await using sink = ipcSink('avalanche', to);
        for (let i = 0; i < batches; i++) await sink.write(batchOf(100, i));
      }
      expect(() => read(to.chunks)).toThrow(/Expected to read/);
      const source = Readable.from(to.chunks) as AsyncIterable<Uint8Array>;
      await expect(async () => {
        const file = await arrowFile('stream', source, async () => {});
        for await (const _ of file.chunks(['size']));
      }).rejects.toThrow(/stream can't be read as Arrow IPC: /);
    }
  });

  it('waits for a slow reader: no more than one batch is in the stream', async () => {
    const to = new Slow(3, 1024);
    await using sink = ipcSink('avalanche', to);
    let most = 0;
    for (let i = 0; i < 20; i++) {
      await sink.write(batchOf(1000, i));
      most = Math.max(most, to.writableLength);
    }
    await sink.commit();
    expect(most).toBeLessThan(1024);
    expect(read(to.chunks).numRows).toBe(20_000);
  });

  it('copies what it is given: the caller may use the arrays again at once', async () => {
    const to = new Slow(1, 1e9);
    await using sink = ipcSink('avalanche', to);
    const columns = avalancheColumns(10, 1);
    const [size] = columns.size as Float64Array;
    await sink.write(makeBatch('avalanche', columns, 10));
    (columns.size as Float64Array).fill(-1);
    await sink.commit();
    expect(read(to.chunks).getChild('size')?.get(0)).toBe(size);
  });

  it('says that the reader went away, lets waiting writes end, and drops the rest', async () => {
    const to = new PassThrough({ highWaterMark: 100 });
    await using sink = ipcSink('avalanche', to);
    const waiting = sink.write(batchOf(1000));
    expect(waiting).toBeInstanceOf(Promise);
    expect(sink.closed.aborted).toBe(false);
    to.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await waiting;
    expect(sink.closed.aborted).toBe(true);
    expect(sink.write(batchOf(1000))).toBeUndefined();
    expect((await sink.commit()).rows).toBe(1000);
  });

  it('is a StoreError where the stream fails for another reason, without an unhandled rejection', async () => {
    const to = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
      highWaterMark: 1,
    });
    await using sink = ipcSink('avalanche', to);
    void sink.write(batchOf(10));
    await sleep(5);
    await expect(sink.write(batchOf(10))).rejects.toThrow(
      /cannot write the avalanche stream: no space is left.*ENOSPC/,
    );
    await expect(sink.commit()).rejects.toThrow(StoreError);
  });

  it('refuses a batch without the columns of the table', async () => {
    await using sink = ipcSink('avalanche', new Slow(0, 1));
    expect(() => sink.write(batchOf(3).select(['size']))).toThrow(SchemaError);
  });
});
