import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nodePrograms } from '../nodes/programs.ts';
import { nodeVersions } from '../nodes/versions.ts';
import { complaint, type Environment, type Row, timed, tried } from './attempt.ts';
import { builtIn, entry, inTypeScript, modulesSize, type Scene } from './scene.ts';

interface Circumstance {
  readonly name: string;
  readonly version: string;
  /** Node with its flags, and what starts it. */
  readonly node: readonly string[];
  readonly env?: Environment;
  /** What lacks a right or a part, and what it has to say of it, in one sentence. */
  readonly refuses?: Readonly<Record<string, RegExp>>;
  readonly begin?: () => void;
  readonly end?: () => void;
}

const nativeParts = /^(linux|darwin|win32|freebsd|android|resvg-js-|msgpackr-extract-)/;

/** Takes away every native part, as in a folder of modules that another platform has installed. */
function foreign(modules: string, aside: string): { begin(): void; end(): void } {
  const parts = ['@esbuild', '@resvg', '@msgpackr-extract']
    .filter((scope) => existsSync(join(modules, scope)))
    .flatMap((scope) => readdirSync(join(modules, scope)).map((name) => ({ scope, name })))
    .filter(({ name }) => nativeParts.test(name) && name !== 'resvg-js')
    .map(({ scope, name }) => join(scope, name));
  // The native program is linked there too, in place of esbuild's script.
  if (existsSync(join(modules, 'esbuild/bin'))) parts.push('esbuild/bin');
  return {
    begin() {
      mkdirSync(aside);
      for (const [i, part] of parts.entries()) renameSync(join(modules, part), join(aside, String(i)));
    },
    end() {
      for (const [i, part] of parts.entries()) renameSync(join(aside, String(i)), join(modules, part));
      rmSync(aside, { recursive: true });
    },
  };
}

const canRequire = (version: string): boolean => Number(version.split('.')[0]) >= 22;

/** What a machine or its administrator may think of: other Nodes, no rights, nowhere to write, parts for another machine. */
export function circumstances(scene: Scene): Row[] {
  const { own } = scene.installed();
  const modules = join(own, 'node_modules');
  const [old, , , newest] = nodeVersions;
  const program = Object.fromEntries(nodePrograms(nodeVersions).map((path, i) => [nodeVersions[i]!, path]));
  const locked = join(own, 'locked');
  mkdirSync(locked);
  chmodSync(locked, 0o555);
  for (const folder of [scene.folder, own]) chmodSync(folder, 0o755);
  // To root nothing is read-only: whoever else owns nothing.
  const nobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const out = join(own, 'output');
  const files = ['--allow-fs-read=*', '--allow-fs-write=*'];
  const permission = (version: string, ...flags: readonly string[]) => ({
    name: `\`node --permission ${flags.join(' ')}\``,
    version,
    node: [program[version]!, '--no-warnings', '--permission', ...flags],
  });
  const list: Circumstance[] = [
    ...nodeVersions.map((version) => ({ name: 'Node alone', version, node: [program[version]!] })),
    {
      name: 'HOME and TMPDIR read-only',
      version: old,
      node: [...nobody, process.execPath],
      env: { HOME: locked, TMPDIR: locked },
    },
    {
      name: 'native parts of another platform',
      version: old,
      node: [program[old]!],
      refuses: { 'file.ts': /esbuild has no native part/ },
      ...foreign(modules, join(own, 'aside')),
    },
    {
      name: 'native parts of another platform',
      version: newest,
      node: [program[newest]!],
      ...foreign(modules, join(own, 'aside')),
    },
    {
      ...permission(newest, files[0]!),
      refuses: { run: /--allow-fs-write/, 'file.ts': /--allow-fs-write/ },
    },
    permission(nodeVersions[1], ...files),
    permission(newest, ...files),
    permission(newest, ...files, '--allow-worker', '--allow-child-process', '--allow-addons'),
  ];
  return list.map(({ name, version, node, env = {}, refuses = {}, begin, end }) => {
    begin?.();
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out);
    chmodSync(out, 0o777);
    const refused: string[] = [];
    const attempts = Object.entries({
      list: [entry, 'list'],
      doctor: [entry, 'doctor'],
      run: [entry, ...builtIn],
      'file.ts': [entry, ...inTypeScript],
      'import()': ['library.mjs'],
      ...(canRequire(version) ? { 'require()': ['required.cjs'] } : {}),
    }).map(([what, words]) => {
      const said = complaint([...node, ...words], own, env);
      const expected = refuses[what];
      if (expected === undefined) return [what, said];
      if (said === undefined) return [what, 'was to be refused'];
      if (!expected.test(said)) return [what, said];
      refused.push(what);
      return [what, undefined];
    });
    end?.();
    const works = tried(Object.fromEntries(attempts));
    const but = refused.length === 0 ? '' : `, but ${refused.join(' and ')}, which says what it lacks`;
    return { what: name, version: `Node ${version}`, works: works + but };
  });
}

/** `npm ci --offline` from the lock file that an install has left, with a cache that has what it names. */
export function offline(scene: Scene): Row[] {
  const { own } = scene.installed();
  const again = scene.project('offline');
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(own, file), join(again, file));
  const install = ['npm', 'ci', '--offline', '--omit=dev', '--no-audit', '--no-fund'];
  let said: string | undefined;
  const seconds = timed(() => {
    said = complaint(install, again);
  });
  const works = tried({ install: said, 'file.ts': complaint(['node', entry, ...inTypeScript], again) });
  const mb = modulesSize(again);
  rmSync(again, { recursive: true, force: true });
  return [
    {
      what: `\`${install.slice(0, 4).join(' ')}\` from the lock file`,
      version: '',
      works,
      mb,
      seconds: seconds.toFixed(0),
    },
  ];
}
