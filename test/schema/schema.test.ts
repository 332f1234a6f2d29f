import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { SchemaError } from '../../src/error.ts';
import { arrowSchema, column, makeBatch } from '../../src/schema/batch.ts';
import { checkBatch, selectTable } from '../../src/schema/check.ts';
import { generateColumnTypes } from '../../src/schema/column-types.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { parquetFields } from '../../src/schema/parquet.ts';
import { rowOf, rowsToBatch } from '../../src/schema/rows.ts';
import { checkTableSchema, defineTable, tableNames, tableSchema } from '../../src/schema/table.ts';

const point = { ensemble: 0, width: 128, weight_variance: 1, bias_variance: 0 };

const branchingColumns = (ensemble: number) => ({
  ensemble: Int32Array.of(ensemble),
  ancestors: Float64Array.of(1),
  descendants: Float64Array.of(1),
});

describe('schemas/', () => {
  it('holds definitions that keep their own rules', () => {
    expect(tableNames()).toContain('avalanche');
    for (const name of tableNames()) expect(tableSchema(name).name).toBe(name);
  });

  it('is what src/schema/columns.ts was generated from (run `npm run schemas`), whatever tables a pipeline has defined', () => {
    defineTable({ ...tableSchema('fit'), name: 'own_fit' });
    expect(readFileSync(join(packageRoot, 'src', 'schema', 'columns.ts'), 'utf8')).toBe(generateColumnTypes());
  });

  it('has no table of another name', () => {
    expect(() => tableSchema('avalance')).toThrow("unknown table 'avalance'; did you mean 'avalanche'?");
    expect(() => tableSchema('../package')).toThrow(SchemaError);
  });
});

describe('checkTableSchema', () => {
  const field = { name: 'size', type: 'float64', unit: '1', doc: 'Size.' };
  const table = { name: 'event', version: 1, doc: 'Events.', fields: [field] };

  it('accepts a sound definition', () => expect(checkTableSchema('event', table)).toBe(table));

  it.each([
    [{ ...table, name: 'other' }, /must carry its own name/],
    [{ ...table, version: 0 }, /positive integer version, got 0/],
    [{ ...table, doc: '' }, /must have a doc/],
    [{ ...table, fields: [] }, /at least one field/],
    [{ ...table, fields: [{ ...field, name: 'Size' }] }, /snake_case, got 'Size'/],
    [{ ...table, fields: [field, field] }, /has column 'size' twice/],
    [{ ...table, fields: [{ ...field, type: 'double' }] }, /column 'size' must be int32.*, got 'double'/],
    [{ ...table, fields: [{ ...field, unit: '' }] }, /must have a unit and a doc/],
    [null, /must carry its own name/],
  ])('refuses a definition that breaks a rule: %j', (value, message) => {
    expect(() => checkTableSchema('event', value)).toThrow(message);
  });
});

describe('arrowSchema', () => {
  it('describes columns without a sign of punctuation twice, or after a blank', () => {
    const docs = tableNames().flatMap((name) => tableSchema(name).fields.map(({ doc }) => doc));
    expect(docs.filter((doc) => /([.,;:])\1|\s[.,;:]|\s{2}/.test(doc))).toEqual([]);
  });

  it('carries types, units and docs, and the version of the table', () => {
    const schema = arrowSchema('avalanche');
    expect(schema.fields.map((field) => String(field.type))).toEqual([
      'Int32',
      'Int64',
      'Int64',
      'Int32',
      'Int32',
      'Float64',
      'Float64',
      'Float64',
      'Bool',
    ]);
    expect(schema.metadata.get('version')).toBe('2');
    expect(schema.fields[4]!.metadata.get('unit')).toBe('layers');
  });
});

describe('parquetFields', () => {
  it('maps every type, texts with their converted type, and optional columns', () => {
    expect(parquetFields('fit').slice(3, 6)).toEqual([
      { name: 'bias_variance', type: 'DOUBLE', repetition: 'OPTIONAL' },
      { name: 'observable', type: 'BYTE_ARRAY', convertedType: 'UTF8', repetition: 'REQUIRED' },
      { name: 'model', type: 'BYTE_ARRAY', convertedType: 'UTF8', repetition: 'REQUIRED' },
    ]);
  });
});

describe('makeBatch', () => {
  const columns = () => ({
    ensemble: new Int32Array(9),
    perturbation: new BigInt64Array(9),
    layer: new Int32Array(9),
    strength: new Float32Array(9),
  });

  it('shares the arrays it is given', () => {
    const given = columns();
    expect(column(makeBatch('signal', given, 9), 'strength').buffer).toBe(given.strength.buffer);
  });

  it('gives all batches of a table, with the same further field, one schema', () => {
    const [a, b] = [1, 2].map((id) => makeBatch('branching', branchingColumns(id), 1));
    expect(b!.schema).toBe(a!.schema);
    expect(a!.schema).toBe(arrowSchema('branching'));
    const type = new arrow.Float32();
    const field = new arrow.Field('more', type, false);
    const more = () => [{ field, data: arrow.makeData({ type, length: 1, nullCount: 0, data: new Float32Array(1) }) }];
    const [c, d] = [3, 4].map((id) => makeBatch('branching', branchingColumns(id), 1, more()));
    expect(d!.schema).toBe(c!.schema);
    expect(c!.schema.fields.map(({ name }) => name)).toEqual(['ensemble', 'ancestors', 'descendants', 'more']);
  });

  it('gives a batch a schema of its own where fields differ', () => {
    const schema = arrowSchema('branching');
    const other = schema.assign([new arrow.Field('ensemble', new arrow.Float64(), true), ...schema.fields.slice(1)]);
    expect(String(other.fields[0]!.type)).toBe('Float64');
    expect(String(schema.fields[0]!.type)).toBe('Int32');
    expect(schema.assign(schema).fields.map(({ name }) => name)).toEqual(schema.fields.map(({ name }) => name));
  });

  it('refuses a missing column, one of another type, and one that is too short', () => {
    const { strength: _, ...missing } = columns();
    expect(() => makeBatch('signal', missing, 9)).toThrow(
      /needs column 'strength'; its columns are ensemble, perturbation/,
    );
    expect(() => makeBatch('signal', { ...columns(), perturbation: new Int32Array(18) }, 9)).toThrow(
      /'perturbation' of table 'signal' must be a BigInt64Array, got a Int32Array/,
    );
    expect(() => makeBatch('signal', { ...columns(), layer: new Int32Array(8) }, 9)).toThrow(
      /must hold 9 elements, got 8/,
    );
  });
});

