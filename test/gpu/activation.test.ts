import { describe, expect, it } from 'vitest';
import { activationSource } from '../../src/gpu/activation.wgsl.ts';
import { compiled, mapped, openGpu, usage } from '../../src/gpu/device.ts';
import { type GainKind, gainKind } from '../../src/kernel/gain-kinds.ts';
import { activation } from '../../src/network/activation.ts';
import { withoutGpu } from './adapter.ts';

const skip = await withoutGpu();

const COUNT = 2048;
/** Numbers of both signs from 1e-6 to 60. */
const numbers = Float32Array.from({ length: COUNT }, (_, i) => {
  const size = 10 ** (-6 + (7.78 * (i >> 1)) / (COUNT / 2));
  return i % 2 === 0 ? size : -size;
});

/** φ of the numbers, as it is in WGSL. */
async function computed(kind: GainKind, argument: number): Promise<Float32Array> {
  const gpu = await openGpu();
  const { device } = gpu;
  const pipeline = await compiled(
    gpu,
    /* wgsl */ `
struct Params { argument: f32 }
const params = Params(${argument});
fn power_of_two(k: i32) -> f32 { return exp2(f32(k)); }
${activationSource(kind)}
@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;
@compute @workgroup_size(64)
fn follow(@builtin(global_invocation_id) id: vec3u) { x[id.x] = phi(x[id.x]); }
`,
  );
  const { storage, copySource, copyTarget, mapRead } = usage;
  const buffer = device.createBuffer({ size: 4 * COUNT, usage: storage | copySource | copyTarget });
  const staging = device.createBuffer({ size: 4 * COUNT, usage: copyTarget | mapRead });
  device.queue.writeBuffer(buffer, 0, numbers);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer } }],
    }),
  );
  pass.dispatchWorkgroups(COUNT / 256);
  pass.end();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, 4 * COUNT);
  device.queue.submit([encoder.finish()]);
  return mapped(gpu, staging, 4 * COUNT, (bytes) => new Float32Array(bytes.slice(0)));
}

describe.skipIf(skip !== undefined)('activations in WGSL', () => {
  const names = ['tanh', 'linear', 'relu', 'leaky-relu(0.3)', 'hard-tanh', 'erf', 'sin', 'silu', 'gelu'];
  it.each(names)('are those in float64: %s', async (name) => {
    const { phi, argument = 0 } = activation(name);
    const found = await computed(gainKind(name)!, argument);
    numbers.forEach((x, i) => {
      // Of the far side of silu and gelu absolute errors count: it is a difference of two that are nearly equal.
      const far = name === 'silu' || name === 'gelu' ? Math.abs(x) / 2 : 0;
      const sine = name === 'sin' ? 3e-7 * Math.abs(x) : 0;
      expect(Math.abs(found[i]! - phi(x))).toBeLessThanOrEqual(1e-6 * Math.max(Math.abs(phi(x)), far) + sine);
    });
  });
});
