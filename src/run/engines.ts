import { EMPTY } from 'rxjs';
import { StoreError } from '../error.ts';
import { isBuiltIn } from '../flow/built-in.ts';
import type { Composition, PartitionContext, Tables } from '../pipeline.ts';
import { checkEngine } from '../propagation/checked-engine.ts';
import { type HandedEngine, handedEngine } from '../propagation/handed-engine.ts';
import { kindsOf } from '../propagation/own-run.ts';
import type { Manifest, ManifestHead } from '../store/manifest.ts';
import type { Composed } from './compose.ts';

const known = new WeakMap<Composition, ReadonlyMap<number, string>>();

/** What `stages` hands to `propagate` for an ensemble: seen by calling it, which computes nothing before anyone subscribes. */
function engineFor({ stages }: Composition, ensemble: PartitionContext['ensemble']): HandedEngine | undefined {
  const partition: PartitionContext = {
    ensemble,
    index: 0,
    seed: 0,
    perturbation$: EMPTY,
    record: () => (source) => source,
    drained: async () => {},
    count: () => {},
  };
  try {
    stages(partition);
  } catch {
    return undefined; // the run itself will say so
  }
  return handedEngine(partition);
}

/**
 * Engines that a pipeline's own stages hand to `propagate`, by ensemble, whatever its parameter `engine` says. Those of crackle go by that parameter
 * and are left out, as are null models and processes, which have columns of their own.
 */
function enginesOf({ pipeline, composition }: Composed): ReadonlyMap<number, string> {
  const found = known.get(composition);
  if (found !== undefined) return found;
  const engines = new Map<number, string>();
  const own = pipeline.module === undefined || !isBuiltIn(pipeline.module);
  for (const ensemble of own ? composition.ensembles : []) {
    if (ensemble.surrogate !== undefined || ensemble.process !== undefined) continue;
    const name = engineFor(composition, ensemble)?.name;
    if (name !== undefined) engines.set(ensemble.index, name);
  }
  known.set(composition, engines);
  return engines;
}

/**
 * Refuses what the built-in engines that stages hand to `propagate` by name don't take, before a card is tried or a folder made.
 * @throws ParameterError (as a rejection)
 */
export async function checkEngines({ values, composition }: Composed): Promise<void> {
  const { ensembles } = composition;
  // What a card takes is a matter of variances, too.
  const positions = values.backend === 'webgpu' ? ensembles.keys() : kindsOf(ensembles);
  for (const position of positions) {
    const ensemble = ensembles[position]!;
    if (ensemble.surrogate !== undefined || ensemble.process !== undefined) continue;
    const handed = engineFor(composition, ensemble);
    if (handed?.byName !== undefined) await checkEngine(handed.name, handed.byName.backend, ensemble);
  }
}

const wordOf = ({ engine }: Composed['values']): string => (typeof engine === 'string' ? engine : '');

/** What the manifest says of the engines: nothing where they are what the parameter `engine` says. */
export function enginesHead(composed: Composed): Pick<ManifestHead, 'engines'> {
  const names = [...new Set(enginesOf(composed).values())];
  return names.every((name) => name === wordOf(composed.values)) ? {} : { engines: names };
}

/** Rows of table `ensemble` with the engines that ran, where they have the word of the parameter; a pipeline's own words stay. */
export function withEngines(composed: Composed, tables: Tables): Tables {
  const engines = enginesOf(composed);
  const word = wordOf(composed.values);
  if (tables.ensemble === undefined || engines.size === 0) return tables;
  const ensemble = tables.ensemble.map((row) =>
    row.engine === word || row.engine === '' ? { ...row, engine: engines.get(row.ensemble) ?? row.engine } : row,
  );
  return { ...tables, ensemble };
}

const listed = ({ engines }: Pick<ManifestHead, 'engines'>): string | undefined => engines?.join(', ');

/**
 * Refuses to go on with, or to merge, what other engines have computed: one that is handed over as an object is known by its name.
 * @throws StoreError that names both
 */
export function checkSameEngines(folder: string, manifest: Manifest, composed: Composed): void {
  const here = listed(enginesHead(composed)) ?? wordOf(composed.values);
  const there = listed(manifest) ?? wordOf(manifest.parameters);
  if (there === here) return;
  throw new StoreError(
    `${folder} was computed by engine ${there}, and the stages of ${composed.pipeline.name} hand over ${here} now: give the pipeline with the engine that it was begun with, or run it anew`,
  );
}
