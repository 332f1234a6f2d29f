import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../cli/crackle.ts';

/** The package as a user has it: packed by npm, unpacked in a folder that holds nothing else but what it depends on. */
export interface Installed {
  /** Files of the user's go here. */
  readonly folder: string;
  /** The package itself, in `node_modules`. */
  readonly own: string;
  /** The entry of the command line. */
  readonly entry: string;
}

/**
 * Packs crackle and installs it as npm would, into an empty folder, from this machine alone: its dependencies are links to those of the
 * checkout, and nothing that it doesn't declare is in reach. `@types/node` is there too, as in any project in TypeScript.
 * @returns undefined, with a printed reason, where npm or tar can't be run
 */
export function installPacked(folder: string): Installed | undefined {
  const npm = (words: readonly string[]) => execFileSync('npm', words, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  const own = join(folder, 'node_modules/crackle');
  try {
    // Without scripts: what is packed is the build that the other tests run.
    npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
    const [packed] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
    mkdirSync(own, { recursive: true });
    execFileSync('tar', ['xzf', join(folder, packed!), '-C', own, '--strip-components', '1'], { stdio: 'pipe' });
  } catch (error) {
    console.info(`skipped: tests of the packed package, npm pack can't be run here: ${(error as Error).message}`);
    return undefined;
  }
  const { dependencies, bin } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    bin: { crackle: string };
  };
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link, 'junction');
  }
  return { folder, own, entry: join(own, bin.crackle) };
}
