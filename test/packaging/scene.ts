import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { output, timed } from './attempt.ts';

export const root: string = resolve(import.meta.dirname, '../..');

const library = `import('crackle').then(async ({ run }) => {
  const { tables } = await run('regimes', { width: 16, depth: 30, networks: 8 });
  if (tables.regime.length === 0) throw new Error('no rows');
});`;

const quiet = ['--progress', 'none', '--workers', '2'];
const small = ['--widths', '16', '--depth', '60', '--valid', '500', '--record', 'avalanche', ...quiet];
/** A built-in pipeline, and pipelines of a user's own. */
export const builtIn: readonly string[] = ['run', 'gaussian-avalanches', '--no-figures', ...small];
export const inTypeScript: readonly string[] = [
  ...['run', 'regimes.ts', '--width', '16', '--depth', '30', '--networks', '8', ...quiet],
];
export const inJavaScript: readonly string[] = ['run', 'mine.mjs', ...small];
/** The command line as npm and its like install it. */
export const entry = 'node_modules/crackle/dist/src/cli/main.js';
export const npmInstall: readonly string[] = ['npm', 'install', '--omit=dev', '--no-audit', '--no-fund'];

/** Where everything is tried: a folder whose name has a space and an umlaut. */
export interface Scene {
  readonly folder: string;
  /** The packed package. */
  readonly packed: string;
  /** Makes a user's folder that wants the packed package, has pipelines of its own and programs that use the library. */
  project(name: string): string;
  /** Such a folder, installed by npm, for all who need no install of their own; installed when it is first asked for. */
  installed(): { readonly own: string; readonly seconds: number };
  /** Installs a package from npm into a folder for tools; the path of the package. */
  tool(name: string, wanted?: string): string;
}

export function openScene(folder: string): Scene {
  const file = output(['npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder], root).trim();
  const packed = join(folder, file);
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'package.json'), '{}');
  const project = (name: string): string => {
    const own = join(folder, `of ${name}`);
    mkdirSync(own);
    const dependencies = { crackle: `file:../${file}` };
    writeFileSync(join(own, 'package.json'), JSON.stringify({ name: 'own', version: '1.0.0', dependencies }));
    writeFileSync(join(own, 'library.mjs'), library);
    writeFileSync(join(own, 'library.cjs'), library);
    writeFileSync(
      join(own, 'required.cjs'),
      library.replace(/^import\((.*?)\).then\(/, 'Promise.resolve(require($1)).then('),
    );
    cpSync(join(root, 'pipelines/regimes.ts'), join(own, 'regimes.ts'));
    writeFileSync(join(own, 'mine.mjs'), "export { default } from 'crackle/pipelines/gaussian-avalanches';\n");
    return own;
  };
  let standing: { readonly own: string; readonly seconds: number } | undefined;
  return {
    folder,
    packed,
    project,
    installed() {
      if (standing === undefined) {
        const own = project('npm');
        standing = { own, seconds: timed(() => output(npmInstall, own)) };
      }
      return standing;
    },
    tool(name, wanted = name) {
      const path = join(tools, 'node_modules', name);
      if (!existsSync(path)) output(['npm', 'install', '--silent', '--no-audit', '--no-fund', wanted], tools);
      return path;
    },
  };
}

/** The version that a package's folder says. */
export const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;

/** Megabytes of a folder's modules; nothing where there are none, as under Plug'n'Play, which has zip files of its own. */
export function modulesSize(own: string): string {
  const modules = join(own, 'node_modules');
  return existsSync(modules) ? output(['du', '-sm', modules], own).split('\t')[0]! : 'zip files';
}
