import { parentPort, workerData } from 'node:worker_threads';
import { type BootstrapPlan, bootstrapReplicate } from './bootstrap.ts';

/** Repetitions first … first + count − 1. */
export interface BootstrapTask {
  readonly first: number;
  readonly count: number;
}

const { plan, seed } = workerData as { plan: BootstrapPlan; seed: number };

parentPort?.on('message', ({ first, count }: BootstrapTask) => {
  const distances = Float64Array.from({ length: count }, (_, k) => bootstrapReplicate(plan, seed, first + k));
  parentPort?.postMessage({ first, distances });
});
