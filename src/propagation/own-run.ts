import type { Ensemble } from '../network/ensemble.ts';

/** A run whose kernels are tried on a card: where its pipeline is, or what it goes through where that lives in no module; and the values that it is composed of. */
export type OwnRun =
  | { readonly module: string; readonly values: Readonly<Record<string, unknown>> }
  | { readonly ensembles: readonly Ensemble[]; readonly values: Readonly<Record<string, unknown>> };

/** Layers beyond which other kernels make the shapes. */
const DEEP = 4096;

/** Positions of ensembles that have kernels of their own; null models are made of signals of others, and processes on processors. */
export function kindsOf(ensembles: readonly Ensemble[]): number[] {
  const seen = new Map<string, number>();
  for (const [position, { activation, width, depth, reuse, model, surrogate, process }] of ensembles.entries()) {
    if (surrogate !== undefined || process !== undefined) continue;
    const kind = JSON.stringify([activation, width, reuse, depth > DEEP, model]);
    if (!seen.has(kind)) seen.set(kind, position);
  }
  return [...seen.values()];
}

/** Engines that cards compute; a run that names none has networks or a training of its own. */
const onCards: readonly unknown[] = ['annealed', 'quenched', 'dense'];

/**
 * What of a run is tried on a card, if anything.
 * @param module of its pipeline
 * @param ensembles of the run, for a pipeline that lives in no module
 */
export function ownRun(
  values: Readonly<Record<string, unknown>>,
  module: string | undefined,
  ensembles: readonly Ensemble[] = [],
): OwnRun | undefined {
  const { engine, observable } = values;
  const known = onCards.includes(engine);
  if (module !== undefined) return known || engine === undefined ? { module, values } : undefined;
  if (!known || ensembles.length === 0) return undefined;
  return { ensembles: kindsOf(ensembles).map((position) => ensembles[position]!), values: { engine, observable } };
}

/** Why the kernels of a run couldn't be tried on a card, in a sentence; undefined where they were, or there was nothing to try. */
export const untriedNote = ({ adapter, untried }: { adapter: string; untried?: string }): string | undefined =>
  untried === undefined ? undefined : `the kernels of this run could not be tried on ${adapter}: ${untried}`;
