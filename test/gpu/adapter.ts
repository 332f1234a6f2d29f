import { existsSync } from 'node:fs';
import { vi } from 'vitest';
import { openGpu } from '../../src/gpu/device.ts';

/** SwiftShader as Debian's chromium brings it: a Vulkan driver on the processor. */
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Memory of workgroups that begins at zero, as WebGPU has it, is half of what the kernel of shared networks costs to compile on SwiftShader, and checks
 * of indices a fifth of what is left. Ours read nothing that they haven't written, and nothing beyond ends: here they run without, where that would
 * show, and in the processes and threads that tests start as they are.
 */
function leaveUnguarded(): void {
  vi.doMock('webgpu', async (original) => {
    const dawn = await original<typeof import('webgpu')>();
    const create: typeof dawn.create = (options) =>
      dawn.create([...options, 'enable-dawn-features=disable_workgroup_init,disable_robustness']);
    return { ...dawn, create };
  });
}

/**
 * Why there is nothing to test WebGPU on here, undefined where there is; says so. Takes SwiftShader where no driver is named, so that tests
 * are the same on machines with cards and without; CRACKLE_TEST_GPU=1 takes the card.
 */
export async function withoutGpu(): Promise<string | undefined> {
  if (process.env.CRACKLE_TEST_GPU !== '1' && existsSync(driver)) {
    process.env.VK_ICD_FILENAMES ??= driver;
    leaveUnguarded();
  }
  try {
    await openGpu();
    return undefined;
  } catch (error) {
    const reason = (error as Error).message;
    console.log(`skipped: tests on WebGPU: ${reason}`);
    return reason;
  }
}
