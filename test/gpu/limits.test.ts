import { describe, expect, it } from 'vitest';
import { annealedSource } from '../../src/gpu/annealed.wgsl.ts';
import { compiled, openGpu } from '../../src/gpu/device.ts';
import { quenchedSource } from '../../src/gpu/quenched.wgsl.ts';
import { MOST_SHARING } from '../../src/gpu/quenched-slots.ts';
import { gatherSource, shapesSource } from '../../src/gpu/shapes.wgsl.ts';
import { withoutGpu } from './adapter.ts';

const skip = await withoutGpu();
const gpu = skip === undefined ? await openGpu() : undefined;

/** Installed beside crackle, if at all. */
const dawnPackage: string = 'webgpu';

const chain = { kind: 'gelu', width: 300, postActivation: true } as const;
const networks = { kind: 'gelu', postActivation: true, floor: 'layers' } as const;
const sources: [string, string][] = [
  ['workgroups that follow a perturbation each', annealedSource(chain, 'workgroup', 1, 'followed')],
  ['workgroups that make a profile each', annealedSource(chain, 'workgroup', 1, 'profiles')],
  ['invocations that follow a perturbation each', annealedSource(chain, 'invocation', 1, 'followed')],
  ['networks that two perturbations share', quenchedSource({ ...networks, reuse: 2 })],
  [`networks that ${MOST_SHARING} perturbations share`, quenchedSource({ ...networks, reuse: MOST_SHARING })],
  ['profiles of kept strengths', shapesSource],
  ['kept strengths', gatherSource],
];

/** What every adapter of WebGPU has room for, and not all have for more: https://www.w3.org/TR/webgpu/#limits. */
describe.skipIf(skip !== undefined)('kernels, on a device of the least limits (needs an adapter)', () => {
  it.each(sources)('are compiled: %s', async (_name, code) => {
    const { create } = (await import(dawnPackage)) as { create(options: string[]): GPU };
    const dawn = create([]);
    const adapter = (await dawn.requestAdapter({ powerPreference: 'high-performance' }))!;
    const device = await adapter.requestDevice();
    expect(device.limits).toMatchObject({
      maxComputeWorkgroupStorageSize: 16_384,
      maxComputeInvocationsPerWorkgroup: 256,
      maxStorageBuffersPerShaderStage: 8,
      maxStorageBufferBindingSize: 2 ** 27,
    });
    await compiled({ ...gpu!, device, pipelines: new Map() }, code);
    device.destroy();
    await device.lost;
  });
});
