import { ParameterError } from '../error.ts';
import { checkPooled } from './pooled-runs.ts';
import type { Condition, Rows } from './rows.ts';
import type { DataSource } from './source.ts';

/** The ensemble that rows were chosen from, for the `fit` table; 0 where there is none. */
export function ensembleOf(where: readonly Condition[]): number {
  const asked = where.find(({ column, comparison }) => column === 'ensemble' && comparison === '=');
  const index = Number(asked?.value ?? 0);
  return Number.isInteger(index) ? index : 0;
}

/** Guards a fit against mixing ensembles: these are different experiments. */
export interface EnsembleGuard {
  /** Columns to be read for it. */
  readonly names: readonly string[];
  /** @throws ParameterError where rows of several ensembles have come */
  check(columns: Rows['columns']): void;
}

/** @throws ParameterError where the source is of several runs that are no one sample */
export async function guardEnsembles(source: DataSource, where: readonly Condition[]): Promise<EnsembleGuard> {
  const { runs = [] } = source;
  const chosen = where.some(({ column, comparison }) => column === 'ensemble' && comparison === '=');
  if (runs.length > 1) await checkPooled(runs, chosen ? ensembleOf(where) : undefined);
  if (!source.columns.includes('ensemble') || where.some(({ column }) => column === 'ensemble')) {
    return { names: [], check: () => {} };
  }
  const seen = new Set<number>();
  return {
    names: ['ensemble'],
    check({ ensemble }) {
      for (const index of ensemble!) if (!seen.has(index)) seen.add(index);
      if (seen.size < 2) return;
      const [a, b] = [...seen].sort((x, y) => x - y);
      throw new ParameterError(`${source.name} holds several ensembles, at least ${a} and ${b}: choose one`, {
        remedy: { option: 'where', value: `ensemble=${a}` },
      });
    },
  };
}
