import { residual } from '../propagation/residual/engine.ts';
import type { ResidualSettings } from '../propagation/residual/runner.ts';
import { checkSameStrengths } from '../propagation/strength-check.ts';
import type { Model } from './models.ts';

/** Inputs that go through a network at once: the fewest that batch norm takes statistics over. */
const batch = 2;

/**
 * Holds a model's network as a card computes it against processors, behind every layer.
 * @throws BackendError (as a rejection) where they differ
 */
export async function checkModel(
  { architecture, ensembles }: Model,
  settings: Omit<ResidualSettings, 'architecture'>,
  adapter: string,
): Promise<void> {
  const by = (backend: string) => residual({ ...settings, backend, architecture, batch, calibration: batch });
  const ensemble = { ...ensembles[0]!, reuse: batch };
  const options = { ensemble, seed: 1, observable: 'pre-activation', floor: null, windowRows: 65_536 } as const;
  const what = { what: ensemble.model ?? architecture.model, adapter };
  await checkSameStrengths(by('webgpu'), by('simd'), batch, options, what);
}
