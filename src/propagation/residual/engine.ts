import { ParameterError } from '../../error.ts';
import { type Engine, type EngineOptions, retires, type SignalWindow } from '../engine.ts';
import { Idle } from '../idle.ts';
import { SignalRows } from '../signal-rows.ts';
import { openResidualBackend } from './open.ts';
import { type Calibration, ResidualRunner, type ResidualSettings } from './runner.ts';

/** How an engine of residual networks is made. */
export interface ResidualEngineOptions extends ResidualSettings {
  /** `auto` (default), `tensorflow-gpu`, `webgpu`, `simd`, `wasm` or `cpu`. */
  readonly backend?: string;
}

/** An engine of residual networks. */
export interface ResidualEngine extends Engine {
  /**
   * An engine that tells a listener of the calibration of each network, before the signals of its perturbations come; a window then holds
   * perturbations of one network only.
   * @param passed told of every batch that went through a network, and whether it calibrates one
   */
  withCalibration(listener: (calibration: Calibration) => void, passed?: (calibrates: boolean) => void): Engine;
}

/** The runner that was used last, for its engine to take up again: buffers of one model stay, not those of all. */
const idle = new Idle<{ readonly owner: object; readonly runner: ResidualRunner }>(({ runner }) => runner.close());

/** @throws ParameterError where batch, calibration and reuse don't fit together */
function checkSettings({ batch, calibration, batchNorm = 'initial' }: ResidualSettings): void {
  const least = batchNorm === 'initial' ? 1 : 2;
  if (!(Number.isInteger(batch) && batch >= least)) {
    throw new ParameterError(
      `batch must be an integer of at least ${least} for ${batchNorm} statistics of batch norm, got ${batch}`,
    );
  }
  if (!(Number.isInteger(calibration) && calibration > 1 && calibration % batch === 0)) {
    throw new ParameterError(`calibration must be a multiple of batch, ${batch}, of at least 2, got ${calibration}`);
  }
}

function checkEnsemble({ ensemble, observable }: EngineOptions, batch: number, depth: number): void {
  if (ensemble.reuse % batch !== 0) {
    throw new ParameterError(`reuse must be a multiple of batch, ${batch}, got ${ensemble.reuse}`);
  }
  if (ensemble.depth !== depth) {
    throw new ParameterError(`depth must be ${depth}, the layers of the network, got ${ensemble.depth}`);
  }
  if (observable !== 'pre-activation') {
    throw new ParameterError(`observable must be pre-activation: layers are operations, got ${observable}`);
  }
}

/**
 * Residual networks at initialisation. Perturbation p is input p of network floor(p / R), and goes through it in batch
 * floor(p / B): whole batches are propagated whichever of their perturbations are asked for, so strengths don't depend on how the ids are cut.
 * Nothing is retired before the last layer, as batch norm looks at the whole batch; `floor` only ends what comes out.
 * @throws ParameterError for settings that don't fit together
 */
export function residual(options: ResidualEngineOptions): ResidualEngine {
  checkSettings(options);
  const owner = {};
  async function* windows(
    perturbations: Float64Array,
    settings: EngineOptions,
    listener?: (calibration: Calibration) => void,
    passed?: (calibrates: boolean) => void,
  ): AsyncGenerator<SignalWindow, void, undefined> {
    const backend = await openResidualBackend(options.backend ?? 'auto');
    const runner = idle.take((kept) => kept.owner === owner)?.runner ?? new ResidualRunner(options, backend);
    let sound = true;
    try {
      checkEnsemble(settings, options.batch, runner.layers.length);
      yield* signals(perturbations, settings, options.batch, runner, listener, passed);
    } catch (error) {
      sound = false;
      throw error;
    } finally {
      if (sound) idle.put({ owner, runner });
      else runner.close();
    }
  }
  const engine = (listener?: (calibration: Calibration) => void, passed?: (calibrates: boolean) => void): Engine => ({
    name: options.architecture.model,
    async *propagate(perturbations, settings): AsyncGenerator<SignalWindow, void, undefined> {
      if (options.backend !== 'webgpu') return yield* windows(perturbations, settings, listener, passed);
      const { anew, toldOnce } = await import('../anew.ts');
      const [listened, counted] = [toldOnce(listener), toldOnce(passed)];
      const own = () => windows(perturbations, settings, listened(), counted());
      yield* anew(own, 'batch, input size or width multiplier');
    },
  });
  return { ...engine(), withCalibration: engine };
}

async function* signals(
  perturbations: Float64Array,
  { ensemble, seed, floor, windowRows, recycle }: EngineOptions,
  batch: number,
  runner: ResidualRunner,
  listener?: (calibration: Calibration) => void,
  passed?: (calibrates: boolean) => void,
): AsyncGenerator<SignalWindow, void, undefined> {
  const { layers } = runner;
  const out = new SignalRows(Math.min(windowRows, batch * layers.length), recycle);
  const retired = retires(floor);
  let network = -1;
  for (let i = 0; i < perturbations.length; ) {
    const first = Math.floor(perturbations[i]! / batch) * batch;
    const own = Math.floor(first / ensemble.reuse);
    if (own !== network) {
      network = own;
      const calibration = await runner.start(seed, network, () => passed?.(true));
      listener?.(calibration);
    }
    const strengths = await runner.strengths(seed, first);
    passed?.(false);
    for (; i < perturbations.length && perturbations[i]! < first + batch; i++) {
      const id = perturbations[i]!;
      for (let l = 1; l <= layers.length; l++) {
        const strength = strengths[(l - 1) * batch + id - first]!;
        out.push(id, l, strength);
        if (out.full) yield out.take();
        if (retired(strength, l)) break;
      }
    }
    if (out.length > 0) yield out.take();
  }
}
