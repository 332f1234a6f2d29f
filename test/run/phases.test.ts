import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { threadId } from 'node:worker_threads';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { loadPipeline } from '../../src/flow/load.ts';
import { gaussianEnsembles, gaussianParameters } from '../../src/network/gaussian.ts';
import { checkParameters, integer } from '../../src/parameter.ts';
import { type Composition, definePipeline, type Pipeline } from '../../src/pipeline.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { run } from '../../src/run/run.ts';
import { streamTable } from '../../src/run/stream-table.ts';

const rowCount: Reducer<number, number> = {
  name: 'rows',
  init: () => 0,
  step: (rows, batch) => rows + batch.numRows,
  merge: (a, b) => a + b,
  finish: (rows) => rows,
};

/** Counts perturbations; the second phase takes as many at width 20 as the first one counted, plus one. */
const counting = (more: (ensembles: Composition['ensembles']) => Composition['ensembles']) =>
  definePipeline({
    name: 'counting',
    doc: 'counts',
    records: ['perturbation'],
    parameters: { count: integer('of the second phase', 0, 0) },
    compose: ({ count }) => {
      const all = gaussianEnsembles(checkParameters(gaussianParameters, { widths: [10, 20] }));
      return {
        ensembles: count === 0 ? all.slice(0, 1) : more(all),
        stop: { perturbations: 70 },
        stopOf: ({ width }) => ({ perturbations: width === 20 ? count : 70 }),
        stages: ({ perturbation$, record }) => perturbation$.pipe(record('perturbation')),
        reducer: rowCount,
        results: () => ({}),
        ...(count === 0
          ? { next: { cost: 71, values: ([first]: readonly { result: number }[]) => ({ count: first!.result + 1 }) } }
          : {}),
      };
    },
  });

describe('run(pipeline with a next phase)', () => {
  it('composes again with the values that follow from the first phase, and keeps its ensembles', async () => {
    const fractions: number[] = [];
    const { ensembles } = await run(
      counting((all) => all),
      {},
      {
        onSnapshot: ({ fraction }) => fractions.push(fraction),
      },
    );
    expect(ensembles.map(({ result }) => result)).toEqual([70, 71]);
    expect(ensembles.map(({ counts }) => counts.perturbations)).toEqual([70, 71]);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions).toContain(70 / 141);
    expect(fractions.at(-1)).toBe(1);
  });

  it('refuses a next phase that does not begin with the ensembles that have been run, or adds none', async () => {
    const expected =
      'the next phase of pipeline counting must begin with the ensembles that have been run and add some';
    const others = counting((all) => all.toReversed().map((one, index) => ({ ...one, index })));
    await expect(run(others)).rejects.toThrow(expected);
    await expect(run(counting((all) => all.slice(0, 1)))).rejects.toThrow(expected);
  });
});

describe('a next phase on worker threads', () => {
  it('is composed by the threads of the one before', async () => {
    const path = resolve(import.meta.dirname, '../fixtures/pipelines/phased.ts');
    const phased = await loadPipeline(pathToFileURL(path).href);
    const { ensembles } = await run(phased, {}, { workers: 1 });
    const seen = ensembles.map(({ result }) => result as { readonly rows: number; readonly threads: number[] });
    expect(seen.map(({ rows }) => rows)).toEqual([70, 71]);
    expect(seen[0]!.threads).toHaveLength(1);
    expect(seen[1]!.threads).toEqual(seen[0]!.threads);
    expect(seen[0]!.threads).not.toContain(threadId);
  });
});

describe('streamTable(pipeline with a next phase)', () => {
  it('sends the rows of all phases', async () => {
    const to = new PassThrough();
    const chunks: Buffer[] = [];
    to.on('data', (chunk: Buffer) => chunks.push(chunk));
    const pipeline = counting((all) => all) as unknown as Pipeline;
    await streamTable(pipeline, {}, { table: 'perturbation', seed: 1, to });
    const table = tableFromIPC(Buffer.concat(chunks));
    const ensembles = [...(table.getChild('ensemble') ?? [])] as number[];
    expect(ensembles.filter((index) => index === 0)).toHaveLength(70);
    expect(ensembles.filter((index) => index === 1)).toHaveLength(71);
  });
});
