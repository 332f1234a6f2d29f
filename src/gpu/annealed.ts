/// <reference types="@webgpu/types" />

import { ParameterError } from '../error.ts';
import type { AnnealedLaw } from '../kernel/annealed.ts';
import { hashKey } from '../numeric/random-key.ts';
import type { FirstPassage } from '../shortcut.ts';
import { annealedSource, ENTRY_WORDS, type Output, PARAMETER_WORDS, STATE_WORDS } from './annealed.wgsl.ts';
import { checkGpu, compiled, DeviceLoss, type Gpu, usage } from './device.ts';
import type { GainKind } from './gain.wgsl.ts';
import { type Shape, shapeOf, teamOf } from './team.wgsl.ts';

/** Third word of the key of a perturbation's squares: (seed, ensemble, purpose, perturbation). */
const PURPOSE = 0x77677075;

/** Beyond this variance a float32 angle no longer tells where in its period the sine is. */
const SIN_LIMIT = 1e6;

/** Seconds that a dispatch is to take: a tenth is the longest that a desktop bears. */
const DISPATCH = 0.05;
/** Perturbations that are followed at once, more than any card has room for. */
const AT_ONCE = { subgroup: 16_384, workgroup: 16_384, invocation: 524_288 };
/** GPUMapMode.READ, which is no global in Node. */
const MAP_READ = 1;
/** Bytes of the counters, with one to spare. */
const COUNTERS = 16;

const kinds: Readonly<Record<string, GainKind>> = {
  linear: 'linear',
  relu: 'leaky-relu',
  'leaky-relu': 'leaky-relu',
  'hard-tanh': 'hard-tanh',
  tanh: 'tanh',
  erf: 'erf',
  sin: 'sin',
  silu: 'silu',
  gelu: 'gelu',
};

