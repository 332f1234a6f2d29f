import { describe, expect, it } from 'vitest';
import { SchemaError } from '../../src/error.ts';
import { column, makeBatch } from '../../src/schema/batch.ts';
import { memorySink } from '../../src/store/memory.ts';
import { avalancheColumns } from './avalanche-columns.ts';

describe('memorySink', () => {
  it('keeps copies of its batches', async () => {
    const columns = avalancheColumns(100, 1);
    const size = (columns.size as Float64Array).slice();
    await using sink = memorySink('avalanche');
    await sink.write(makeBatch('avalanche', columns, 100));
    (columns.size as Float64Array).fill(0);
    await sink.write(makeBatch('avalanche', avalancheColumns(50, 2), 50));
    expect(await sink.commit()).toEqual({ table: 'avalanche', path: '', rows: 150, bytes: 0 });
    expect(sink.batches.map((batch) => batch.numRows)).toEqual([100, 50]);
    expect(column(sink.batches[0]!, 'size')).toEqual(size);
    expect(sink.batches[0]!.getChild('network')!.get(5)).toBe((columns.network as BigInt64Array)[5]);
  });

  it('forgets them where it is disposed of without a commit', async () => {
    const sink = memorySink('avalanche');
    await sink.write(makeBatch('avalanche', avalancheColumns(10, 1), 10));
    await sink[Symbol.asyncDispose]();
    expect(sink.batches).toEqual([]);
  });

  it('refuses a batch of another table', async () => {
    await using sink = memorySink('signal');
    expect(() => sink.write(makeBatch('avalanche', avalancheColumns(1, 1), 1))).toThrow(SchemaError);
  });
});
