import { architectureOf, pointOf } from '../crackling/ensemble-row.ts';
import { ParameterError, StoreError } from '../error.ts';
import type { PartitionContext } from '../pipeline.ts';
import type { EnsembleRow } from '../schema/columns.ts';
import { openRun } from '../store/open-run.ts';
import { difference } from './told-apart.ts';

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
  const own = {
    ...pointOf(ensemble),
    ...architectureOf(ensemble),
    ...{ activation, depth, reuse },
    input_norm: inputStrength * Math.sqrt(width),
  };
  const other = difference(row, own);
  if (other !== undefined) {
    throw new ParameterError(
      `the signals in ${folder} are of networks with ${other.one}, ensemble ${ensemble.index} has ${other.other}: compose it of the parameters that they were recorded with`,
    );
  }
  return row;
}
