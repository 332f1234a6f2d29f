import { join } from 'node:path';

/** A program that installs packages. */
export interface Packager {
  readonly name: string;
  /** The package.json that says its version. */
  readonly from: string;
  /** Installs what a folder's package.json wants, for production. */
  readonly install: readonly string[];
  /** How a program of an installed package, or Node beside them, is started. */
  readonly start: (program: 'crackle' | 'node') => readonly string[];
}

/** All that come from npm; `tools` is where they are installed. */
export function packagers(tools: string): readonly Packager[] {
  const module = (name: string): string => join(tools, 'node_modules', name);
  const own = (name: string): string => join(module(name), 'package.json');
  const entry = 'node_modules/crackle/dist/src/cli/main.js';
  const direct: Packager['start'] = (program) => (program === 'node' ? ['node'] : ['node', entry]);
  const npm = ['npm', 'install', '--omit=dev', '--no-audit', '--no-fund'];
  const ofNpm = join(process.execPath, '../../lib/node_modules/npm/package.json');
  const berry = [process.execPath, join(module('@yarnpkg/cli-dist'), 'bin/yarn.js')];
  return [
    { name: 'npm', from: ofNpm, install: npm, start: direct },
    { name: 'npm --omit=optional', from: ofNpm, install: [...npm, '--omit=optional'], start: direct },
    { name: 'pnpm', from: own('pnpm'), install: [join(module('.bin'), 'pnpm'), 'install', '--prod'], start: direct },
    {
      name: 'yarn 1',
      from: own('yarn'),
      install: [
        process.execPath,
        join(module('yarn'), 'bin/yarn.js'),
        'install',
        '--production',
        '--cache-folder',
        join(tools, 'yarn-cache'),
      ],
      start: direct,
    },
    {
      name: "yarn Plug'n'Play",
      from: own('@yarnpkg/cli-dist'),
      install: [...berry, 'install'],
      start: (program) => [...berry, ...(program === 'node' ? ['node'] : ['crackle'])],
    },
    { name: 'bun', from: own('bun'), install: [join(module('.bin'), 'bun'), 'install', '--production'], start: direct },
  ];
}
