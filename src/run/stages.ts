import type { Ending } from './ending.ts';
import type { RunOptions, Snapshot } from './options.ts';

/** Tells who follows a run how far it is while it is simulated, and then which stage of its end it is at. */
export interface Stages {
  /** What is told while it is simulated. */
  readonly simulating: (simulated: Snapshot) => void;
  /** Before a stage: what follows may keep this thread. Does nothing where the run is there already, or nothing was simulated. */
  enter(stage: NonNullable<Snapshot['stage']>): Promise<void>;
}

export function openStages(
  ending: Pick<Ending, 'after'>,
  { onSnapshot: follow, maxTime = Infinity }: Pick<RunOptions, 'onSnapshot' | 'maxTime'>,
): Stages {
  const began = performance.now();
  let last: Snapshot | undefined;
  let entered: Snapshot['stage'];
  return {
    simulating(simulated) {
      // What is left is measured with the executor still there, whose clock goes on.
      if (entered !== undefined) return;
      // Told as if all of it were simulated, which `maxTime` may cut short.
      const remaining = Math.min(simulated.remaining, maxTime - simulated.elapsed);
      const { fitting, drawing } = ending.after({ ...simulated, remaining });
      last = { ...simulated, remaining: remaining + fitting + drawing };
      follow?.(last);
    },
    async enter(stage) {
      if (last === undefined || entered === stage) return;
      const { perturbations, valid } = last.total;
      // Interrupted before anything was simulated, as on a queue that no worker serves.
      if (stage === 'fitting' && last.fraction === 0 && perturbations + valid === 0) return;
      entered = stage;
      const { fitting, drawing } = ending.after({ ...last, done: last.ensembles, remaining: 0 });
      const remaining = drawing + (stage === 'fitting' ? fitting : 0);
      follow?.({ ...last, stage, elapsed: (performance.now() - began) / 1000, remaining });
      // Whoever shows the stage must come to it before.
      await new Promise((shown) => setImmediate(shown));
    },
  };
}
