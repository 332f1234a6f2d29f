import type { LayerWeights } from '../propagation/dense-weights.ts';
import { stretch } from '../stage.ts';
import type { Networks } from './tensor-networks.ts';
import type { BatchTally, FirstWeights, Trainer, Watch } from './trainer.ts';

/** The networks of a group were lost with their device, or because its memory was too small for them: they have to begin anew. */
export class GroupLoss extends Error {}

/** What a group asks of whoever opened it. */
export interface GroupOptions {
  /** The networks of its members; opened when the first one sits. */
  open(): Networks;
  /** Images a step. */
  readonly batch: number;
  /** Members that sit at once, at most: others wait for a place. */
  readonly most: number;
  /** Told that a network made a pass more than before it was lost. */
  further(): void;
  /** Told of an error that ends the group: what its members are to hear. */
  failed(error: unknown, members: number): Error;
  /** Told once all are gone. */
  left(): void;
}

interface Pass {
  readonly order: Uint32Array;
  readonly watch: Watch | undefined;
  readonly resolve: (tally: BatchTally) => void;
  readonly reject: (error: Error) => void;
  loss: number;
  hits: number;
}

interface Member {
  readonly first: FirstWeights;
  readonly seated: (trainer: Trainer) => void;
  readonly refused: (error: Error) => void;
  /** The pass that it has asked for, and how many it has made. */
  pass: Pass | undefined;
  passes: number;
  closed: boolean;
  /** Why its network is gone: it hears that at whatever it asks for next. */
  lost: Error | undefined;
}

/** Steps between two readings of the tallies: the device is never fed further ahead than that. */
const READ_EVERY = 8;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Networks that train in step, whoever they belong to: a pass begins once all who sit here have asked for one, and each call of the backend
 * then is for all of them. Who comes or goes meanwhile does so at its end. A network's numbers don't
 * depend on the company (`tensor-networks.ts`), but with TensorFlow's own library, which shares its work out by the size of tensors.
 */
export class TrainingGroup {
  readonly #options: GroupOptions;
  readonly #waiting: Member[] = [];
  #seated: Member[] = [];
  #networks: Networks | undefined;
  #working = false;
  /** Networks are at work, or are being moved. */
  #busy = false;
  #current: Promise<void> | undefined;
  /** Members who are reading their weights: nobody comes or goes meanwhile. */
  #reading = 0;
  /** A member has asked for something since the group last looked for work. */
  #stirred = false;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  /** Resolves once the network has a place and its first weights. */
  join(first: FirstWeights): Promise<Trainer> {
    return new Promise((seated, refused) => {
      this.#waiting.push({ first, seated, refused, pass: undefined, passes: 0, closed: false, lost: undefined });
      this.#work();
    });
  }

  #trainer(member: Member): Trainer {
    return {
      pass: (order, watch) =>
        new Promise((resolve, reject) => {
          if (member.lost !== undefined) return reject(member.lost);
          member.pass = { order, watch, resolve, reject, loss: 0, hits: 0 };
          this.#work();
        }),
      weights: () => this.#weights(member),
      close: () => {
        if (member.lost !== undefined) return;
        member.closed = true;
        if (!this.#busy && this.#waiting.length === 0 && this.#seated.every(({ closed }) => closed)) this.#end();
        else this.#work();
      },
    };
  }

  async #weights(member: Member): Promise<LayerWeights[]> {
    this.#reading++;
    try {
      await this.#current;
      if (member.lost === undefined) return await this.#networks!.weights(this.#seated.indexOf(member));
      throw member.lost;
    } catch (error) {
      if (member.lost === undefined) this.#fail(error);
      throw member.lost;
    } finally {
      this.#reading--;
      this.#work();
    }
  }

  #work(): void {
    this.#stirred = true;
    if (this.#working) return;
    this.#working = true;
    this.#current = this.#doAll();
  }

  async #doAll(): Promise<void> {
    try {
      while (this.#stirred) {
        // Those who come together sit down together.
        await turn();
        this.#stirred = false;
        while (await this.#next());
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#working = false;
    }
  }

  /** Does the next thing that members have asked for; false where there is nothing to do until one asks again. */
  async #next(): Promise<boolean> {
    if (this.#reading > 0) return false;
    const staying = this.#seated.filter(({ closed }) => !closed);
    if (staying.length + this.#waiting.length === 0) {
      this.#end();
      return false;
    }
    this.#networks ??= this.#options.open();
    const networks = this.#networks;
    const places = Math.min(this.#options.most, networks.most);
    const coming = this.#waiting.splice(0, Math.max(0, places - staying.length));
    if (coming.length > 0 || staying.length < this.#seated.length) {
      const kept = staying.map((member) => this.#seated.indexOf(member));
      this.#seated = [...staying, ...coming];
      this.#busy = true;
      await networks.rearrange(
        kept,
        coming.map(({ first }) => first),
      );
      this.#busy = false;
      networks.check();
      for (const member of coming) member.seated(this.#trainer(member));
      return true;
    }
    if (staying.some(({ pass }) => pass === undefined)) return false;
    this.#busy = true;
    await this.#pass(
      networks,
      staying.map(({ pass }) => pass!),
    );
    this.#busy = false;
    return true;
  }

  async #pass(networks: Networks, passes: readonly Pass[]): Promise<void> {
    const { length } = passes[0]!.order;
    if (passes.some(({ order }) => order.length !== length)) throw new Error('passes in step have one length');
    const { batch } = this.#options;
    let [turned, told, unread, from] = [performance.now(), 0, 0, 0];
    const read = async (): Promise<void> => {
      add(passes, await networks.tallies());
      networks.check();
      unread = 0;
    };
    const tell = (): void => {
      for (const { watch } of passes) watch?.told((from - told) / length);
      told = from;
    };
    while (from < length && !passes.every(({ watch }) => watch?.halted() === true)) {
      const rows = Math.min(batch, length - from);
      const chosen = new Int32Array(passes.length * rows);
      passes.forEach(({ order }, i) => {
        chosen.set(order.subarray(from, from + rows), i * rows);
      });
      networks.step(chosen, rows);
      from += rows;
      if (++unread === READ_EVERY) await read();
      if (performance.now() - turned < stretch) continue;
      tell();
      await turn();
      networks.check();
      turned = performance.now();
    }
    if (unread > 0) await read();
    const images = from;
    from = length;
    tell();
    for (const member of this.#seated) {
      member.pass = undefined;
      if (++member.passes > (member.first.passed ?? 0)) this.#options.further();
    }
    for (const { resolve, loss, hits } of passes) resolve({ loss, hits, images });
  }

  #end(): void {
    this.#networks?.close();
    this.#networks = undefined;
    this.#seated = [];
    this.#options.left();
  }

  #fail(error: unknown): void {
    this.#busy = false;
    const members = [...this.#seated, ...this.#waiting.splice(0)];
    const why = this.#options.failed(error, this.#seated.length);
    try {
      this.#end();
    } catch {
      // What is gone with its device can't be given back.
    }
    for (const member of members) {
      member.lost = why;
      member.refused(why);
      member.pass?.reject(why);
    }
  }
}

/** Adds what steps came to, in their order, as a network alone would. */
function add(passes: readonly Pass[], tallies: Float32Array): void {
  const count = passes.length;
  for (let at = 0; at < tallies.length; at += 2 * count) {
    passes.forEach((pass, i) => {
      pass.loss += tallies[at + i]!;
      pass.hits += tallies[at + count + i]!;
    });
  }
}
