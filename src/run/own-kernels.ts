import { BackendError } from '../error.ts';
import { executePartition } from '../flow/execute.ts';
import { loadPipeline } from '../flow/load.ts';
import { partSinks } from '../flow/part-sinks.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Ensemble } from '../network/ensemble.ts';
import type { OwnRun } from '../propagation/card-trial.ts';
import type { Strength } from '../propagation/engine.ts';
import { checkStrengths } from '../propagation/strength-check.ts';

/** Perturbations that are followed of each kind of ensemble, and neurons times layers that they may come to. */
const PERTURBATIONS = 64;
const WORK = { card: 2e9, software: 2e7 };
/** Fewest networks whose means can be compared. */
const COMPARED = 24;
/** Layers beyond which other kernels make the shapes. */
const DEEP = 4096;

/** Positions of ensembles that have kernels of their own. */
function kinds(ensembles: readonly Ensemble[]): number[] {
  const seen = new Map<string, number>();
  for (const [position, { activation, width, depth, reuse }] of ensembles.entries()) {
    const kind = JSON.stringify([activation, width, reuse, depth > DEEP]);
    if (!seen.has(kind)) seen.set(kind, position);
  }
  return [...seen.values()];
}

/** Networks, or perturbations where none is shared, that may go through so many layers. */
const networksFor = ({ width, reuse }: Ensemble, layers: number, work: number): number =>
  Math.max(1, Math.min(Math.ceil(PERTURBATIONS / reuse), Math.floor(work / (width * layers * reuse))));

/**
 * Computes a small partition of each kind of ensemble of a run, by its own stages, so that a driver that can't compile its kernels, or run them, or runs
 * them wrongly, shows it. What else may be wrong is the run's to say.
 * @param told is called before each
 * @throws BackendError (as a rejection) where the card fails
 */
export async function tryOwnKernels(
  { adapter, software }: Gpu,
  { module, values }: OwnRun,
  told: () => void,
): Promise<void> {
  const work = software ? WORK.software : WORK.card;
  try {
    const composition = (await loadPipeline(module)).compose({ ...values });
    const openSink = await partSinks(undefined, []);
    for (const position of kinds(composition.ensembles)) {
      const ensemble = composition.ensembles[position]!;
      told();
      const observable = (values.observable ?? 'pre-activation') as Strength;
      await checkStrengths(ensemble, observable, Math.max(COMPARED, networksFor(ensemble, 2, work)), adapter);
      const count = ensemble.reuse * networksFor(ensemble, ensemble.depth, work);
      const partition = { ensemble: position, index: 0, first: 0, count };
      await executePartition(composition, partition, { seed: 1, openSink });
    }
  } catch (error) {
    if (error instanceof BackendError) throw error;
  }
}
