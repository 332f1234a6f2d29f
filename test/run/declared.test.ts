import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { pipelineNames } from '../../src/flow/built-in.ts';
import { crackling, cracklingParameters } from '../../src/index.ts';
import { gaussianEnsembles, gaussianParameters } from '../../src/network/gaussian.ts';
import { type Declared, definePipeline } from '../../src/pipeline.ts';
import { moments } from '../../src/reduce/moments.ts';
import { summaryText } from '../../src/report/terminal.ts';
import { remake } from '../../src/run/remake.ts';
import { resume } from '../../src/run/resume.ts';
import { run } from '../../src/run/run.ts';
import { defineTable } from '../../src/schema/table.ts';
import { crackle, root } from '../cli/crackle.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const path = join(root, 'test/fixtures/pipelines/own-table.ts');
const toy = { widths: [16, 32], depth: 50, perturbations: 300 };

const deepest = defineTable({
  name: 'deepest',
  version: 1,
  doc: 'Deepest layer.',
  fields: [{ name: 'layer', type: 'int32', unit: 'layer', doc: 'The layer.' }],
});

function counting(changes: { records?: readonly Declared[]; record?: string; made?: string }) {
  return definePipeline({
    name: 'counting',
    doc: 'counts perturbations',
    parameters: {},
    ...(changes.records === undefined ? {} : { records: changes.records }),
    tables: [deepest],
    compose: () => ({
      ensembles: gaussianEnsembles({ ...defaults, widths: [8], depth: 10 }),
      stop: { perturbations: 64 },
      stages: ({ perturbation$, record }) => perturbation$.pipe(record(changes.record ?? 'perturbation')),
      reducer: moments('strength'),
      results: () => ({ [changes.made ?? 'deepest']: [{ layer: 3 }] }),
    }),
  });
}

const defaults = Object.fromEntries(
  Object.entries({ ...gaussianParameters, ...cracklingParameters }).map(([name, spec]) => [name, spec.default]),
) as unknown as Parameters<typeof gaussianEnsembles>[0] & Parameters<typeof crackling>[0];

describe('a pipeline with a table of its own', () => {
  it('runs by its path on workers, writes the table and its figure, and makes them again from the folder', async () => {
    const out = join(folder, 'own');
    const result = await run(path, toy, { out, workers: 2, record: ['avalanche'] });
    expect(result.files).toEqual(expect.arrayContaining(['mean_duration.parquet', 'figures/mean-duration.svg']));
    expect((await remake(out, path)).map((file) => file.slice(out.length + 1))).toContain('figures/mean-duration.svg');
    const [found] = result.summaries;
    expect(found!.rows.map(([width]) => width)).toEqual(['N = 16', 'N = 32']);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain(`<td>${found!.rows[0]![1]}</td>`);
    expect((result.tables as Readonly<Record<string, readonly unknown[]>>).mean_duration).toHaveLength(2);
  });

  it('has what it declares in --help and in describe', async () => {
    const [width, mean] = (await run(path, toy)).summaries[0]!.rows[0]!;
    expect(summaryText((await run(path, toy)).summaries)).toMatch(new RegExp(`${width} +${mean}`));
    const help = await crackle(['run', path, '--help']);
    expect(help.stdout.toString()).toMatch(
      /--record <tables>\s+stream tables to Parquet parts while running:\s+avalanche\n/,
    );
    const described = await crackle(['describe', path]);
    expect(described.stdout.toString()).toMatch(/ mean_duration\n +Mean duration of the avalanches of an ensemble\./);
    const { records, tables } = JSON.parse((await crackle(['describe', path, '--json'])).stdout.toString());
    expect([records, tables]).toEqual([['avalanche'], ['ensemble', 'mean_duration']]);
  });
});

describe('run(pipeline) with tables that are not declared', () => {
  it('refuses one to record, and one without a definition, before anything is simulated', async () => {
    const out = join(folder, 'refused');
    const running = run(counting({ records: ['perturbation'] }), {}, { out, record: ['signal'] });
    await expect(running).rejects.toThrow("pipeline counting doesn't record table 'signal', it records perturbation");
    const unknown = 'deeper' as 'signal';
    await expect(run(counting({ records: [unknown] }), {}, { out })).rejects.toThrow("unknown table 'deeper'");
    const other = { ...deepest, doc: 'Another one.' };
    await expect(run(counting({ records: [other] }), {}, { out })).rejects.toThrow(
      "there is a table 'deepest' already, with another definition",
    );
    expect(existsSync(out)).toBe(false);
  });

  it('names a table that a stage records and the pipeline does not declare', async () => {
    await expect(run(counting({}))).rejects.toThrow(
      "record('perturbation') needs the pipeline to declare it: its records are none",
    );
  });

  it('names a table that it made, and keeps what was simulated', async () => {
    const out = join(folder, 'made');
    const pipeline = counting({ records: ['perturbation'], made: 'shallowest' });
    await expect(run(pipeline, {}, { out })).rejects.toThrow(
      "pipeline counting made table 'shallowest', which it doesn't declare: its tables are ensemble, deepest",
    );
    expect(existsSync(join(out, 'checkpoint'))).toBe(true);
    await expect(resume(out)).rejects.toThrow('inline pipeline');
  });

  it('gives every declared table, without rows where it was not made', async () => {
    const pipeline = counting({ records: ['perturbation'] });
    expect((await run(pipeline)).tables.deepest).toEqual([{ layer: 3 }]);
  });
});

describe('types', () => {
  it('know the tables and parameters of built-in pipelines by name, and of own ones by what they declare', () => {
    type Result = Awaited<ReturnType<typeof run<'gaussian-avalanches'>>>;
    expectTypeOf<Result['tables']['exponents'][number]['tau']>().toEqualTypeOf<number | null | undefined>();
    type Own = Awaited<ReturnType<typeof counted>>;
    expectTypeOf<Own['tables']['deepest'][number]['layer']>().toEqualTypeOf<number>();
    const counted = () => run(counting({}));
    // @ts-expect-error gaussian-avalanches makes no table `phase`
    expectTypeOf<Result['tables']['phase']>();
    const parameters = gaussianParameters;
    const parts = (values: Parameters<typeof gaussianEnsembles>[0]) => ({
      ensembles: gaussianEnsembles(values),
      stop: { valid: 10 },
      ...crackling(defaults),
      stages: ({ perturbation$ }: { perturbation$: never }) => perturbation$,
    });
    definePipeline({
      name: 'undeclared',
      doc: 'makes a table that it does not declare',
      parameters,
      tables: ['exponents'],
      compose: (values) => ({
        ...parts(values),
        // @ts-expect-error table `deepest` is not among `tables`
        results: () => ({ deepest: [{ layer: 3 }] }),
      }),
    });
  });

  it('name every pipeline of pipelines/', () => {
    const text = readFileSync(join(root, 'src/run/built-in.ts'), 'utf8');
    for (const name of pipelineNames()) expect(text).toContain(`import('../../pipelines/${name}.ts')`);
  });
});
