/// <reference types="@webgpu/types" />

import { ParameterError } from '../error.ts';
import type { AnnealedLaw } from '../kernel/annealed.ts';
import { annealedSource, type Chain, ENTRY_WORDS, Kept, type Output, STATE_WORDS } from './annealed.wgsl.ts';
import { COUNTERS, counted } from './counters.ts';
import { allocated, type Gpu, mapped, usage } from './device.ts';
import { type Pace, paceOf } from './pace.ts';
import { kindOf, type Plan, parameterBlock } from './parameters.ts';
import { readBack } from './read-back.ts';
import { sameSetup } from './same-setup.ts';
import { gatherSource, SHAPE_GROUP, shapesSource } from './shapes.wgsl.ts';
import { boundStep, encodeStep, type Step } from './step.ts';
import { type Shape, shapeOf, teamOf } from './team.wgsl.ts';

/** Upper bound of the perturbations followed at once: more than any card has room for. */
const AT_ONCE = { subgroup: 16_384, workgroup: 16_384, invocation: 524_288 };
/** Workgroups that go through kept strengths. */
const SHAPE_GROUPS = 8192;
/** Layers up to which strengths are kept for profiles; deeper networks are followed a second time. */
const KEPT_LAYERS = 4096;

/** Which strengths stay, by what is made of them. */
const keeping: Readonly<Record<Output, number>> = {
  rows: Kept.rows,
  avalanches: Kept.none,
  kept: Kept.slots,
  profiles: Kept.none,
};

/** Whether profiles are made of strengths that were kept. */
export const keepsStrengths = (points: number, depth: number): boolean => points > 0 && depth <= KEPT_LAYERS;

type StepName = Output | 'shapes' | 'gather';
type Contents = 'strengths' | 'states' | 'profiles';

/** The annealed chain on a card: compiled pipelines and buffers of one setup. */
export class AnnealedGpu {
  readonly plan: Plan;
  readonly setup: AnnealedLaw;
  /** What its rounds make, if nothing else is said. */
  readonly output: Output;
  readonly #gpu: Gpu;
  readonly #shape: Shape;
  readonly #pace: Pace;
  readonly #parameters: ArrayBuffer;
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #entries: Uint32Array<ArrayBuffer>;
  readonly #steps = new Map<StepName, Step>();
  #buffers:
    | Record<
        'uniform' | 'list' | 'floors' | 'states' | 'counters' | 'strengths' | 'profiles' | 'staging' | 'seen',
        GPUBuffer
      >
    | undefined;

  constructor(gpu: Gpu, setup: AnnealedLaw, plan: Plan) {
    this.#gpu = gpu;
    this.setup = setup;
    this.plan = plan;
    this.output = plan.output === 'avalanches' && keepsStrengths(plan.points, setup.depth) ? 'kept' : plan.output;
    this.#shape = shapeOf(gpu, setup.width);
    this.#parameters = parameterBlock(setup, plan, this.output === 'kept' ? setup.depth : this.#points);
    this.#words = new Uint32Array(this.#parameters);
    this.#entries = new Uint32Array(ENTRY_WORDS * plan.slots);
    const { activation, width, weightVariance, biasVariance } = setup;
    this.#pace = paceOf(gpu, `${this.#shape} ${activation.name} ${width} ${weightVariance} ${biasVariance}`, width);
  }

