/// <reference types="@webgpu/types" />

import type { Detection } from '../shortcut.ts';
import { STATE_WORDS } from './annealed.wgsl.ts';
import { COUNTERS, counted } from './counters.ts';
import { allocated, type Gpu, usage } from './device.ts';
import { KeptStrengths } from './kept-strengths.ts';
import { type Pace, paceOf } from './pace.ts';
import { kindOf } from './parameters.ts';
import { NETWORK_WORDS, quenchedSource } from './quenched.wgsl.ts';
import { checkSharing, costOf, networkBlock, type QuenchedLaw, ROUND } from './quenched-parameters.ts';
import { entriesOf, findsOf, type NetworkPlan } from './quenched-plan.ts';
import { recordWords, slotSizes } from './quenched-slots.ts';
import { readBack } from './read-back.ts';
import { sameSetup } from './same-setup.ts';
import { boundStep, encodeStep, type Step } from './step.ts';

/** Networks that are followed at once, more than any card has room for. */
const AT_ONCE = 16_384;
/** Bytes that the slots of a kernel may take, and strengths that are kept for shapes. */
const SLOTS = 2 ** 28;
const STRENGTHS = 2 ** 28;
/** Fewest networks that are followed at a time where their strengths are kept: windows are as fast as fewer, most of a card having nothing to do. */
const FEWEST = 64;

/** Whether strengths of all layers are kept for shapes. */
export const keepsLayers = ({ reuse, depth }: Pick<QuenchedLaw, 'reuse' | 'depth'>): boolean =>
  4 * reuse * depth * FEWEST <= STRENGTHS;

/** Networks that are followed on a card: pipeline and buffers of one setup. */
export class QuenchedGpu {
  readonly setup: QuenchedLaw;
  readonly plan: NetworkPlan;
  readonly slots: number;
  readonly #gpu: Gpu;
  readonly #pace: Pace;
  readonly #parameters: ArrayBuffer;
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #entries: Uint32Array<ArrayBuffer>;
  /** What a layer costs each entry. */
  readonly #costs: Float64Array;
  #step: Step | undefined;
  #shapes: KeptStrengths | undefined;
  /** What the kernel is bound to, in the order of its bindings, and what is read from. */
  #buffers:
    | (Record<'uniform' | 'list' | 'floors' | 'states' | 'counters', GPUBuffer> &
        Record<'strengths' | 'factors' | 'grams' | 'lower' | 'staging' | 'seen', GPUBuffer>)
    | undefined;

  /**
   * Networks that a kernel may hold.
   * @param largest bytes that a buffer may have, `maxStorageBufferBindingSize` of the device
   */
  static most(
    { reuse, depth }: Pick<QuenchedLaw, 'reuse' | 'depth'>,
    largest: number,
    plan: Pick<NetworkPlan, 'output'> & Partial<Detection> = { output: 'rows' },
  ): number {
    const { states, ...others } = slotSizes(reuse);
    const finds = plan.output === 'avalanches';
    const words = { ...others, states: states + (finds ? recordWords(reuse) : 0) };
    const all = SLOTS / 4 / Object.values(words).reduce((sum, size) => sum + size, 0);
    const points = plan.points ?? 0;
    const kept = points > 0 ? Math.min(STRENGTHS, largest) / 4 / (reuse * Math.max(depth, points)) : Infinity;
    return Math.max(1, Math.floor(Math.min(all, kept, largest / 4 / Math.max(...Object.values(words)))));
  }

  /** @param slots networks at a time */
  constructor(gpu: Gpu, setup: QuenchedLaw, slots: number, plan: NetworkPlan) {
    checkSharing(setup);
    this.#gpu = gpu;
    this.setup = setup;
    this.plan = plan;
    this.slots = slots;
    this.#parameters = networkBlock(setup);
    this.#words = new Uint32Array(this.#parameters);
    this.#words[18] = this.#records;
    this.#words[19] = this.#left;
    if (plan.output === 'avalanches') {
      this.#words[20] = entriesOf(plan.threshold).length;
      this.#words[22] = findsOf(plan);
    }
    this.#entries = new Uint32Array(NETWORK_WORDS * slots);
    this.#costs = new Float64Array(slots);
    const { activation, width, weightVariance, biasVariance, reuse } = setup;
    this.#pace = paceOf(gpu, `quenched ${reuse} ${activation.name} ${width} ${weightVariance} ${biasVariance}`, width);
  }

