import { isDeepStrictEqual } from 'node:util';
import { ParameterError } from '../error.ts';
import type { EnsembleRow } from '../schema/columns.ts';
import type { ManifestHead } from '../store/manifest.ts';
import { difference } from './told-apart.ts';

/** A run whose avalanches are read, with others or alone. */
export interface RecordedRun extends Pick<ManifestHead, 'pipeline' | 'parameters' | 'seed' | 'shard'> {
  readonly name: string;
  /** Its ensembles; undefined where the folder has no table of them, as those of shards. */
  ensembles(): Promise<readonly EnsembleRow[] | undefined>;
}

/**
 * Holds runs that are taken for one sample to be that: of one system each ensemble, and no avalanche twice.
 * @param ensemble the only one that is read; undefined where all are
 * @throws ParameterError where they aren't
 */
export async function checkPooled(runs: readonly RecordedRun[], ensemble: number | undefined): Promise<void> {
  const rows = await Promise.all(runs.map((run) => run.ensembles()));
  for (const [i, run] of runs.entries()) {
    for (const [j, other] of runs.slice(0, i).entries()) {
      checkSystems([other, rows[j]], [run, rows[i]], ensemble);
      if (!drawnAlike(run, other) || areShares(run, other)) continue;
      throw new ParameterError(
        `${other.name} and ${run.name} have the same networks, both are of seed ${run.seed}: their avalanches would count twice`,
      );
    }
  }
}

/** Engines draw from streams of their own. */
export const drawnAlike = (a: RecordedRun, b: RecordedRun): boolean =>
  a.seed === b.seed && a.pipeline === b.pipeline && a.parameters.engine === b.parameters.engine;

/** Whether two runs are different shares of one. */
const areShares = ({ shard: a }: RecordedRun, { shard: b }: RecordedRun): boolean =>
  a !== undefined && b !== undefined && a.of === b.of && a.index !== b.index;

type Described = readonly [RecordedRun, readonly EnsembleRow[] | undefined];

function checkSystems([one, has]: Described, [other, theirs]: Described, ensemble: number | undefined): void {
  const refuse = (of: string, a: string, b: string): never => {
    throw new ParameterError(
      `${of}${one.name} has ${a}, ${of}${other.name} ${b}: they are no one sample; fit each by itself, or one against the other`,
      { remedy: { option: 'against', value: other.name } },
    );
  };
  if (has === undefined || theirs === undefined) {
    const text = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
    for (const name of new Set([...Object.keys(one.parameters), ...Object.keys(other.parameters)])) {
      const [a, b] = [one.parameters[name], other.parameters[name]];
      if (!isDeepStrictEqual(a, b)) refuse('', `${name} ${text(a)}`, `${name} ${text(b)}`);
    }
    return;
  }
  for (const row of has) {
    const its = theirs.find((their) => their.ensemble === row.ensemble);
    if (its === undefined || (ensemble !== undefined && row.ensemble !== ensemble)) continue;
    const differ = difference(row, its);
    if (differ !== undefined) refuse(`ensemble ${row.ensemble} of `, differ.one, differ.other);
  }
}
