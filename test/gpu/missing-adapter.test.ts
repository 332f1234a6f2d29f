import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingForAdapter, showsCard } from '../../src/gpu/missing-adapter.ts';
import { temporaryFolder } from '../run/temporary.ts';

const folder = temporaryFolder();
const loader = '/usr/lib/x86_64-linux-gnu/libvulkan.so.1';

/** A machine that has these files. */
function machine(...files: string[]): string {
  const root = mkdtempSync(join(folder, 'machine-'));
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  return root;
}

describe('missingForAdapter(root, system)', () => {
  it.each([
    [[], false, /^the Vulkan loader is missing \(Debian: `apt install libvulkan1`\); no graphics card is to be seen/],
    [[loader], false, /^no graphics card is to be seen .*`--gpus all`, or `--device \/dev\/dri`$/],
    // Servers have such a one for their screens, which computes nothing.
    [[loader, '/dev/dri/card0'], false, /^no graphics card is to be seen/],
    [
      [loader, '/dev/nvidiactl', '/usr/share/vulkan/icd.d/lvp_icd.json'],
      true,
      /without its Vulkan part .*NVIDIA_DRIVER_CAPABILITIES is all/,
    ],
    [
      [loader, '/dev/nvidiactl', '/etc/vulkan/icd.d/nvidia_icd.json'],
      true,
      /\/etc\/vulkan\/icd.d\/nvidia_icd.json\) but doesn't load/,
    ],
    [[loader, '/dev/dri/renderD128'], true, /^the card needs a Vulkan driver .*mesa-vulkan-drivers/],
  ])('says what a machine with %j lacks', (files, card, words) => {
    const root = machine(...files);
    expect(missingForAdapter(root, 'linux')).toMatch(words);
    expect(showsCard(root)).toBe(card);
  });

  it('names no package of Linux elsewhere', () => {
    for (const system of ['win32', 'darwin'] as const) expect(missingForAdapter('/', system)).not.toMatch(/apt|\/dev/);
  });
});
