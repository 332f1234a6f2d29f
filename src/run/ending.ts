import type { Aftermath, Composition } from '../pipeline.ts';
import { type Load, unloaded } from './load.ts';
import type { Snapshot } from './options.ts';

/** Default for compositions without `after`: a table, the page, and a few figures if there are any. */
const unsaid = ({ figures }: Composition): Aftermath => ({ all: 0.1, figures: figures === undefined ? 0.2 : 2 });

/** What is to come once the simulation is over, in seconds. */
interface ToCome {
  readonly fitting: number;
  readonly drawing: number;
}

/**
 * Estimates how many seconds fits and figures take after a simulation: what the composition says (`after`), scaled by how long the ensembles
 * took that have been measured already. Workers measure ensembles while others are simulated; the rest is measured at the end.
 */
export class Ending {
  readonly #draws: boolean;
  #composition: Composition;
  /** Ensembles that workers were given, and those that they have measured. */
  #handed = new Set<number>();
  #measured = new Set<number>();
  #took = 0;
  #thought = 0;

  readonly #load: Load;

  /**
   * @param draws whether there will be figures and a page
   */
  constructor(composition: Composition, draws: boolean, load: Load = unloaded) {
    this.#composition = composition;
    this.#draws = draws;
    this.#load = load;
  }

  /** A phase begins, with ensembles of its own. */
  enter(composition: Composition): void {
    if (composition === this.#composition) return;
    this.#composition = composition;
    this.#handed = new Set();
    this.#measured = new Set();
  }

  hand(ensemble: number): void {
    this.#handed.add(ensemble);
  }

  /**
   * A worker has measured an ensemble in so many seconds.
   * @param busy threads that were busy then, this worker included
   */
  note(ensemble: number, seconds: number, busy: number): void {
    this.#measured.add(ensemble);
    const thought = this.#alone(ensemble);
    if (thought === 0) return;
    this.#took += seconds * this.#load.share(busy);
    this.#thought += thought;
  }

  /**
   * Seconds of fits and figures to come after the simulation.
   * @param done ensembles that are simulated: the first of the list, as a rule
   * @param remaining seconds of the simulation that are left
   */
  after({ done, ensembles, remaining }: Pick<Snapshot, 'done' | 'ensembles' | 'remaining'>): ToCome {
    const { after, ahead } = this.#composition;
    const slowness = this.#load.alone() * (this.#thought === 0 ? 1 : this.#took / this.#thought);
    const { all, figures, figuresEach = 0 }: Aftermath = after ?? unsaid(this.#composition);
    let here = 0;
    let beside = 0;
    for (let l = 0; l < ensembles; l++) {
      if (this.#measured.has(l)) continue;
      if (this.#handed.has(l) || (ahead !== undefined && l >= done)) beside += this.#alone(l);
      else here += this.#alone(l);
    }
    const last = done < ensembles ? this.#alone(ensembles - 1) : 0;
    // Workers measure while others are simulated, so that only what exceeds `remaining` is left, and at least the last ensemble.
    const left =
      ahead === undefined ? beside : Math.max(last, beside - (Number.isFinite(remaining) ? remaining : 0) / slowness);
    return {
      fitting: slowness * (here + left + all),
      drawing: this.#draws ? slowness * (figures + figuresEach * ensembles) : 0,
    };
  }

  /** Seconds that the composition says the fits of one ensemble take. */
  #alone(l: number): number {
    const { after, ensembles } = this.#composition;
    return after?.each?.(ensembles[l]!) ?? 0;
  }
}
