import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { complaint, type Row, timed, tried } from './attempt.ts';
import { entry, inJavaScript, inTypeScript, modulesSize, npmInstall, type Scene, versionOf } from './scene.ts';

interface Packager {
  readonly name: string;
  readonly version: string;
  /** Installs what a folder's package.json wants, for production. */
  readonly install: readonly string[];
  /** How a program of an installed package, or Node beside them, is started. */
  readonly start?: (program: 'crackle' | 'node') => readonly string[];
  /** Before the install. */
  readonly prepare?: (own: string) => void;
}

// Yarn asks no .npmrc where packages come from.
const registry = (): string => execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
const direct = (program: 'crackle' | 'node'): readonly string[] => (program === 'node' ? ['node'] : ['node', entry]);

/** Installs, then runs a pipeline file in TypeScript and in JavaScript, on two threads, and the library from ESM and CommonJS. */
function installAndRun(scene: Scene, { name, version, install, start = direct, prepare }: Packager): Row {
  const own = scene.project(name);
  prepare?.(own);
  const env = { YARN_NPM_REGISTRY_SERVER: registry(), YARN_ENABLE_TELEMETRY: '0' };
  let left: string | undefined;
  const seconds = timed(() => {
    left = complaint(install, own, env);
  });
  const works = tried({
    'file.ts': complaint([...start('crackle'), ...inTypeScript], own, env),
    'file.mjs': complaint([...start('crackle'), ...inJavaScript], own, env),
    'import()': complaint([...start('node'), 'library.mjs'], own, env),
    'import() from CommonJS': complaint([...start('node'), 'library.cjs'], own, env),
  });
  const mb = modulesSize(own);
  rmSync(own, { recursive: true, force: true });
  const said = left === undefined ? '' : ` (the install says: ${left.slice(0, 100)})`;
  return { what: name, version, works: works + said, mb, seconds: seconds.toFixed(0) };
}

const npmVersion = (): string => execFileSync('npm', ['--version'], { encoding: 'utf8' }).trim();
const bin = (package_: string, name: string): string => join(package_, '../.bin', name);

export const npm = (scene: Scene): Row[] => [
  installAndRun(scene, { name: '`npm install`', version: npmVersion(), install: npmInstall }),
  installAndRun(scene, {
    name: '`npm install --omit=optional`',
    version: npmVersion(),
    install: [...npmInstall, '--omit=optional'],
  }),
];

export function pnpm(scene: Scene): Row[] {
  const path = scene.tool('pnpm');
  const install = [bin(path, 'pnpm'), 'install', '--prod'];
  return [installAndRun(scene, { name: 'pnpm', version: versionOf(path), install })];
}

export function yarn(scene: Scene): Row[] {
  const path = scene.tool('yarn');
  // In a shared cache an earlier package of the same version would be taken for this one.
  const cache = ['--cache-folder', join(scene.folder, 'yarn-cache')];
  const install = [process.execPath, join(path, 'bin/yarn.js'), 'install', '--production', ...cache];
  return [installAndRun(scene, { name: 'yarn 1', version: versionOf(path), install })];
}

export function plugAndPlay(scene: Scene): Row[] {
  const path = scene.tool('@yarnpkg/cli-dist');
  const berry = [process.execPath, join(path, 'bin/yarn.js')];
  return [
    installAndRun(scene, {
      name: "yarn, Plug'n'Play",
      version: versionOf(path),
      install: [...berry, 'install'],
      start: (program) => [...berry, program],
      // Else it takes the folder for a part of what lies above.
      prepare: (own) => writeFileSync(join(own, 'yarn.lock'), ''),
    }),
  ];
}

export function bun(scene: Scene): Row[] {
  const path = scene.tool('bun');
  const program = bin(path, 'bun');
  const { own } = scene.installed();
  const works = tried({
    list: complaint([program, '--bun', entry, 'list'], own),
    'import()': complaint([program, '--bun', 'library.mjs'], own),
  });
  return [
    installAndRun(scene, { name: 'bun', version: versionOf(path), install: [program, 'install', '--production'] }),
    { what: 'bun as the runtime, library alone', version: versionOf(path), works },
  ];
}

/** Deno takes a packed file for a folder and installs nothing: it runs what npm has installed. */
export function deno(scene: Scene): Row[] {
  const path = scene.tool('deno');
  const { own } = scene.installed();
  const program = [bin(path, 'deno'), 'run', '--allow-all', '--node-modules-dir=manual'];
  const works = tried({
    list: complaint([...program, entry, 'list'], own),
    'file.ts': complaint([...program, entry, ...inTypeScript], own),
    'file.mjs': complaint([...program, entry, ...inJavaScript], own),
    'import()': complaint([...program, 'library.mjs'], own),
  });
  if (existsSync(join(own, 'deno.lock'))) rmSync(join(own, 'deno.lock'));
  return [{ what: 'deno as the runtime, installed by npm', version: versionOf(path), works }];
}
