import { architectureOf, pointOf } from '../crackling/ensemble-row.ts';
import { ParameterError, StoreError } from '../error.ts';
import type { PartitionContext } from '../pipeline.ts';
import type { EnsembleRow } from '../schema/columns.ts';
import { openRun } from '../store/open-run.ts';

/** What networks are told apart by, as the columns of table `ensemble` and as parameters are called. */
const told = {
  width: 'width',
  depth: 'depth',
  activation: 'activation',
  weight_variance: 'weight variance',
  bias_variance: 'bias variance',
  input_norm: 'input norm',
  reuse: 'reuse',
  surrogate: 'surrogate',
} as const satisfies Partial<Record<keyof EnsembleRow, string>>;

const same = (a: unknown, b: unknown): boolean =>
  typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) <= 1e-9 * Math.abs(b) : a === b;

/**
 * The row of a recorded ensemble, which holds what a network of one's own is said to be: another width would scale sizes, another drive would
 * be their threshold, without a word. Ensembles that are no plain networks (`model`, `process`, activation `none`) are what their pipeline calls them.
 * @returns undefined in folders of older builds, which have no such table
 * @throws StoreError where the run has no such ensemble, ParameterError where its networks are others
 */
export async function recordedEnsemble(
  folder: string,
  wanted: number,
  ensemble: PartitionContext['ensemble'],
): Promise<EnsembleRow | undefined> {
  const run = await openRun(folder);
  if (!run.tables.includes('ensemble')) return undefined;
  const rows = await run.rows('ensemble');
  const row = rows.find((one) => one.ensemble === wanted);
  if (row === undefined) {
    const numbers = rows.map((one) => one.ensemble).join(', ');
    throw new StoreError(`the run in ${folder} has no ensemble ${wanted}; it has ${numbers}`);
  }
  const { model, process, activation, depth, reuse, inputStrength, width } = ensemble;
  if (model !== undefined || process !== undefined || activation === 'none' || row.model !== null) return row;
  const { surrogate } = architectureOf(ensemble);
  const own = {
    ...pointOf(ensemble),
    ...{ surrogate, activation, depth, reuse },
    input_norm: inputStrength * Math.sqrt(width),
  };
  const columns = Object.keys(told) as (keyof typeof told)[];
  const other = columns.find((column) => !same(own[column], row[column]));
  if (other !== undefined) {
    const value = (of: unknown): string => String(of ?? 'none');
    throw new ParameterError(
      `the signals in ${folder} are of networks with ${told[other]} ${value(row[other])}, ensemble ${ensemble.index} has ${told[other]} ${value(own[other])}: compose it of the parameters that they were recorded with`,
    );
  }
  return row;
}
