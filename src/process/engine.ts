import { ParameterError } from '../error.ts';
import { RandomStream } from '../numeric/random.ts';
import { absorb, hashKey } from '../numeric/random-key.ts';
import { type Engine, type EngineOptions, retires, type SignalWindow } from '../propagation/engine.ts';
import { SignalRows } from '../propagation/signal-rows.ts';
import { type Process, parametersOf } from './control.ts';

/** Sets these streams apart from those of the other engines. */
const purpose = 0x70726f63;
const WORD = 2 ** 32;

function check({ name }: Process, { ensemble, observable }: EngineOptions): void {
  if (ensemble.process?.name !== name) {
    throw new ParameterError(
      `engine ${name} follows ensembles of process ${name}, got ${ensemble.model ?? 'a network'}; processEnsemble makes one`,
    );
  }
  if (ensemble.reuse !== 1)
    throw new ParameterError(`engine ${name} has no networks: reuse must be 1, got ${ensemble.reuse}`);
  if (observable !== 'pre-activation') {
    throw new ParameterError(`engine ${name} has one signal: observable must be pre-activation, got ${observable}`);
  }
}

/**
 * An engine that follows realisations of a process, one a perturbation, one after the other: each has a random stream of its own, keyed by seed, ensemble
 * and id, and is retired after its first layer below the floor. Memory is one window and the activity of one layer.
 */
export function processEngine(control: Process): Engine {
  return {
    name: control.name,
    *propagate(perturbations: Float64Array, options: EngineOptions): Generator<SignalWindow, void, undefined> {
      check(control, options);
      const { ensemble, seed, floor, windowRows } = options;
      const { depth } = ensemble;
      const trajectory = control.trajectory(parametersOf(control, ensemble.process?.parameters ?? {}, depth));
      const prefix = hashKey(seed, [ensemble.index, purpose], 3);
      const key = new Int32Array(4);
      const retired = retires(floor);
      const rows = new SignalRows(windowRows, options.recycle);
      for (const id of perturbations) {
        key.set(prefix);
        absorb(key, id | 0, (id / WORD) | 0);
        trajectory.begin(new RandomStream(key));
        for (let layer = 1; layer <= depth; layer++) {
          const strength = Math.fround(trajectory.next());
          rows.push(id, layer, strength);
          if (rows.full) yield rows.take();
          if (retired(strength, layer)) break;
        }
      }
      if (rows.length > 0) yield rows.take();
    },
  };
}