  /** Where records of perturbations begin among the words of the states, and how many go on of each network after them. */
  get #records(): number {
    return slotSizes(this.setup.reuse).states * this.slots;
  }
  get #left(): number {
    return this.#records + STATE_WORDS * this.setup.reuse * this.slots;
  }

  /** Points of a perturbation's shape. */
  get #points(): number {
    return this.plan.output === 'avalanches' ? this.plan.points : 0;
  }

  /** Perturbations that it may follow at a time. */
  get perturbations(): number {
    return this.slots * this.setup.reuse;
  }

  /** Whether it may follow networks of another setup and plan, on whichever card it is on. */
  serves(gpu: Gpu, setup: QuenchedLaw, slots: number, plan: NetworkPlan): boolean {
    return gpu === this.#gpu && slots <= this.slots && sameSetup(setup, this.setup) && sameSetup(plan, this.plan);
  }

  /**
   * Takes memory and compiles the kernel: the first step that waits.
   * @throws ParameterError (as a rejection) for an activation that it doesn't have; OutOfMemory where the card has no room for so many slots
   */
  async start(): Promise<this> {
    const gpu = this.#gpu;
    const { device } = gpu;
    const { plan, slots, setup } = this;
    const { reuse, postActivation, floor, depth } = setup;
    const finds = plan.output === 'avalanches' ? plan : undefined;
    const sizes = slotSizes(reuse);
    const kept = this.#points > 0;
    const code = quenchedSource({
      kind: kindOf(setup, 'quenched'),
      reuse,
      postActivation,
      floor: floor === null ? 'none' : typeof floor === 'number' ? 'constant' : 'layers',
    });
    const floors = Float32Array.from([...(finds ? entriesOf(finds.threshold) : []), ...entriesOf(floor)]);
    const rows = plan.output === 'rows' ? plan.rows : kept ? depth * this.perturbations : 1;
    const records = finds ? recordWords(reuse) * slots : 0;
    const buffer = (size: number, use: number): GPUBuffer => device.createBuffer({ size, usage: use });
    const { storage, uniform, copySource, copyTarget, mapRead } = usage;
    this.#buffers = await allocated(gpu, () => ({
      uniform: buffer(this.#parameters.byteLength, uniform | copyTarget),
      list: buffer(this.#entries.byteLength, storage | copyTarget),
      floors: buffer(floors.byteLength, storage | copyTarget),
      states: buffer(4 * (sizes.states * slots + records), storage | copySource),
      counters: buffer(COUNTERS, storage | copyTarget | copySource),
      strengths: buffer(4 * rows, storage | copySource),
      factors: buffer(4 * sizes.factors * slots, storage),
      grams: buffer(4 * sizes.grams * slots, storage),
      lower: buffer(4 * sizes.lower * slots, storage),
      staging: buffer(4 * (finds ? records : rows), copyTarget | mapRead),
      seen: buffer(COUNTERS, copyTarget | mapRead),
    }));
    const { staging: _, seen: __, ...bound } = this.#buffers;
    device.queue.writeBuffer(bound.floors, 0, floors);
    this.#step = await boundStep(gpu, code, Object.values(bound));
    if (finds && kept) {
      const shapes = new KeptStrengths(gpu, finds, depth, this.perturbations);
      this.#shapes = await shapes.start(bound.strengths, bound.floors);
    }
    return this;
  }

  /** Strengths that were kept for shapes, where they are asked for. */
  get kept(): KeptStrengths | undefined {
    return this.#shapes;
  }

  /**
   * Puts an entry of the next list.
   * @param rows perturbations of the network that are under way
   * @param place where its strengths go: layer after layer, each that of these perturbations in the order of their slots
   */
  enter(at: number, network: number, slot: number, fresh: boolean, rows: number, place = 0): void {
    const entries = this.#entries;
    const word = NETWORK_WORDS * at;
    entries[word] = network;
    entries[word + 1] = network < 2 ** 32 ? 0 : Math.floor(network / 2 ** 32);
    entries[word + 2] = slot;
    entries[word + 3] = fresh ? 1 : 0;
    entries[word + 4] = place;
    // The first layer takes three passes.
    this.#costs[at] = costOf(rows);
  }

  /**
   * Goes on with the first entries of the list for a number of layers each, in dispatches of about 50 ms: how they are cut makes no difference
   * to what is computed.
   */
  async #round(entries: number, layers: number): Promise<void> {
    this.#words[6] = layers;
    this.#gpu.device.queue.writeBuffer(this.#buffers!.list, 0, this.#entries, 0, NETWORK_WORDS * entries);
    for (let first = 0; first < entries; ) {
      const most = this.#pace.most(layers + 2);
      let [cost, begun] = [0, 0];
      let to = first;
      while (to < entries && (to === first || cost + this.#costs[to]! <= most)) {
        cost += this.#costs[to]!;
        if (this.#entries[NETWORK_WORDS * to + 3] === 1) begun += this.#costs[to]!;
        to++;
      }
      await this.#dispatch(first, to - first, begun);
      first = to;
    }
  }

  /**
   * Strengths of the next layers of all entries.
   * @param rows places of strengths in all
   */
  async rows(entries: number, layers: number, rows: number): Promise<Float32Array> {
    await this.#round(entries, layers);
    return this.#read('strengths', 0, rows, (bytes) => new Float32Array(bytes.slice(0)));
  }

  /**
   * Goes on to find avalanches, for as many layers as a dispatch has time for.
   * @returns perturbations of each entry that go on; none of a network whose avalanches have all ended
   */
  async go(entries: number): Promise<Uint32Array> {
    let [all, most] = [0, 0];
    for (let at = 0; at < entries; at++) {
      all += this.#costs[at]!;
      most = Math.max(most, this.#costs[at]!);
    }
    const fewest = Math.floor(ROUND / (this.setup.width * most));
    const layers = Math.max(1, fewest, Math.floor(this.#pace.layers(all / most) / most));
    await this.#round(entries, Math.min(this.setup.depth, layers));
    return this.#read('states', this.#left, entries, (bytes) => new Uint32Array(bytes.slice(0)));
  }

  /**
   * Records of the perturbations of the first slots, each a state as engine annealed has it.
   * @param use what is made of them, before it returns: the memory is the card's
   */
  records<T>(slots: number, use: (bytes: ArrayBuffer) => T): Promise<T> {
    return this.#read('states', this.#records, STATE_WORDS * this.setup.reuse * slots, use);
  }

  #read<T>(what: 'strengths' | 'states', from: number, words: number, use: (bytes: ArrayBuffer) => T): Promise<T> {
    const { staging, [what]: source } = this.#buffers!;
    const encoder = this.#gpu.device.createCommandEncoder();
    return readBack(this.#gpu, encoder, { source, staging, from, words }, use);
  }

  /** @param begun what a layer costs of those that begin */
  async #dispatch(first: number, count: number, begun: number): Promise<void> {
    const buffers = this.#buffers!;
    const { work, longest, seconds } = await counted(this.#gpu, buffers, (encoder) => {
      [this.#words[7], this.#words[8]] = [first, count];
      this.#gpu.device.queue.writeBuffer(buffers.uniform, 0, this.#parameters);
      encodeStep(encoder, this.#step!, Math.min(count, AT_ONCE));
    });
    this.#pace.learn({ begun, work, longest, seconds });
  }

  close(): void {
    this.#shapes?.close();
    for (const one of Object.values(this.#buffers ?? {})) one.destroy();
    this.#buffers = undefined;
  }
}
