/// <reference types="@webgpu/types" />

import { ParameterError } from '../error.ts';
import type { AnnealedSetup } from '../kernel/annealed.ts';
import { hashKey } from '../numeric/random-key.ts';
import { annealedSource, ENTRY_WORDS, PARAMETER_WORDS, STATE_WORDS } from './annealed.wgsl.ts';
import { checkGpu, compiled, type Gpu, usage } from './device.ts';
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

export type GpuSetup = Omit<AnnealedSetup, 'capacity' | 'batch'>;

/** @throws ParameterError for an activation without lanes of its own */
export function kindOf({ activation: { name }, weightVariance, biasVariance, inputStrength }: GpuSetup): GainKind {
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

/** What is followed on a card: pipeline and buffers of one setup. */
export class AnnealedGpu {
  readonly #gpu: Gpu;
  readonly #setup: GpuSetup;
  readonly #shape: Shape;
  readonly #perturbations: number;
  readonly #layers: number;
  readonly #parameters = new ArrayBuffer(4 * PARAMETER_WORDS);
  readonly #uniform: GPUBuffer;
  readonly #list: GPUBuffer;
  readonly #floors: GPUBuffer;
  readonly #counter: GPUBuffer;
  readonly #states: GPUBuffer;
  readonly #rows: GPUBuffer | undefined;
  readonly #staging: GPUBuffer;
  readonly #entries: Uint32Array<ArrayBuffer>;
  #pipeline: GPUComputePipeline | undefined;
  #group: GPUBindGroup | undefined;

  /**
   * @param slots perturbations that are under way at most
   * @param layers layers of a round, where strengths are read; 0 where only states are
   * @throws ParameterError for an activation that it doesn't have, or for more memory than a buffer may take
   */
  constructor(gpu: Gpu, setup: GpuSetup, slots: number, layers: number, leavesOut = false) {
    this.#gpu = gpu;
    this.#setup = setup;
    this.#layers = layers;
    this.#shape = shapeOf(gpu, setup.width);
    this.#perturbations = teamOf(this.#shape, gpu.subgroup).perturbations;
    const largest = Math.max(16 * slots, 4 * STATE_WORDS * slots, 4 * slots * layers);
    if (largest > gpu.device.limits.maxStorageBufferBindingSize) {
      throw new ParameterError(`backend webgpu on ${gpu.adapter} has no buffer of ${largest} bytes`);
    }
    const buffer = (size: number, use: number): GPUBuffer => gpu.device.createBuffer({ size, usage: use });
    const { floor } = setup;
    const table = floor instanceof Float32Array ? floor : Float32Array.of(floor ?? 0);
    this.#uniform = buffer(this.#parameters.byteLength, usage.uniform | usage.copyTarget);
    this.#list = buffer(4 * ENTRY_WORDS * slots, usage.storage | usage.copyTarget);
    this.#floors = buffer(table.byteLength, usage.storage | usage.copyTarget);
    this.#counter = buffer(4, usage.storage | usage.copyTarget);
    this.#states = buffer(4 * STATE_WORDS * slots, usage.storage | usage.copySource);
    this.#rows = layers > 0 ? buffer(4 * slots * layers, usage.storage | usage.copySource) : undefined;
    this.#staging = buffer((this.#rows ?? this.#states).size, usage.copyTarget | usage.mapRead);
    this.#entries = new Uint32Array(ENTRY_WORDS * slots);
    gpu.device.queue.writeBuffer(this.#floors, 0, Float32Array.from(table));
    this.#fill(leavesOut);
  }

  #fill(leavesOut: boolean): void {
    const { width, depth, weightVariance, biasVariance, inputStrength, activation, floor, postActivation } =
      this.#setup;
    const words = new Uint32Array(this.#parameters);
    const integers = new Int32Array(this.#parameters);
    const floats = new Float32Array(this.#parameters);
    integers.set(hashKey(this.#setup.seed, [this.#setup.ensemble, PURPOSE], 3));
    words.set([width, depth, this.#layers, this.#layers], 4);
    words.set([0, 0, floor === null ? 0 : typeof floor === 'number' ? 1 : 2, postActivation ? 1 : 0], 8);
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
    words.set([leavesOut ? 1 : 0, 0x7f800000, 0], 21);
  }

  /** Compiles the kernel: the first step that waits. */
  async start(): Promise<this> {
    const { device, subgroup } = this.#gpu;
    const code = annealedSource(kindOf(this.#setup), this.#shape, subgroup, this.#rows !== undefined);
    this.#pipeline = await compiled(this.#gpu, code);
    const buffers = [this.#uniform, this.#list, this.#floors, this.#states, this.#counter];
    if (this.#rows !== undefined) buffers.push(this.#rows);
    this.#group = device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    return this;
  }

  /** Puts an entry of the next round's list. */
  enter(at: number, id: number, slot: number, fresh: boolean): void {
    this.#entries.set([id | 0, Math.floor(id / 2 ** 32), slot, fresh ? 1 : 0], ENTRY_WORDS * at);
  }

  /**
   * Goes on with the first entries of the list, in dispatches of about 50 ms: what a team takes doesn't depend on how they are cut.
   * @param layers layers that each is followed further
   */
  async round(entries: number, layers: number): Promise<void> {
    const gpu = this.#gpu;
    const { device } = gpu;
    const words = new Uint32Array(this.#parameters);
    words[6] = layers;
    device.queue.writeBuffer(this.#list, 0, this.#entries, 0, ENTRY_WORDS * entries);
    const cost = this.#setup.width * (layers + 2);
    for (let first = 0; first < entries; ) {
      const count = Math.min(entries - first, Math.max(1, Math.floor(DISPATCH / (gpu.pace * cost))));
      words[8] = first;
      words[9] = count;
      device.queue.writeBuffer(this.#uniform, 0, this.#parameters);
      device.queue.writeBuffer(this.#counter, 0, new Uint32Array(1));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(this.#pipeline!);
      pass.setBindGroup(0, this.#group!);
      pass.dispatchWorkgroups(Math.ceil(Math.min(count, AT_ONCE[this.#shape]) / this.#perturbations));
      pass.end();
      const start = performance.now();
      device.queue.submit([encoder.finish()]);
      first += count;
      if (first >= entries && count * cost * gpu.pace < DISPATCH / 4) break;
      await device.queue.onSubmittedWorkDone().catch(() => undefined);
      checkGpu(gpu);
      // A dispatch may have ended early, as perturbations do: the pace rises at once and falls by halves.
      const seen = (performance.now() - start) / 1e3 / (count * cost);
      gpu.pace = Math.max(seen, gpu.pace / 2);
    }
  }

  /** Reads strengths, slot by slot, or states where there are none. */
  async read(slots: number): Promise<ArrayBuffer> {
    const { device } = this.#gpu;
    const source = this.#rows ?? this.#states;
    const bytes = 4 * slots * (this.#rows === undefined ? STATE_WORDS : this.#layers);
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, 0, this.#staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(MAP_READ, 0, bytes).catch((error: unknown) => {
      checkGpu(this.#gpu);
      throw error;
    });
    checkGpu(this.#gpu);
    const copy = this.#staging.getMappedRange(0, bytes).slice(0);
    this.#staging.unmap();
    return copy;
  }

  close(): void {
    for (const one of [this.#uniform, this.#list, this.#floors, this.#counter, this.#states, this.#staging])
      one.destroy();
    this.#rows?.destroy();
  }
}
