import { BackendError, firstLine } from '../error.ts';
import { executePartition } from '../flow/execute.ts';
import { loadPipeline } from '../flow/load.ts';
import { partSinks } from '../flow/part-sinks.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { Composition } from '../pipeline.ts';
import type { Strength } from '../propagation/engine.ts';
import { kindsOf, type OwnRun } from '../propagation/own-run.ts';
import { checkStrengths } from '../propagation/strength-check.ts';

/** Perturbations that are followed of each kind of ensemble, and neurons times layers that they may come to; for engine dense multiplications. */
const PERTURBATIONS = 64;
const WORK = { card: 2e9, software: 2e7 };
const DENSE = { card: 1e12, software: 4e9 };
/** Fewest networks whose means can be compared. */
const COMPARED = 24;
/** Layers behind which they are. */
const LAYERS = 2;
/** Rows that a product has on a card at least. */
const TILE = 32;

/** Networks, or perturbations where none is shared, that may go through so many layers. */
const networksFor = ({ width, reuse }: Ensemble, layers: number, work: number): number =>
  Math.max(1, Math.min(Math.ceil(PERTURBATIONS / reuse), Math.floor(work / (width * layers * reuse))));

/** Multiplications of so many layers of a network that holds a matrix of weights. */
const products = ({ width }: Ensemble, rows: number, layers: number): number =>
  TILE ** 2 * Math.ceil(width / TILE) ** 2 * TILE * Math.ceil(rows / TILE) * layers;

/** What of a run is tried: its stages, or where they can't be had here the search for avalanches alone. */
type Tried = Pick<Composition, 'ensembles' | 'stages' | 'reducer' | 'onCard'>;

async function composed(run: OwnRun): Promise<Tried> {
  if ('module' in run) return (await loadPipeline(run.module)).compose({ ...run.values });
  const { propagate } = await import('../propagation/propagate.ts');
  const { avalanches } = await import('../avalanche/avalanches.ts');
  const { engine, observable = 'pre-activation' } = run.values as { engine: string; observable?: Strength };
  return {
    ensembles: run.ensembles,
    stages: (partition) =>
      partition.perturbation$.pipe(
        propagate(partition, { engine, backend: 'webgpu', observable }),
        avalanches(partition),
      ),
    reducer: { name: 'nothing', init: () => null, step: (state) => state, merge: (into) => into, finish: () => null },
  };
}

/**
 * Computes a small partition of each kind of ensemble of a run, by its own stages, so that a driver that can't compile its kernels, or run them, or runs
 * them wrongly, shows it; of networks and trainings that no engine's name tells, what their study holds against processors.
 * @param told is called before each
 * @returns why that couldn't be done, where it couldn't: what else may be wrong is the run's to say
 * @throws BackendError (as a rejection) where the card fails
 */
export async function tryOwnKernels(
  { adapter, software }: Gpu,
  run: OwnRun,
  told: () => void,
): Promise<string | undefined> {
  const { values } = run;
  const as = software ? 'software' : 'card';
  const dense = values.engine === 'dense';
  try {
    const composition = await composed(run);
    const openSink = await partSinks(undefined, []);
    for (const position of kindsOf(composition.ensembles)) {
      const ensemble = composition.ensembles[position]!;
      told();
      if (values.engine === undefined) {
        await composition.onCard?.(ensemble, adapter);
        continue;
      }
      const { reuse, depth } = ensemble;
      const networks = dense ? COMPARED : Math.max(COMPARED, networksFor(ensemble, LAYERS, WORK[as]));
      if (!dense || networks * products(ensemble, reuse, LAYERS) <= DENSE[as])
        await checkStrengths(ensemble, values, networks, adapter);
      const count = dense ? Math.min(reuse, TILE) : reuse * networksFor(ensemble, depth, WORK[as]);
      if (dense && products(ensemble, count, depth) > DENSE[as]) continue;
      const partition = { ensemble: position, index: 0, first: 0, count };
      await executePartition(composition, partition, { seed: 1, openSink });
    }
    return undefined;
  } catch (error) {
    if (error instanceof BackendError) throw error;
    return firstLine(error);
  }
}
