import { CardFailure } from '../gpu/failure.ts';
import { type TrialKind, type Tried, triedCard } from '../propagation/card-trial.ts';
import { type Check, LAYERS, lacking } from './doctor-check.ts';

/** What a card gives by way of `kind`, in a process of its own: its driver may take that with it. */
async function onCard(
  name: string,
  kind: TrialKind,
  found: (card: Tried & { speed: number }) => Check,
): Promise<Check> {
  try {
    const card = await triedCard(kind, { measured: true });
    return found({ ...card, speed: card.speed! });
  } catch (error) {
    if (!(error instanceof CardFailure)) return lacking(name, error);
    const said = error.lastSaid === undefined ? '' : `; before that drivers wrote: ${error.lastSaid}`;
    return { name, state: 'failed', detail: error.message, advice: `another version of the driver may do${said}` };
  }
}

/** Products of matrices, then the annealed engine, on a graphics card. */
export async function cardChecks(): Promise<Check[]> {
  const products = 'backend webgpu';
  const chain = 'annealed on webgpu';
  return [
    await onCard(products, 'matrices', ({ speed }) => {
      return { name: products, state: 'present', detail: `${(1e-9 * speed).toPrecision(2)} ${LAYERS}` };
    }),
    await onCard(chain, 'chain', ({ adapter, lanes, software, speed }) => {
      const rate = `${(1e-9 * speed).toPrecision(2)} · 10⁹ neurons and layers/s of engine annealed`;
      if (!software) return { name: chain, state: 'present', detail: `${adapter}, ${lanes}, ${rate}` };
      const detail = `${adapter}, a program on the processor: ${rate}`;
      return { name: chain, state: 'optional', detail, advice: 'engine annealed is faster without it' };
    }),
  ];
}
