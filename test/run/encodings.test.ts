import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMetadata, resume, run } from 'crackle';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import type { Manifest } from '../../src/store/manifest.ts';
import { parseManifest } from '../../src/store/parse-manifest.ts';
import { query } from '../store/duckdb.ts';
import { hashDataset } from '../store/hash-dataset.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const small = { widths: [24], depth: 40, valid: 600, alternatives: false, blocks: 4 };
const how = { workers: 1, figures: false, record: ['avalanche', 'signal'], seed: 5, partitionSize: 64 };
const manifestOf = (out: string): Manifest => parseManifest(readFileSync(join(out, 'manifest.json'), 'utf8'), out);

async function encodingsOf(file: string): Promise<Set<string>> {
  const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(file));
  return new Set(row_groups.flatMap(({ columns }) => columns.flatMap(({ meta_data }) => meta_data!.encodings)));
}

it('writes the same values portable and compact, and goes on in the encodings that a run began with', async () => {
  const [portable, compact, resumed] = ['portable', 'compact', 'resumed'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await run('gaussian-avalanches', small, { ...how, out: portable });
  await run('gaussian-avalanches', small, { ...how, out: compact, parquet: 'compact' });
  const controller = new AbortController();
  const cut = await run('gaussian-avalanches', small, {
    ...how,
    out: resumed,
    parquet: 'compact',
    signal: controller.signal,
    onSnapshot: ({ fraction }) => {
      if (fraction > 0) controller.abort();
    },
  });
  expect(cut.status).toBe('partial');
  await resume(resumed, { workers: 1, figures: false });
  expect([portable, compact, resumed].map((out) => manifestOf(out).parquet)).toEqual([
    'portable',
    'compact',
    'compact',
  ]);
  expect(await hashDataset(resumed)).toBe(await hashDataset(compact));
  for (const [table, { parts }] of Object.entries(manifestOf(portable).tables)) {
    const at = (out: string): string => `read_parquet([${parts.map((part) => `'${join(out, part)}'`).join(', ')}])`;
    // DuckDB counts NaN as equal to NaN, and −0 as equal to 0.
    const [[different]] = (await query(
      `select count(*) from ((from ${at(portable)} except all from ${at(compact)}) union all (from ${at(compact)} except all from ${at(portable)}))`,
    )) as [[bigint]];
    expect([table, different]).toEqual([table, 0n]);
  }
  const { valid: _, ...ofParts } = manifestOf(portable).parameters;
  for (const out of [portable, compact, resumed]) {
    const told: [string, object][] = [
      ['avalanche/part-0000-00001.parquet', ofParts],
      ['signal/part-0000-00000.parquet', ofParts],
      ['exponents.parquet', { ...ofParts, valid: 600 }],
    ];
    for (const [file, parameters] of told) {
      const path = join(out, file);
      const rows = await query(
        `select decode(key), decode(value) from parquet_kv_metadata('${path}') where decode(key) in ('crackle.software', 'crackle.pipeline', 'crackle.seed', 'crackle.parameters')`,
      );
      const metadata = Object.fromEntries(rows) as Record<string, string>;
      const { 'crackle.parameters': json, ...rest } = metadata;
      expect(rest).toEqual({
        'crackle.software': `crackle ${manifestOf(out).crackle}`,
        'crackle.pipeline': 'gaussian-avalanches',
        'crackle.seed': '5',
      });
      const said = JSON.parse(json!) as Record<string, unknown>;
      expect('perturbations' in said).toBe(file === 'exponents.parquet');
      expect({ perturbations: null, ...said }).toEqual({ perturbations: null, ...parameters });
      expect(await readMetadata(path)).toMatchObject(metadata);
    }
  }
  expect(await encodingsOf(join(portable, 'avalanche/part-0000-00000.parquet'))).toEqual(new Set(['RLE', 'PLAIN']));
  expect(await encodingsOf(join(compact, 'avalanche/part-0000-00000.parquet'))).toContain('BYTE_STREAM_SPLIT');
  expect(await encodingsOf(join(compact, 'scaling.parquet'))).toContain('DELTA_BINARY_PACKED');
});

it('names encodings that there are none of', async () => {
  const parquet = 'tiny' as 'compact';
  await expect(run('gaussian-avalanches', small, { ...how, out: join(folder, 'tiny'), parquet })).rejects.toThrow(
    expect.objectContaining({
      name: ParameterError.name,
      message: "parquet must be one of portable, compact, got 'tiny'",
    }),
  );
});
