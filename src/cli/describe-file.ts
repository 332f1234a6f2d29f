import * as z from 'zod/mini';
import { StoreError } from '../error.ts';
import { definition, wrapped } from '../report/terminal.ts';
import type { FieldType } from '../schema/table.ts';
import { readFooter } from '../store/read-table.ts';
import { printable } from './printable.ts';
import { terminal } from './terminal.ts';

const types: Readonly<Record<string, FieldType>> = {
  INT32: 'int32',
  INT64: 'int64',
  FLOAT: 'float32',
  DOUBLE: 'float64',
  BOOLEAN: 'bool',
  BYTE_ARRAY: 'utf8',
};

const texts = z.record(z.string(), z.looseObject({ unit: z.optional(z.string()), doc: z.optional(z.string()) }));
const values = z.record(z.string(), z.unknown());

interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable?: boolean;
  readonly unit: string;
  readonly doc: string;
}

/** What a Parquet file says of itself and of the run that it is of. */
interface Described {
  readonly file: string;
  readonly rows: number;
  readonly name: string;
  readonly version: number;
  readonly doc: string;
  readonly fields: readonly Column[];
  /** Undefined where the file is of no run, or of one from before files told. */
  readonly run?: {
    readonly software: string;
    readonly pipeline: string;
    readonly pipeline_sha256?: string;
    readonly seeds: readonly number[];
    readonly parameters: Readonly<Record<string, unknown>>;
  };
}

async function described(file: string): Promise<Described> {
  const { rows, columns, metadata } = await readFooter(file);
  const said = (key: string): string | undefined => metadata[`crackle.${key}`];
  const name = said('table');
  if (name === undefined)
    throw new StoreError(`${file} is no table of crackle: its metadata names none (crackle.table)`);
  const told = <T>(key: string, shape: z.ZodMiniType<T>): T => {
    try {
      return shape.parse(JSON.parse(said(key) ?? ''));
    } catch (error) {
      throw new StoreError(`${file}: its metadata crackle.${key} is not as crackle writes it`, { cause: error });
    }
  };
  const about = told('columns', texts);
  const [software, pipeline, sha256, seed] = ['software', 'pipeline', 'pipeline_sha256', 'seed'].map(said);
  return {
    file,
    rows,
    name,
    version: Number(said('version')),
    doc: said('doc') ?? '',
    fields: columns.map(({ name: column, type, optional }) => ({
      name: column,
      type: types[type] ?? type,
      nullable: optional,
      unit: about[column]?.unit ?? '',
      doc: about[column]?.doc ?? '',
    })),
    ...(software === undefined || pipeline === undefined || seed === undefined
      ? {}
      : {
          run: {
            software,
            pipeline,
            ...(sha256 === undefined ? {} : { pipeline_sha256: sha256 }),
            seeds: seed.split(',').map(Number),
            parameters: told('parameters', values),
          },
        }),
  };
}

const shown = (value: unknown): string => {
  if (value === null) return 'auto';
  return Array.isArray(value)
    ? value.map(shown).join(',')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
};

/** Columns of a table for people, below a heading. */
export function columnLines(fields: readonly Column[], columns: number): string[] {
  const lines = fields.map(({ name, type, nullable, unit, doc }) =>
    definition(name, `${nullable === true ? `${type}?` : type}, ${unit}`, doc, columns),
  );
  return ['Columns, their types (?: may be missing) and units:', ...lines];
}

function textOf({ rows, name, version, doc, fields, run }: Described, columns: number): string {
  const lines = [wrapped(`${name} (version ${version}), ${rows} ${rows === 1 ? 'row' : 'rows'}: ${doc}`, columns), ''];
  if (run === undefined) lines.push('It does not say which run it is of.');
  else {
    const { pipeline, pipeline_sha256: sha256, software, seeds, parameters } = run;
    const seed = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds.join(', ')}`;
    const code = sha256 === undefined ? '' : ` (SHA-256 of its file ${sha256})`;
    lines.push(wrapped(`Of a run of ${pipeline}${code} by ${software}, ${seed}, with`, columns));
    const values = Object.entries(parameters).map(([key, value]) => `${key} ${shown(value)}`);
    lines.push(wrapped(`  ${values.join(' · ')}`, columns, '  '));
  }
  return [...lines, '', ...columnLines(fields, columns)].join('\n');
}

/**
 * Prints what a Parquet file says of itself: its table, the run that it is of, its columns.
 * @throws StoreError where it can't be read, or is no table of crackle
 */
export async function describeFile(file: string, json: boolean): Promise<void> {
  const found = await described(file);
  console.log(json ? JSON.stringify(found, null, 2) : printable(textOf(found, terminal().columns)));
}
