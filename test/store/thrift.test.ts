import { ColumnChunk, ColumnMetaData, RowGroup, Statistics } from 'parquetjs-lite/gen-nodejs/parquet_types.js';
import { serializeThrift as reference } from 'parquetjs-lite/lib/util.js';
import { expect, it } from 'vitest';
import { serializeThrift } from '../../src/store/parquet/thrift.ts';

it('writes the structures of the format as parquetjs-lite does, up to counts of 2⁵¹ and with more columns than fit a short list', () => {
  const min = Buffer.from([0, 255, 128]);
  for (const count of [
    0,
    1,
    63,
    64,
    127,
    128,
    8191,
    8192,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32 + 5,
    2 ** 40 + 12_345,
    2 ** 51,
  ]) {
    const column = new ColumnChunk({
      file_offset: 0,
      meta_data: new ColumnMetaData({
        type: count % 7,
        encodings: [3, 0],
        path_in_schema: ['größe'.repeat(40)],
        codec: 1,
        num_values: count,
        total_uncompressed_size: count,
        total_compressed_size: count,
        data_page_offset: count,
        statistics: new Statistics({ null_count: count, min, max: min, min_value: min, max_value: min }),
      }),
    });
    const group = new RowGroup({ columns: Array(20).fill(column), total_byte_size: count, num_rows: count });
    expect(serializeThrift(group).equals(reference(group)), `${count}`).toBe(true);
  }
});
