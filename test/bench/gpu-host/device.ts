/// <reference types="@webgpu/types" />
import { STATE_WORDS } from '../../../src/gpu/annealed.wgsl.ts';
import { gatherSource, shapesSource } from '../../../src/gpu/shapes.wgsl.ts';
import { gathered, profiles, states } from './answers.ts';
import type { Recorded } from './recorded.ts';

/**
 * A package `webgpu` whose card answers at once: what a kernel of engine annealed makes of a list is made once, from strengths that a processor's
 * engine drew, and given again for every list like it. So all the time that passes is the host's.
 */
export const globals = {};

/** What it answers with, from the perturbation 0 on. */
let recorded: Recorded | undefined;

export function answerWith(strengths: Recorded): void {
  recorded = strengths;
}

class Buffer {
  bytes: ArrayBuffer | undefined;
  mapAsync = async (): Promise<void> => {};
  getMappedRange = (_from: number, _bytes: number): ArrayBuffer => this.bytes!;
  unmap(): void {}
  destroy(): void {}
}

type Kernel = 'follow' | 'shapes' | 'gather';
interface Group {
  readonly kernel: Kernel;
  readonly buffers: readonly Buffer[];
}

/** By kernel, points of a profile, length of the list, and its first and last entry. */
const known = new Map<string, ArrayBuffer>();

function answer(kernel: Kernel, uniform: Uint32Array, list: Uint32Array): ArrayBuffer {
  const key = `${kernel} ${uniform[24]} ${list.length} ${list.slice(0, 4)} ${list.slice(-4)}`;
  let bytes = known.get(key);
  if (bytes === undefined) {
    const make = { follow: states, shapes: profiles, gather: gathered }[kernel];
    bytes = make(recorded!, list, uniform[24]!);
    known.set(key, bytes);
  }
  return bytes;
}

function dispatch({ kernel, buffers }: Group): void {
  const words = ({ bytes }: Buffer): Uint32Array => new Uint32Array(bytes!);
  const made = answer(kernel, words(buffers[0]!), words(buffers[1]!));
  buffers[kernel === 'gather' ? 3 : kernel === 'shapes' ? 4 : 3]!.bytes = made;
  if (kernel !== 'follow') return;
  const count = made.byteLength / 4 / STATE_WORDS;
  // None alive, some layers for each, and for the longest.
  buffers[4]!.bytes = Uint32Array.of(0, 0, 35 * count, 1000).buffer;
}

const encoder = () => {
  let group: Group | undefined;
  const steps: (() => void)[] = [];
  return {
    beginComputePass: () => ({
      setPipeline() {},
      setBindGroup: (_: number, of: Group) => {
        group = of;
      },
      dispatchWorkgroups: () => {
        const of = group!;
        steps.push(() => dispatch(of));
      },
      end() {},
    }),
    copyBufferToBuffer: (from: Buffer, _: number, to: Buffer) => {
      steps.push(() => {
        to.bytes = from.bytes;
      });
    },
    finish: () => steps,
  };
};

const queue = {
  /** Copies, as drivers do. */
  writeBuffer(buffer: Buffer, _: number, data: ArrayBuffer | Uint32Array<ArrayBuffer>, from = 0, size?: number): void {
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, 4 * from);
    const some = size === undefined ? bytes : bytes.subarray(0, 4 * size);
    if (buffer.bytes === undefined || buffer.bytes.byteLength !== some.byteLength) {
      buffer.bytes = new ArrayBuffer(some.byteLength);
    }
    new Uint8Array(buffer.bytes).set(some);
  },
  submit: (commands: readonly (() => void)[][]) => {
    for (const step of commands.flat()) step();
  },
};

const device = {
  limits: { maxStorageBufferBindingSize: 2 ** 31 },
  lost: new Promise(() => {}),
  addEventListener() {},
  pushErrorScope() {},
  popErrorScope: async () => null,
  createBuffer: () => new Buffer(),
  createShaderModule: ({ code }: { code: string }) => code,
  createComputePipelineAsync: async ({ compute }: { compute: { module: string } }) => {
    const { module } = compute;
    const kernel = module === shapesSource ? 'shapes' : module === gatherSource ? 'gather' : 'follow';
    return { getBindGroupLayout: () => kernel };
  },
  createBindGroup: ({ layout, entries }: { layout: Kernel; entries: { resource: { buffer: Buffer } }[] }): Group => ({
    kernel: layout,
    buffers: entries.map(({ resource }) => resource.buffer),
  }),
  createCommandEncoder: encoder,
  queue,
};

/** As `webgpu` gives one; a fallback adapter is trusted without a look at its sums. */
export const create = () => ({
  requestAdapter: async () => ({
    info: { vendor: 'crackle', architecture: '', description: 'recorded answers', isFallbackAdapter: true },
    limits: {},
    features: new Set(),
    requestDevice: async () => device,
  }),
});
