import { parentPort, workerData } from 'node:worker_threads';
import { type AnyPlan, perRepetition, repetition } from './bootstrap.ts';

/** Repetitions first … first + count − 1. */
export interface BootstrapTask {
  readonly first: number;
  readonly count: number;
}

const { plan, seed } = workerData as { plan: AnyPlan; seed: number };

parentPort?.on('message', ({ first, count }: BootstrapTask) => {
  const numbers = new Float64Array(perRepetition * count);
  for (let k = 0; k < count; k++) numbers.set(repetition(plan, seed, first + k), perRepetition * k);
  parentPort?.postMessage({ first, numbers });
});
