/// <reference types="@webgpu/types" />

import { ParameterError } from '../error.ts';
import type { AnnealedLaw } from '../kernel/annealed.ts';
import { hashKey } from '../numeric/random-key.ts';
import { allocated, compiled, type Gpu, mapped, usage } from './device.ts';
import { Pace } from './pace.ts';
import { kindOf } from './parameters.ts';
import { MOST_SHARING, NETWORK_PARAMETER_WORDS, NETWORK_WORDS, quenchedSource, slotSizes } from './quenched.wgsl.ts';

/** Third word of the key of a network's normals: (seed, ensemble, purpose, network). */
export const PURPOSE = 0x77677175;
/** Networks that are followed at once, more than any card has room for. */
const AT_ONCE = 16_384;
/** Bytes that the slots of a kernel may take. */
const SLOTS = 2 ** 28;
/** Bytes of the counters. */
const COUNTERS = 16;
const noCounters = new Uint32Array(COUNTERS / 4);
/** Neurons times what a layer costs a perturbation and its company: beyond it a layer takes a workgroup too long. */
const LARGEST = 1e9;

/** What engine quenched has to know: that of engine annealed, and how many share a network. */
export interface QuenchedLaw extends AnnealedLaw {
  readonly reuse: number;
}

/** What a layer costs a workgroup where so many rows go through it, a row alone being 4: as the kernel counts it. */
export function costOf(rows: number): number {
  const padded = 4 * Math.ceil(rows / 4);
  return Math.ceil((padded * (padded + 48)) / 64);
}

/** @throws ParameterError for networks that a card doesn't take */
function checkSharing({ reuse, width }: Pick<QuenchedLaw, 'reuse' | 'width'>): void {
  const most = Math.min(MOST_SHARING, Math.floor(Math.sqrt(LARGEST / width + 24 ** 2) - 24));
  if (reuse <= most) return;
  throw new ParameterError(
    `backend webgpu takes engine quenched up to reuse ${most} at width ${width}, got ${reuse}; engine quenched takes more without`,
  );
}

/** x as m·2^e, m in [1, 2). */
function binary(x: number): readonly [number, number] {
  if (x === 0) return [0, 0];
  let e = Math.floor(Math.log2(x));
  if (x / 2 ** e >= 2) e++;
  if (x / 2 ** e < 1) e--;
  const m = Math.fround(x / 2 ** e);
  return m === 2 ? [1, e + 1] : [m, e];
}

function parameterBlock(setup: QuenchedLaw): ArrayBuffer {
  const block = new ArrayBuffer(4 * NETWORK_PARAMETER_WORDS);
  const [words, integers, floats] = [new Uint32Array(block), new Int32Array(block), new Float32Array(block)];
  const { width, depth, weightVariance, biasVariance, inputStrength, activation } = setup;
  integers.set(hashKey(setup.seed, [setup.ensemble, PURPOSE], 3));
  words.set([width, depth], 4);
  [floats[9], integers[10]] = binary(inputStrength);
  floats[11] = activation.argument ?? 0;
  // Twice the precision: a rounded σw²/N would be a drift of its own at large widths.
  const pair = (x: number): number[] => [x, x - Math.fround(x)];
  floats.set([...pair(weightVariance / width), ...pair(1 / width)], 12);
  [floats[16], integers[17]] = binary(Math.sqrt(biasVariance));
  return block;
}

/** Networks that are followed on a card: pipeline and buffers of one setup. */
export class QuenchedGpu {
  readonly setup: QuenchedLaw;
  readonly slots: number;
  readonly #rows: number;
  readonly #gpu: Gpu;
  readonly #pace: Pace;
  readonly #parameters: ArrayBuffer;
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #entries: Uint32Array<ArrayBuffer>;
  /** What a layer costs each entry. */
  readonly #costs: Float64Array;
  #pipeline: GPUComputePipeline | undefined;
  #group: GPUBindGroup | undefined;
  /** What the kernel is bound to, in the order of its bindings, and what is read from. */
  #buffers:
    | (Record<'uniform' | 'list' | 'floors' | 'states' | 'counters', GPUBuffer> &
        Record<'strengths' | 'factors' | 'grams' | 'lower' | 'staging' | 'seen', GPUBuffer>)
    | undefined;

  /**
   * Networks that a kernel may hold.
   * @param largest bytes that a buffer may have, `maxStorageBufferBindingSize` of the device
   */
  static most({ reuse }: Pick<QuenchedLaw, 'reuse'>, largest: number): number {
    const { states, factors, grams, lower } = slotSizes(reuse);
    const all = SLOTS / 4 / (states + factors + grams + lower);
    return Math.max(1, Math.floor(Math.min(all, largest / 4 / Math.max(states, factors, grams, lower))));
  }

