import { ParameterError } from '../error.ts';
import { activation } from '../network/activation.ts';
import { RandomStream } from '../numeric/random.ts';
import { absorb, hashKey } from '../numeric/random-key.ts';
import { type LayerLaw, layerLaw } from './effective/layer-law.ts';
import type { Engine, EngineOptions, SignalWindow } from './engine.ts';
import { SignalRows } from './signal-rows.ts';

/** Sets these streams apart from those of the other engines. */
const purpose = 0x65666665;
const WORD = 2 ** 32;

export interface EffectiveOptions {
  /**
   * Layers narrower than this have every neuron drawn, which is exact and costs O(N). From this width on the only approximation is that
   * the fluctuation of (1/N)Σ φ(h)² at given signal strength is Gaussian but for its skewness (see `effective/table.ts`): at N = 32
   * 300,000 samples can't tell it from drawn neurons. Default 32.
   */
  readonly exactBelow?: number;
}

/** One perturbation on its way through fresh layers. */
class Trace {
  done = true;
  private readonly law: LayerLaw;
  private readonly options: EngineOptions;
  private readonly floors: Float32Array | null;
  private readonly floor: number;
  private readonly prefix: Int32Array;
  private readonly key = new Int32Array(4);
  private stream: RandomStream;
  private id = 0;
  private layer = 0;
  private readonly state = new Float64Array(3);

  constructor(law: LayerLaw, options: EngineOptions) {
    const { floor, seed, ensemble } = options;
    this.law = law;
    this.options = options;
    this.floors = floor instanceof Float32Array ? floor : null;
    this.floor = typeof floor === 'number' ? Math.fround(floor) : Number.NEGATIVE_INFINITY;
    this.prefix = hashKey(seed, [ensemble.index, purpose], 3);
    this.stream = new RandomStream(this.prefix);
  }

  /** Begins a perturbation: its stream depends on seed, ensemble and id alone. */
  open(id: number): void {
    this.key.set(this.prefix);
    absorb(this.key, id | 0, (id / WORD) | 0);
    this.stream = new RandomStream(this.key);
    this.id = id;
    this.layer = 0;
    this.state[2] = this.law.drive(this.stream, this.options.ensemble.inputStrength ** 2);
    this.done = false;
  }

  /** Goes on until the trace has ended or the window is full. */
  follow(rows: SignalRows): void {
    const { law, stream, id, floors, options, state } = this;
    const { depth, weightVariance, biasVariance } = options.ensemble;
    const post = options.observable === 'post-activation';
    const lasting = options.floor === null;
    let { floor, layer } = this;
    let done: boolean;
    do {
      layer++;
      state[0] = weightVariance * state[2]! + biasVariance;
      law.draw(stream, state);
      const strength = Math.fround(Math.sqrt(state[post ? 2 : 1]!));
      rows.push(id, layer, strength);
      if (floors !== null) floor = floors[layer]!;
      // A strength that is not finite has been passed on and stays so: there is nothing left to follow.
      done = layer >= depth || (!lasting && !(strength >= floor && strength < Number.POSITIVE_INFINITY));
    } while (!done && !rows.full);
    this.layer = layer;
    this.done = done;
  }
}

/**
 * The effective engine with another width limit.
 * @throws ParameterError where exactBelow isn't an integer ≥ 1
 */
export function effectiveEngine({ exactBelow = 32 }: EffectiveOptions = {}): Engine {
  if (!(Number.isInteger(exactBelow) && exactBelow >= 1)) {
    throw new ParameterError(`exactBelow must be an integer of at least 1, got ${exactBelow}`);
  }
  return {
    name: 'effective',
    *propagate(perturbations: Float64Array, options: EngineOptions): Generator<SignalWindow, void, undefined> {
      const { ensemble, windowRows } = options;
      if (ensemble.reuse !== 1) {
        throw new ParameterError(
          `engine effective draws a network for each perturbation: reuse must be 1, got ${ensemble.reuse}; use quenched or dense`,
        );
      }
      const law = layerLaw(activation(ensemble.activation), ensemble.width, exactBelow);
      const trace = new Trace(law, options);
      const rows = new SignalRows(windowRows);
      for (const id of perturbations) {
        trace.open(id);
        while (!trace.done) {
          trace.follow(rows);
          if (rows.full) yield rows.take();
        }
      }
      if (rows.length > 0) yield rows.take();
    },
  };
}

/**
 * One perturbation a network (reuse 1), O(1) a layer at any width: the squared signal strength is v·χ²_N/N, sampled exactly, and the mean
 * square activation given it follows a tabulated law (see `effective/moments.ts`). Widths below 32 draw every neuron.
 */
export const effective: Engine = effectiveEngine();
