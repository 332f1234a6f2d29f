/**
 * Control processes: signals whose exponents are known.
 *
 * ```ts
 * import { processOf } from 'crackle';
 *
 * console.log(processOf('random-walk').name); // random-walk
 * ```
 */

export {
  type KnownExponents,
  leastActivity,
  type Process,
  type ProcessParameters,
  processEnsemble,
  type Trajectory,
} from '../process/control.ts';
export { processEngine } from '../process/engine.ts';
export type { ExactLaw } from '../process/law/exact-law.ts';
export { processes, processOf } from '../process/processes.ts';
export { type ScalingWindow, scalingWindow } from '../process/scaling-window.ts';