  /** @param rows strengths of a round at most */
  constructor(gpu: Gpu, setup: QuenchedLaw, slots: number, rows: number) {
    checkSharing(setup);
    this.#gpu = gpu;
    this.setup = setup;
    this.slots = slots;
    this.#rows = rows;
    this.#parameters = parameterBlock(setup);
    this.#words = new Uint32Array(this.#parameters);
    this.#entries = new Uint32Array(NETWORK_WORDS * slots);
    this.#costs = new Float64Array(slots);
    const { activation, width, weightVariance, biasVariance, reuse } = setup;
    const key = `quenched ${reuse} ${activation.name} ${width} ${weightVariance} ${biasVariance}`;
    this.#pace = gpu.paces.get(key) ?? new Pace(gpu, width);
    gpu.paces.set(key, this.#pace);
  }

  /** Whether it may follow networks of another setup, on whichever card it is on. */
  serves(gpu: Gpu, setup: QuenchedLaw, slots: number, rows: number): boolean {
    const equal = (a: unknown, b: unknown): boolean =>
      a === b || (a instanceof Float32Array && b instanceof Float32Array && `${a}` === `${b}`);
    const same = Object.entries(setup).every(([key, value]) => equal(value, this.setup[key as keyof QuenchedLaw]));
    return gpu === this.#gpu && same && slots <= this.slots && rows <= this.#rows;
  }

  /**
   * Takes memory and compiles the kernel: the first step that waits.
   * @throws ParameterError (as a rejection) for an activation that it doesn't have; OutOfMemory where the card has no room for so many slots
   */
  async start(): Promise<this> {
    const gpu = this.#gpu;
    const { device } = gpu;
    const { reuse, postActivation, floor } = this.setup;
    const sizes = slotSizes(reuse);
    const code = quenchedSource({
      kind: kindOf(this.setup, 'quenched'),
      reuse,
      postActivation,
      floor: floor === null ? 'none' : typeof floor === 'number' ? 'constant' : 'layers',
    });
    const floors = Float32Array.from(floor instanceof Float32Array ? floor : [floor ?? 0]);
    const buffer = (size: number, use: number): GPUBuffer => device.createBuffer({ size, usage: use });
    const { storage, uniform, copySource, copyTarget, mapRead } = usage;
    const { slots } = this;
    this.#buffers = await allocated(gpu, () => ({
      uniform: buffer(this.#parameters.byteLength, uniform | copyTarget),
      list: buffer(this.#entries.byteLength, storage | copyTarget),
      floors: buffer(floors.byteLength, storage | copyTarget),
      states: buffer(4 * sizes.states * slots, storage),
      counters: buffer(COUNTERS, storage | copyTarget | copySource),
      strengths: buffer(4 * this.#rows, storage | copySource),
      factors: buffer(4 * sizes.factors * slots, storage),
      grams: buffer(4 * sizes.grams * slots, storage),
      lower: buffer(4 * sizes.lower * slots, storage),
      staging: buffer(4 * this.#rows, copyTarget | mapRead),
      seen: buffer(COUNTERS, copyTarget | mapRead),
    }));
    const { staging: _, seen: __, ...bound } = this.#buffers;
    device.queue.writeBuffer(bound.floors, 0, floors);
    this.#pipeline = await compiled(gpu, code);
    this.#group = device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: Object.values(bound).map((one, binding) => ({ binding, resource: { buffer: one } })),
    });
    return this;
  }

  /**
   * Puts an entry of the next list.
   * @param rows perturbations of the network that are under way
   * @param place where its strengths go: layer after layer, each that of these perturbations in the order of their slots
   */
  enter(at: number, network: number, slot: number, fresh: boolean, rows: number, place: number): void {
    const high = network < 2 ** 32 ? 0 : Math.floor(network / 2 ** 32);
    this.#entries.set([network, high, slot, fresh ? 1 : 0, place], NETWORK_WORDS * at);
    // The first layer takes three passes.
    this.#costs[at] = costOf(rows);
  }

  /**
   * Goes on with the first entries of the list for a number of layers each, in dispatches of about 50 ms: how they are cut makes no difference
   * to what is computed.
   * @param rows places of strengths in all
   */
  async round(entries: number, layers: number, rows: number): Promise<Float32Array> {
    const { queue } = this.#gpu.device;
    this.#words[6] = layers;
    const { list, strengths, staging } = this.#buffers!;
    queue.writeBuffer(list, 0, this.#entries, 0, NETWORK_WORDS * entries);
    for (let first = 0; first < entries; ) {
      const most = this.#pace.most(layers + 2);
      let cost = 0;
      let to = first;
      while (to < entries && (to === first || cost + this.#costs[to]! <= most)) cost += this.#costs[to++]!;
      await this.#dispatch(first, to - first, cost);
      first = to;
    }
    const encoder = this.#gpu.device.createCommandEncoder();
    encoder.copyBufferToBuffer(strengths, 0, staging, 0, 4 * rows);
    queue.submit([encoder.finish()]);
    return mapped(this.#gpu, staging, 4 * rows, (bytes) => new Float32Array(bytes.slice(0)));
  }

  async #dispatch(first: number, count: number, cost: number): Promise<void> {
    const { device } = this.#gpu;
    const { counters, seen, uniform } = this.#buffers!;
    device.queue.writeBuffer(counters, 0, noCounters);
    [this.#words[7], this.#words[8]] = [first, count];
    device.queue.writeBuffer(uniform, 0, this.#parameters);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#pipeline!);
    pass.setBindGroup(0, this.#group!);
    pass.dispatchWorkgroups(Math.min(count, AT_ONCE));
    pass.end();
    encoder.copyBufferToBuffer(counters, 0, seen, 0, COUNTERS);
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    const found = await mapped(this.#gpu, seen, COUNTERS, (bytes) => new Uint32Array(bytes.slice(0)));
    const [, , work = 0, longest = 0] = found;
    this.#pace.learn({ count: cost, work, longest, seconds: (performance.now() - start) / 1e3 });
  }

  close(): void {
    for (const one of Object.values(this.#buffers ?? {})) one.destroy();
    this.#buffers = undefined;
  }
}
