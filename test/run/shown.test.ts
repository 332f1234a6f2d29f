import { expect, it } from 'vitest';
import { PipelineError } from '../../src/error.ts';
import type { Pipeline } from '../../src/pipeline.ts';
import type { Figure } from '../../src/report/figure.ts';
import type { Summary } from '../../src/report/summary.ts';
import { checkShown } from '../../src/run/shown.ts';

const pipeline = { name: 'mine' } as Pipeline;
const summary = { id: 'a', title: 'A', caption: '', head: ['N'], rows: [['1']] };
const figure = { name: 'a', title: 'A', caption: '', spec: {} };

/** As files do that no compiler has seen. */
const check = (summaries: readonly unknown[], figures: readonly unknown[]) => () =>
  checkShown(pipeline, { summaries: summaries as Summary[], figures: figures as Figure[] });

it('names what a summary or a figure lacks', () => {
  expect(check([summary], [figure])).not.toThrow();
  const { caption: _, ...bare } = summary;
  expect(check([summary, bare], [])).toThrow(new PipelineError('pipeline mine: summary 2 must have a text as caption'));
  expect(check([{ ...summary, rows: [[1]] }], [])).toThrow('summary 1 must have rows of texts as rows');
  expect(check([undefined], [])).toThrow('summary 1 must have a text as id');
  expect(check([], [{ ...figure, spec: null }])).toThrow('figure 1 must have a Vega-Lite specification as spec');
});