describe('rowOf', () => {
  it('has the columns in common first, one’s own where both have it, and leaves both alone', () => {
    const row = rowOf(point, { width: 256, duration: 3 });
    expect(Object.entries(row)).toEqual([
      ['ensemble', 0],
      ['width', 256],
      ['weight_variance', 1],
      ['bias_variance', 0],
      ['duration', 3],
    ]);
    expect(point.width).toBe(128);
  });
});

describe('rowsToBatch', () => {
  const value = (batch: arrow.RecordBatch, name: string, row: number): unknown => batch.getChild(name)?.get(row);

  it('keeps NaN, infinities and −0 apart from no value', () => {
    const batch = rowsToBatch('exponents', [
      {
        ...point,
        size: 'excess',
        excluded: 0,
        tau: NaN,
        tau_error: Infinity,
        alpha: null,
        alpha_error: undefined,
        mismatch: -0,
      },
    ]);
    expect(value(batch, 'tau', 0)).toBeNaN();
    expect(value(batch, 'tau_error', 0)).toBe(Infinity);
    expect(value(batch, 'alpha', 0)).toBeNull();
    expect(value(batch, 'alpha_error', 0)).toBeNull();
    expect(value(batch, 'gamma_scaling', 0)).toBeNull();
    expect(value(batch, 'mismatch', 0)).toBe(-0);
  });

  it('takes texts and 64-bit integers as numbers or bigints', () => {
    const bin = { ...point, observable: 'größe', lower: 1, upper: 2, center: 1.4, density: 0.5 };
    const batch = rowsToBatch('histogram', [
      { ...bin, count: 2 ** 53 - 1 },
      { ...bin, count: 2n ** 62n },
    ]);
    expect(value(batch, 'observable', 1)).toBe('größe');
    expect(value(batch, 'count', 0)).toBe(2n ** 53n - 1n);
    expect(value(batch, 'count', 1)).toBe(2n ** 62n);
  });

  it('names an unknown column, a missing one, and a value of the wrong kind', () => {
    const row = { ...point, gamma: 1, nmse: 2 };
    expect(() => rowsToBatch('collapse_error', [row, { ...row, error: 1 }])).toThrow(
      /table 'collapse_error' has no column 'error' \(row 1\); its columns are ensemble, width/,
    );
    expect(() => rowsToBatch('collapse_error', [{ ...point, gamma: 1 }])).toThrow(
      /needs column 'nmse', row 0 has none/,
    );
    expect(() => rowsToBatch('collapse_error', [{ ...row, nmse: null }])).toThrow(SchemaError);
    expect(() => rowsToBatch('collapse_error', [{ ...row, width: 2.5 }])).toThrow(
      /'width' .* must be a 32-bit integer, got 2.5/,
    );
    expect(() => rowsToBatch('collapse_error', [{ ...row, width: 2 ** 31 }])).toThrow(/got 2147483648/);
    expect(() => rowsToBatch('collapse_error', [{ ...row, width: '128' }])).toThrow(/got '128' in row 0/);
    expect(() => rowsToBatch('collapse_error', [{ ...row, nmse: '2' }])).toThrow(/must be a number/);
  });

  it('makes a batch of no rows', () => expect(rowsToBatch('fit', []).numRows).toBe(0));
});

describe('checkBatch', () => {
  const batch = rowsToBatch('collapse_error', [{ ...point, gamma: 1, nmse: 2 }]);

  it('finds the columns wherever they stand', () => {
    const names = ['nmse', 'gamma', 'bias_variance', 'weight_variance', 'width', 'ensemble'];
    const mixed = new arrow.RecordBatch(
      Object.fromEntries(names.map((name) => [name, batch.getChild(name)!.data[0]!])),
    );
    expect(checkBatch('collapse_error', mixed)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(selectTable('collapse_error', mixed).schema.fields).toEqual(arrowSchema('collapse_error').fields);
    expect(selectTable('collapse_error', mixed).getChild('gamma')?.get(0)).toBe(1);
  });

  it('names a column that is missing or has another type', () => {
    expect(() => checkBatch('collapse_error', batch.select(['ensemble', 'width']))).toThrow(
      /has no column 'weight_variance'; its columns are ensemble, width, expected ensemble, width, weight_variance/,
    );
    expect(() =>
      checkBatch('collapse_error', rowsToBatch('exponents', [{ ...point, size: 'excess', excluded: 0 }])),
    ).toThrow(/no column 'gamma'/);
    const data = arrow.makeData({ type: new arrow.Float32(), data: new Float32Array(1) });
    expect(() => checkBatch('collapse_error', batch.setChild('nmse', arrow.makeVector(data)))).toThrow(
      /'nmse' .* must be Float64, got Float32/,
    );
  });
});
