/// <reference types="@webgpu/types" />

import { compiled, type Gpu } from './device.ts';

/** A kernel bound to what it reads and writes. */
export interface Step {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
}

/**
 * Compiles a kernel and binds it.
 * @param buffers in the order of its bindings
 * @throws as `compiled` (as a rejection)
 */
export async function boundStep(gpu: Gpu, source: string, buffers: readonly GPUBuffer[]): Promise<Step> {
  const pipeline = await compiled(gpu, source);
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  return { pipeline, group: gpu.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }) };
}

/** Encodes a step for so many workgroups. */
export function encodeStep(encoder: GPUCommandEncoder, { pipeline, group }: Step, workgroups: number): void {
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(workgroups);
  pass.end();
}
