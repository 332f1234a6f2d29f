/// <reference types="@webgpu/types" />

import type { Detection } from '../shortcut.ts';
import { allocated, type Gpu, usage } from './device.ts';
import { PARAMETER_WORDS } from './params.wgsl.ts';
import { readBack } from './read-back.ts';
import { gatherSource, SHAPE_GROUP, shapesSource } from './shapes.wgsl.ts';
import { boundStep, encodeStep, type Step } from './step.ts';

/** Workgroups that go through kept strengths. */
const GROUPS = 8192;
/** Words of an entry of the list. */
const ENTRY = 4;

/** Strengths that stay on a card, those of all layers of one perturbation after the other, and what is made of them: shapes, or signals. */
export class KeptStrengths {
  readonly #gpu: Gpu;
  readonly #detection: Detection;
  readonly #depth: number;
  readonly #perturbations: number;
  readonly #entries: Uint32Array<ArrayBuffer>;
  readonly #block = new Uint32Array(PARAMETER_WORDS);
  #steps: Record<'shapes' | 'gather', Step> | undefined;
  #buffers: Record<'uniform' | 'list' | 'made' | 'staging', GPUBuffer> | undefined;

  /** @param perturbations that it has strengths of at most */
  constructor(gpu: Gpu, detection: Detection, depth: number, perturbations: number) {
    this.#gpu = gpu;
    this.#detection = detection;
    this.#depth = depth;
    this.#perturbations = perturbations;
    this.#entries = new Uint32Array(ENTRY * perturbations);
  }

  /**
   * @param strengths of layers 1 to the depth, perturbation after perturbation
   * @param thresholds of all layers, or entry l of layer l, at its beginning
   * @throws OutOfMemory (as a rejection)
   */
  async start(strengths: GPUBuffer, thresholds: GPUBuffer): Promise<this> {
    const { device } = this.#gpu;
    const { threshold, excessProfile, points } = this.#detection;
    const words = this.#block;
    words[7] = this.#depth;
    words[10] = typeof threshold === 'number' ? 1 : 2;
    words[11] = excessProfile ? 1 : 0;
    words[24] = points;
    const buffer = (size: number, use: number): GPUBuffer => device.createBuffer({ size, usage: use });
    const { storage, uniform, copySource, copyTarget, mapRead } = usage;
    this.#buffers = await allocated(this.#gpu, () => ({
      uniform: buffer(words.byteLength, uniform | copyTarget),
      list: buffer(this.#entries.byteLength, storage | copyTarget),
      made: buffer(4 * this.room, storage | copySource),
      staging: buffer(4 * this.room, copyTarget | mapRead),
    }));
    const { uniform: block, list, made } = this.#buffers;
    this.#steps = {
      shapes: await boundStep(this.#gpu, shapesSource, [block, list, thresholds, strengths, made]),
      gather: await boundStep(this.#gpu, gatherSource, [block, list, strengths, made]),
    };
    return this;
  }

  /** Words that it makes at most. */
  get room(): number {
    return this.#perturbations * this.#detection.points;
  }

  /**
   * Puts an entry of the next list.
   * @param to the row that a shape goes to, or the place that signals go to
   * @param layers of the avalanche, or of the signal
   */
  enter(at: number, to: number, perturbation: number, layers: number): void {
    this.#entries.set([to, 0, perturbation, layers], ENTRY * at);
  }

  /**
   * Shapes, row after row; of rows without an entry nothing is known.
   * @param use what is made of them, before it returns: the memory is the card's
   */
  shapes<T>(entries: number, rows: number, use: (bytes: ArrayBuffer) => T): Promise<T> {
    const { points } = this.#detection;
    return this.#make('shapes', entries, Math.ceil((entries * points) / SHAPE_GROUP), rows * points, use);
  }

  /**
   * Strengths of perturbations, each entry's at its place.
   * @param words places in all, at most `room`; those that nothing goes to may hold anything
   */
  gather<T>(entries: number, words: number, use: (bytes: ArrayBuffer) => T): Promise<T> {
    return this.#make('gather', entries, entries, words, use);
  }

  #make<T>(
    step: 'shapes' | 'gather',
    entries: number,
    groups: number,
    words: number,
    use: (bytes: ArrayBuffer) => T,
  ): Promise<T> {
    const { device } = this.#gpu;
    const { uniform, list, made, staging } = this.#buffers!;
    this.#block[9] = entries;
    device.queue.writeBuffer(uniform, 0, this.#block);
    device.queue.writeBuffer(list, 0, this.#entries, 0, ENTRY * entries);
    const encoder = device.createCommandEncoder();
    encodeStep(encoder, this.#steps![step], Math.max(1, Math.min(GROUPS, groups)));
    return readBack(this.#gpu, encoder, { source: made, staging, words }, use);
  }

  close(): void {
    for (const one of Object.values(this.#buffers ?? {})) one.destroy();
    this.#buffers = undefined;
  }
}