/** @throws ParameterError for an activation without lanes of its own */
export function kindOf({ activation: { name }, weightVariance, biasVariance, inputStrength }: AnnealedLaw): GainKind {
  const kind = kinds[name.replace(/\(.*/, '')];
  if (kind === undefined) {
    const known = Object.keys(kinds).join(', ');
    throw new ParameterError(
      `backend webgpu knows the activations ${known}, not '${name}'; engine annealed takes it without`,
    );
  }
  if (kind === 'sin' && Math.max(weightVariance + biasVariance, inputStrength ** 2) > SIN_LIMIT) {
    throw new ParameterError(
      `backend webgpu takes sin up to a variance of ${SIN_LIMIT}; engine annealed takes more without`,
    );
  }
  return kind;
}

/** x² as m·2^e, e even and m in [1, 4): nothing underflows. */
function square(x: number): readonly [number, number] {
  if (x === 0) return [0, 0];
  const e = Math.floor(Math.log2(x));
  return [(x / 2 ** e) ** 2, 2 * e];
}

/** What is made of strengths, and for how many perturbations at a time. */
export type Plan = { readonly slots: number } & (
  | { readonly output: 'rows'; readonly layers: number }
  | ({ readonly output: 'avalanches' } & Pick<FirstPassage, 'leavesOut' | 'points' | 'excessProfile'>)
);

/** What is followed on a card: pipelines and buffers of one setup. */
export class AnnealedGpu {
  readonly #gpu: Gpu;
  readonly #setup: AnnealedLaw;
  readonly #plan: Plan;
  readonly #shape: Shape;
  readonly #parameters = new ArrayBuffer(4 * PARAMETER_WORDS);
  readonly #buffers: Record<
    'uniform' | 'list' | 'floors' | 'states' | 'counters' | 'strengths' | 'staging' | 'seen',
    GPUBuffer
  >;
  readonly #entries: Uint32Array<ArrayBuffer>;
  readonly #steps = new Map<Output, { readonly pipeline: GPUComputePipeline; readonly group: GPUBindGroup }>();

  /** @throws ParameterError for an activation that it doesn't have, or for more memory than a buffer may take */
  constructor(gpu: Gpu, setup: AnnealedLaw, plan: Plan) {
    this.#gpu = gpu;
    this.#setup = setup;
    this.#plan = plan;
    this.#shape = shapeOf(gpu, setup.width);
    const { slots } = plan;
    const floor = Float32Array.from(setup.floor instanceof Float32Array ? setup.floor : [setup.floor ?? 0]);
    const strengths = 4 * slots * Math.max(1, this.#stride);
    const states = 4 * STATE_WORDS * slots;
    const largest = Math.max(states, strengths);
    if (largest > gpu.device.limits.maxStorageBufferBindingSize) {
      throw new ParameterError(`backend webgpu on ${gpu.adapter} has no buffer of ${largest} bytes`);
    }
    const buffer = (size: number, use: number): GPUBuffer => gpu.device.createBuffer({ size, usage: use });
    this.#buffers = {
      uniform: buffer(this.#parameters.byteLength, usage.uniform | usage.copyTarget),
      list: buffer(4 * ENTRY_WORDS * slots, usage.storage | usage.copyTarget),
      floors: buffer(floor.byteLength, usage.storage | usage.copyTarget),
      states: buffer(states, usage.storage | usage.copySource),
      counters: buffer(COUNTERS, usage.storage | usage.copyTarget | usage.copySource),
      strengths: buffer(strengths, usage.storage | usage.copySource),
      staging: buffer(largest, usage.copyTarget | usage.mapRead),
      seen: buffer(COUNTERS, usage.copyTarget | usage.mapRead),
    };
    this.#entries = new Uint32Array(ENTRY_WORDS * slots);
    gpu.device.queue.writeBuffer(this.#buffers.floors, 0, floor);
    this.#fill();
  }

  /** Strengths of a slot: layers of a round, or points of a profile. */
  get #stride(): number {
    return this.#plan.output === 'rows' ? this.#plan.layers : this.#plan.points;
  }

  #fill(): void {
    const { width, depth, weightVariance, biasVariance, inputStrength, activation, floor } = this.#setup;
    const plan = this.#plan;
    const words = new Uint32Array(this.#parameters);
    const integers = new Int32Array(this.#parameters);
    const floats = new Float32Array(this.#parameters);
    integers.set(hashKey(this.#setup.seed, [this.#setup.ensemble, PURPOSE], 3));
    words.set([width, depth, 0, this.#stride], 4);
    const excess = plan.output === 'avalanches' && plan.excessProfile ? 2 : 0;
    words[10] = floor === null ? 0 : typeof floor === 'number' ? 1 : 2;
    words[11] = (this.#setup.postActivation ? 1 : 0) + excess;
    // Twice the precision: a rounded σw²/N would be a drift of its own at large widths.
    const pair = (x: number): number[] => [x, x - Math.fround(x)];
    floats.set([...pair(weightVariance / width), ...pair(1 / width)], 12);
    for (const [at, root] of [
      [16, inputStrength],
      [18, Math.sqrt(biasVariance)],
    ] as const) {
      const [mantissa, exponent] = square(root);
      floats[at] = mantissa;
      integers[at + 1] = exponent;
    }
    floats[20] = (activation.argument ?? 0) ** 2;
    words[21] = plan.output === 'avalanches' && plan.leavesOut ? 1 : 0;
    words[22] = 0x7f800000;
  }

  /** Compiles the kernels: the first step that waits. */
  async start(): Promise<this> {
    const { device, subgroup } = this.#gpu;
    const plan = this.#plan;
    const outputs: Output[] =
      plan.output === 'rows' ? ['rows'] : plan.points > 0 ? ['avalanches', 'profiles'] : ['avalanches'];
    for (const output of outputs) {
      const pipeline = await compiled(this.#gpu, annealedSource(kindOf(this.#setup), this.#shape, subgroup, output));
      const { uniform, list, floors, states, counters, strengths } = this.#buffers;
      const all = [uniform, list, floors, states, counters, ...(output === 'avalanches' ? [] : [strengths])];
      const group = device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: all.map((buffer, binding) => ({ binding, resource: { buffer } })),
      });
      this.#steps.set(output, { pipeline, group });
    }
    return this;
  }

  /**
   * Puts an entry of the next list.
   * @param fresh 1 where the perturbation begins, 0 where it goes on; for profiles its duration
   */
  enter(at: number, id: number, slot: number, fresh: number): void {
    this.#entries.set([id | 0, Math.floor(id / 2 ** 32), slot, fresh], ENTRY_WORDS * at);
  }

  /**
   * Goes on with the first entries of the list for a number of layers each, in dispatches of about 50 ms: how they are cut makes no difference
   * to what is computed.
   * @param again whether the list is that of the round before, and nothing in it begins
   * @returns how many have not ended
   */
  async round(entries: number, layers: number, output: Output = this.#plan.output, again = false): Promise<number> {
    const { device } = this.#gpu;
    const words = new Uint32Array(this.#parameters);
    words[6] = layers;
    words[23] = again ? 1 : 0;
    if (!again) device.queue.writeBuffer(this.#buffers.list, 0, this.#entries, 0, ENTRY_WORDS * entries);
    let alive = 0;
    for (let first = 0; first < entries; ) {
      const count = Math.min(entries - first, this.#most(layers + 2));
      words[8] = first;
      words[9] = count;
      alive += await this.#dispatch(output, count);
      first += count;
    }
    return alive;
  }

  get #key(): string {
    const { activation, width, weightVariance, biasVariance } = this.#setup;
    return `${this.#shape} ${activation.name} ${width} ${weightVariance} ${biasVariance}`;
  }

  get #pace(): number {
    return this.#gpu.paces.get(this.#key) ?? this.#gpu.slowest;
  }

  /** Perturbations that can be followed for so many layers in one dispatch. */
  #most(layers: number): number {
    return Math.max(1, Math.min(2 ** 31 / layers, Math.floor(DISPATCH / (this.#pace * this.#setup.width * layers))));
  }

  /** Layers for which so many can be followed in one dispatch, at least 8. */
  layersFor(perturbations: number): number {
    const { depth, width } = this.#setup;
    const most = Math.min(DISPATCH / (this.#pace * width), 2 ** 31) / perturbations;
    return Math.min(depth, Math.max(width > 1e5 ? 1 : 8, Math.floor(most) - 2));
  }

  async #dispatch(output: Output, count: number): Promise<number> {
    const gpu = this.#gpu;
    const { device } = gpu;
    const { uniform, counters, seen } = this.#buffers;
    const { pipeline, group } = this.#steps.get(output)!;
    device.queue.writeBuffer(uniform, 0, this.#parameters);
    device.queue.writeBuffer(counters, 0, new Uint32Array(COUNTERS / 4));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    const { perturbations } = teamOf(this.#shape, gpu.subgroup);
    pass.dispatchWorkgroups(Math.ceil(Math.min(count, AT_ONCE[this.#shape]) / perturbations));
    pass.end();
    encoder.copyBufferToBuffer(counters, 0, seen, 0, COUNTERS);
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    const [, alive = 0, work = 0] = new Uint32Array(await this.#map(seen, COUNTERS));
    const seconds = (performance.now() - start) / 1e3;
    const pace = seconds / (this.#setup.width * (work + count));
    // Few that live long say how long a layer's latency is, not its work: the pace rises only where a dispatch took too long.
    this.#gpu.paces.set(this.#key, seconds > DISPATCH ? pace : Math.min(this.#pace, pace));
    return alive;
  }

  async #map(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    await buffer.mapAsync(MAP_READ, 0, bytes).catch((error: unknown) => {
      checkGpu(this.#gpu);
      throw new DeviceLoss(`backend webgpu can't read from ${this.#gpu.adapter}: ${String(error)}`);
    });
    checkGpu(this.#gpu);
    const copy = buffer.getMappedRange(0, bytes).slice(0);
    buffer.unmap();
    return copy;
  }

  /** Reads strengths or states, slot by slot. */
  async read(what: 'strengths' | 'states', slots: number): Promise<ArrayBuffer> {
    const { device } = this.#gpu;
    const bytes = 4 * slots * (what === 'states' ? STATE_WORDS : this.#stride);
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.#buffers[what], 0, this.#buffers.staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    return this.#map(this.#buffers.staging, bytes);
  }

  close(): void {
    for (const one of Object.values(this.#buffers)) one.destroy();
  }
}
