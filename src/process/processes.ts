import { ParameterError } from '../error.ts';
import { registerEngine } from '../propagation/engines.ts';
import { abbm } from './abbm.ts';
import { branching } from './branching.ts';
import type { Process } from './control.ts';
import { percolationLine, percolationPlane } from './directed-percolation.ts';
import { processEngine } from './engine.ts';
import { ornsteinUhlenbeck } from './ornstein-uhlenbeck.ts';
import { randomWalk } from './random-walk.ts';

/** All processes of known exponents. */
export const processes: readonly Process[] = [
  branching,
  randomWalk,
  abbm,
  percolationLine,
  percolationPlane,
  ornsteinUhlenbeck,
];

for (const control of processes) registerEngine(control.name, processEngine(control));

/**
 * The process of a name.
 * @throws ParameterError for an unknown name
 */
export function processOf(name: string): Process {
  const found = processes.find((control) => control.name === name);
  if (found === undefined) {
    throw new ParameterError(
      `unknown process '${name}'; known processes: ${processes.map((one) => one.name).join(', ')}`,
    );
  }
  return found;
}
