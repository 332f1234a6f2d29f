import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';

/** Folders of descriptions of Vulkan drivers, and of libraries, as the loader looks through them on Linux. */
const descriptions = ['/etc/vulkan/icd.d', '/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
const libraries = ['lib', 'lib64', 'usr/lib', 'usr/lib64', 'usr/local/lib'].flatMap((folder) =>
  ['', 'x86_64-linux-gnu', 'aarch64-linux-gnu'].map((one) => `/${join(folder, one)}`),
);

/** A machine as its files show it, below `root`. */
function seen(root: string) {
  const list = (folder: string): string[] => {
    try {
      return readdirSync(join(root, folder));
    } catch {
      return [];
    }
  };
  const nodes = list('/dev/dri').filter((name) => name.startsWith('renderD'));
  const closed = nodes
    .map((name) => `/dev/dri/${name}`)
    .filter((path) => {
      try {
        accessSync(join(root, path), constants.R_OK | constants.W_OK);
        return false;
      } catch {
        return true;
      }
    });
  return {
    loader: libraries.some((folder) => existsSync(join(root, folder, 'libvulkan.so.1'))),
    nvidia: existsSync(join(root, '/dev/nvidiactl')),
    /** Descriptions of NVIDIA's driver. */
    described: descriptions
      .flatMap((folder) => list(folder).map((name) => join(folder, name)))
      .filter((path) => /nvidia/i.test(path)),
    nodes,
    closed,
  };
}

/** Whether Linux shows a card here, which its driver may not offer to programs. */
export function showsCard(root = '/'): boolean {
  const { nvidia, nodes } = seen(root);
  return nvidia || nodes.length > 0;
}

/**
 * What a machine lacks where no driver names an adapter, as far as its files tell.
 * @param root where its files are, and which system it has: parameters are for tests
 */
export function missingForAdapter(root = '/', system: NodeJS.Platform = platform()): string {
  if (system === 'darwin') return 'it needs a Mac with Metal';
  if (system !== 'linux') return 'it needs a graphics card with the driver of its maker';
  const { loader, nvidia, described, nodes, closed } = seen(root);
  const lacking = [];
  if (!loader) lacking.push('the Vulkan loader is missing (Debian: `apt install libvulkan1`)');
  if (nvidia && described.length === 0) {
    lacking.push(
      "NVIDIA's driver is here without its Vulkan part (no nvidia_icd.json): a container has it where NVIDIA_DRIVER_CAPABILITIES is all, or holds graphics",
    );
  } else if (nvidia) {
    lacking.push(
      `NVIDIA's Vulkan driver is here (${described[0]}) but doesn't load: it may lack libraries of X (Debian: \`apt install libx11-6 libxext6 libegl1\`)`,
    );
  } else if (closed.length > 0) {
    lacking.push(`${closed[0]} is closed to this user, whom the group render (or video) would let in`);
  } else if (nodes.length > 0) {
    lacking.push('the card needs a Vulkan driver (AMD and Intel on Debian: `apt install mesa-vulkan-drivers`)');
  } else {
    lacking.push(
      'no graphics card is to be seen (no /dev/dri/render…, no /dev/nvidia…); containers are given one by `--gpus all`, or `--device /dev/dri`',
    );
  }
  return lacking.join('; ');
}
