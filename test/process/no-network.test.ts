import { expect, it } from 'vitest';
import { cracklingTableNames } from '../../src/crackling/crackling.ts';
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
  const point = ['width', 'weight_variance', 'bias_variance'];
  const columns = cracklingTableNames.flatMap((table) =>
    tableSchema(table)
      .fields.filter(({ name }) => point.includes(name))
      .map(({ name, nullable }) => ({ table, name, nullable })),
  );
  // All but `surrogate` say where their ensemble lies.
  expect(new Set(columns.map(({ table }) => table)).size).toBe(cracklingTableNames.length - 1);
  expect(columns.filter(({ nullable }) => !nullable)).toEqual([]);
});
