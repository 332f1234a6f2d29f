import { existsSync } from 'node:fs';
import { openGpu } from '../../src/gpu/device.ts';

/** SwiftShader as Debian's chromium brings it: a Vulkan driver on the processor. */
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Why there is nothing to test WebGPU on here, undefined where there is; says so. Takes SwiftShader where no driver is named, so that tests
 * are the same on machines with cards and without; CRACKLE_TEST_GPU=1 takes the card.
 */
export async function withoutGpu(): Promise<string | undefined> {
  if (process.env.CRACKLE_TEST_GPU !== '1' && existsSync(driver)) process.env.VK_ICD_FILENAMES ??= driver;
  try {
    await openGpu();
    return undefined;
  } catch (error) {
    const reason = (error as Error).message;
    console.log(`skipped: tests on WebGPU: ${reason}`);
    return reason;
  }
}
