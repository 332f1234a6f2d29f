import { expect, it } from 'vitest';
import { pointOf } from '../../src/crackling/ensemble-row.ts';
import { branching } from '../../src/process/branching.ts';
import { processEnsemble } from '../../src/process/control.ts';
import { tableSchema } from '../../src/schema/table.ts';

it('a process has neither width nor variances in any table: it is no network', () => {
  const { width, weight_variance, bias_variance } = pointOf(processEnsemble(branching, 3));
  expect([width, weight_variance, bias_variance]).toEqual([null, null, null]);
  const { process: _, ...bare } = processEnsemble(branching, 3);
  const network = { ...bare, width: 64, weightVariance: 1.5, biasVariance: 0 };
  expect(pointOf(network)).toEqual({ ensemble: 3, width: 64, weight_variance: 1.5, bias_variance: 0 });
  for (const table of [
    'ensemble',
    'exponents',
    'fit',
    'histogram',
    'scaling',
    'stability',
    'collapse',
    'collapse_error',
  ]) {
    const nullable = tableSchema(table)
      .fields.filter((field) => field.nullable === true)
      .map(({ name }) => name);
    expect(nullable).toEqual(expect.arrayContaining(['width', 'weight_variance', 'bias_variance']));
  }
});