  get #points(): number {
    return this.plan.output === 'avalanches' ? this.plan.points : 0;
  }

  /** Strengths that stay on the card: rows of a round, all layers of every slot, or points of its profile. */
  get #strengths(): number {
    const { plan, setup } = this;
    if (plan.output === 'rows') return plan.rows;
    return plan.slots * (this.output === 'kept' ? setup.depth : plan.points);
  }

  /** Whether it can be used for another setup and plan, whatever its card. */
  serves(gpu: Gpu, setup: AnnealedLaw, plan: Plan): boolean {
    const { slots } = this.plan;
    return (
      gpu === this.#gpu &&
      plan.slots <= slots &&
      sameSetup(setup, this.setup) &&
      sameSetup({ ...plan, slots }, this.plan)
    );
  }

  /**
   * Takes memory and compiles the kernels: the first step that waits.
   * @throws ParameterError (as a rejection) for an activation that it doesn't have; OutOfMemory where the card has no room for so many slots
   */
  async start(): Promise<this> {
    const gpu = this.#gpu;
    const { device } = gpu;
    const { width, postActivation, floor } = this.setup;
    const { slots } = this.plan;
    const chain: Chain = { kind: kindOf(this.setup), width, postActivation };
    const kept = this.output === 'kept';
    const points = slots * this.#points;
    const largest = 4 * Math.max(STATE_WORDS * slots, this.#strengths, points);
    if (largest > device.limits.maxStorageBufferBindingSize) {
      throw new ParameterError(`backend webgpu on ${gpu.adapter} has no buffer of ${largest} bytes`);
    }
    const floors = Float32Array.from(floor instanceof Float32Array ? floor : [floor ?? 0]);
    const buffer = (size: number, use: number): GPUBuffer => device.createBuffer({ size, usage: use });
    const { storage, uniform, copySource, copyTarget, mapRead } = usage;
    this.#buffers = await allocated(gpu, () => ({
      uniform: buffer(this.#parameters.byteLength, uniform | copyTarget),
      list: buffer(this.#entries.byteLength, storage | copyTarget),
      floors: buffer(floors.byteLength, storage | copyTarget),
      states: buffer(4 * STATE_WORDS * slots, storage | copySource),
      counters: buffer(COUNTERS, storage | copyTarget | copySource),
      strengths: buffer(4 * Math.max(1, this.#strengths), storage | copySource),
      profiles: buffer(4 * Math.max(1, kept ? points : 0), storage | copySource),
      staging: buffer(4 * Math.max(STATE_WORDS * slots, kept ? points : this.#strengths), copyTarget | mapRead),
      seen: buffer(COUNTERS, copyTarget | mapRead),
    }));
    device.queue.writeBuffer(this.#buffers.floors, 0, floors);
    const names = this.#stepNames();
    const steps = names.map((name) => boundStep(gpu, this.#source(name, chain), this.#bound(name)));
    for (const [i, step] of (await Promise.all(steps)).entries()) this.#steps.set(names[i]!, step);
    return this;
  }

  /** What is done on the card, one after the other. */
  #stepNames(): StepName[] {
    const { output } = this;
    if (output === 'kept') return [output, 'shapes', 'gather'];
    return output === 'avalanches' && this.#points > 0 ? [output, 'profiles'] : [output];
  }

  #source(name: StepName, chain: Chain): string {
    if (name === 'shapes') return shapesSource;
    if (name === 'gather') return gatherSource;
    return annealedSource(chain, this.#shape, this.#gpu.subgroup, name === 'profiles' ? name : 'followed');
  }

  /** Buffers of a step in the order of its bindings. */
  #bound(name: StepName): GPUBuffer[] {
    const { uniform, list, floors, states, counters, strengths, profiles } = this.#buffers!;
    if (name === 'shapes') return [uniform, list, floors, strengths, profiles];
    if (name === 'gather') return [uniform, list, strengths, profiles];
    return [uniform, list, floors, states, counters, strengths];
  }

  /**
   * Puts an entry of the next list.
   * @param fresh 1 where the perturbation begins, 0 where it goes on; for profiles the duration
   */
  enter(at: number, id: number, slot: number, fresh: number): void {
    const entries = this.#entries;
    const place = ENTRY_WORDS * at;
    entries[place] = id;
    entries[place + 1] = id < 2 ** 32 ? 0 : Math.floor(id / 2 ** 32);
    entries[place + 2] = slot;
    entries[place + 3] = fresh;
  }

  #writeList(entries: number): void {
    this.#gpu.device.queue.writeBuffer(this.#buffers!.list, 0, this.#entries, 0, ENTRY_WORDS * entries);
  }

  /**
   * Goes on with the first entries of the list for a number of layers each, in dispatches of about 50 ms: how they are cut makes no difference
   * to what is computed.
   * @param going how many of them have not ended, where the list is that of the round before, and nothing in it begins
   * @returns how many have not ended
   */
  async round(entries: number, layers: number, output: Output = this.output, going?: number): Promise<number> {
    this.#words[6] = layers;
    if (output === 'rows') this.#words[7] = layers;
    this.#words[23] = going === undefined ? 0 : 1;
    this.#words[26] = keeping[output];
    if (going === undefined) this.#writeList(entries);
    // Those that have ended lie among the others, and take no time.
    const share = (going ?? entries) / entries;
    let alive = 0;
    for (let first = 0; first < entries; ) {
      const count = Math.min(entries - first, Math.floor(this.#pace.most(layers + 2) / share));
      const last = first + count === entries && output === 'rows';
      alive += await this.#dispatch(output, first, count, last ? entries * layers : 0);
      first += count;
    }
    return alive;
  }

  /** An empty dispatch, with which the driver does what it defers to the first one. */
  async warm(): Promise<void> {
    await this.#dispatch(this.output, 0, 0, 0);
  }

  /** Strengths of the rows that the round before made, a stretch of its layers for each entry of the list. */
  rows(entries: number, layers: number): Promise<Float32Array> {
    return mapped(this.#gpu, this.#buffers!.staging, 4 * entries * layers, (bytes) => new Float32Array(bytes.slice(0)));
  }

  /** Layers for which so many can be followed in one dispatch. */
  layersFor(perturbations: number): number {
    return Math.min(this.setup.depth, this.#pace.layers(perturbations));
  }

  /** Encodes a step over entries of the list. */
  #encode(encoder: GPUCommandEncoder, name: StepName, first: number, count: number, groups: number): void {
    this.#words[8] = first;
    this.#words[9] = count;
    this.#gpu.device.queue.writeBuffer(this.#buffers!.uniform, 0, this.#parameters);
    encodeStep(encoder, this.#steps.get(name)!, groups);
  }

  /** @param staged strengths that are to be read next */
  async #dispatch(output: Output, first: number, count: number, staged: number): Promise<number> {
    const buffers = this.#buffers!;
    const { perturbations } = teamOf(this.#shape, this.#gpu.subgroup);
    const groups = Math.ceil(Math.min(count, AT_ONCE[this.#shape]) / perturbations);
    const { alive, work, longest, seconds } = await counted(this.#gpu, buffers, (encoder) => {
      this.#encode(encoder, output, first, count, Math.max(1, groups));
      if (staged > 0) encoder.copyBufferToBuffer(buffers.strengths, 0, buffers.staging, 0, 4 * staged);
    });
    this.#pace.learn({ begun: this.#begun(first, count), work, longest, seconds });
    return alive;
  }

  /** Entries that a dispatch has begun. */
  #begun(first: number, count: number): number {
    let begun = 0;
    if (this.#words[23] === 1) return begun;
    for (let at = first; at < first + count; at++) if (this.#entries[ENTRY_WORDS * at + 3] !== 0) begun++;
    return begun;
  }

  #copied<T>(encoder: GPUCommandEncoder, what: Contents, words: number, use: (bytes: ArrayBuffer) => T): Promise<T> {
    const { staging, [what]: source } = this.#buffers!;
    return readBack(this.#gpu, encoder, { source, staging, words }, use);
  }

  /**
   * Reads states, or profiles of a second pass, slot by slot.
   * @param use what is made of them, before it returns: the memory is the card's
   */
  read<T>(what: 'strengths' | 'states', slots: number, use: (bytes: ArrayBuffer) => T): Promise<T> {
    const words = slots * (what === 'states' ? STATE_WORDS : this.#points);
    return this.#copied(this.#gpu.device.createCommandEncoder(), what, words, use);
  }

  /**
   * Profiles of kept strengths, row after row.
   * @param entries of the list, each the row, the slot and the duration of a profile; of rows without one nothing is known
   */
  shapes<T>(entries: number, rows: number, use: (bytes: ArrayBuffer) => T): Promise<T> {
    this.#writeList(entries);
    const encoder = this.#gpu.device.createCommandEncoder();
    const groups = Math.min(SHAPE_GROUPS, Math.ceil((entries * this.#points) / SHAPE_GROUP));
    this.#encode(encoder, 'shapes', 0, entries, Math.max(1, groups));
    return this.#copied(encoder, 'profiles', rows * this.#points, use);
  }

  /** Most strengths that `gather` takes. */
  get room(): number {
    return this.output === 'kept' ? this.plan.slots * this.#points : 0;
  }

  /**
   * Kept strengths of some slots.
   * @param entries of the list, each the place that a slot's strengths go to, the slot, and their number
   * @param words places in all, at most `room`; those that no slot's strengths go to may hold anything
   * @param use what is made of them, before it returns: the memory is the card's
   */
  gather<T>(entries: number, words: number, use: (bytes: ArrayBuffer) => T): Promise<T> {
    this.#writeList(entries);
    const encoder = this.#gpu.device.createCommandEncoder();
    this.#encode(encoder, 'gather', 0, entries, Math.min(SHAPE_GROUPS, entries));
    return this.#copied(encoder, 'profiles', words, use);
  }

  close(): void {
    for (const one of Object.values(this.#buffers ?? {})) one.destroy();
    this.#buffers = undefined;
  }
}
