import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { root } from './crackle.ts';

const preload = join(import.meta.dirname, 'loaded-modules.mjs');
const dist = join(root, 'dist');
const main = join(dist, 'src/cli/main.js');
const folder = temporaryFolder();

/** What a command line loads until it ends or a worker is sent its first partition: packages of node_modules, and files of crackle's build. */
function loadedBy(...words: string[]): { packages: string[]; own: string[]; young: number } {
  const { stderr } = spawnSync(process.execPath, ['--import', preload, main, ...words], {
    encoding: 'utf8',
    cwd: root,
  });
  const { loaded: files, young } = JSON.parse(/^loaded (.*)$/m.exec(stderr)![1]!) as {
    loaded: string[];
    young: number;
  };
  const packages = files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  const own = files.flatMap((file) => /\/dist\/(?!.*node_modules)(.*)/.exec(file)?.[1] ?? []);
  return { packages: [...new Set(packages)].sort(), own, young };
}

/** What a thread loads before it can work: all that its entries import, and theirs, but for what is imported when it is needed. */
function importsOf(...entries: string[]): { packages: string[]; own: string[]; bytes: number } {
  const [packages, own] = [new Set<string>(), new Set<string>()];
  const follow = (file: string): void => {
    if (own.has(file)) return;
    own.add(file);
    for (const [, name] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\b(?:[^'";]*?\bfrom)? ?["']([^"']+)["'];$/gm,
    )) {
      if (name!.startsWith('.')) follow(resolve(dirname(file), name!));
      else if (name!.startsWith('#vendor/')) follow(join(dist, name!.slice(1)));
      else if (!name!.startsWith('node:')) packages.add(name!);
    }
  };
  for (const entry of entries) follow(join(dist, entry));
  const bytes = [...own].reduce((sum, file) => sum + statSync(file).size, 0);
  return { packages: [...packages], own: [...own], bytes };
}

describe('the start of a command', () => {
  it('has V8 told in words that it knows', () => {
    const { status, stderr } = spawnSync(process.execPath, [main, '--version'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('loads nothing but the reader of flags where the version is asked for', () => {
    const { packages, own } = loadedBy('--version');
    expect(packages).toEqual([]);
    expect(own.filter((file) => file.startsWith('vendor/'))).toEqual(['vendor/commander.js']);
    expect(own.length).toBeLessThan(12);
  });

  it('loads for a run, until its first partition, what its dataflow is made of: what draws and reads comes later', () => {
    const out = join(folder, 'run');
    const { packages, own, young } = loadedBy('run', 'gaussian-avalanches', '--workers', '1', '--out', out);
    expect(packages).toEqual([]);
    expect(own.filter((file) => file.startsWith('vendor/')).sort()).toEqual(
      ['apache-arrow', 'commander', 'pino-pretty', 'pino'].map((name) => `vendor/${name}.js`),
    );
    expect(own.length).toBeGreaterThan(10);
    // Five of them try a card, where the package webgpu is.
    expect(own.length).toBeLessThan(158);
    // Modules that are loaded have it grow to 8 MB, which it keeps for a minute or longer.
    expect(young).toBeLessThan(5 * 2 ** 20);
  });

  it('is that of a worker thread, too: no package beside the build, of which a pipeline loads its own part', () => {
    const worker = importsOf('src/flow/worker.js', 'pipelines/gaussian-avalanches.js');
    expect(worker.packages).toEqual([]);
    expect(worker.own.filter((file) => file.includes('/vendor/'))).toEqual([join(dist, 'vendor/apache-arrow.js')]);
    expect(worker.own.length).toBeLessThan(98);
    expect(worker.bytes).toBeLessThan(1_100_000);
    const everything = importsOf('src/index.js');
    expect(worker.bytes).toBeLessThan(0.7 * everything.bytes);
  });

  it('finds all names in the packages that the build has taken in', () => {
    const chunks = readdirSync(join(dist, 'src/chunk')).filter((file) => file.endsWith('.js'));
    const asked = chunks.flatMap((file) => [
      ...readFileSync(join(dist, 'src/chunk', file), 'utf8').matchAll(
        /(?:import|const) \{([^}]*)\} (?:from |= await import\()"#vendor\/([\w-]+)\.js"/g,
      ),
    ]);
    expect(new Set(asked.map(([, , name]) => name))).toEqual(
      new Set(['apache-arrow', 'cli-progress', 'commander', 'pino-pretty', 'queue', 'vega']),
    );
    // In a Node of its own: vitest would transform megabytes.
    const list = `const keys = {}; for (const file of process.argv.slice(1)) keys[file] = Object.keys(await import(file));
      console.log(JSON.stringify(keys));`;
    const files = [...new Set(asked.map(([, , name]) => join(dist, `vendor/${name}.js`)))];
    const printed = spawnSync(process.execPath, ['--input-type=module', '-e', list, ...files], { encoding: 'utf8' });
    const keys = JSON.parse(printed.stdout) as Record<string, string[]>;
    for (const [, names, name] of asked) {
      const there = keys[join(dist, `vendor/${name}.js`)];
      for (const key of names!.split(',')) expect(there).toContain(/\w+/.exec(key)![0]);
    }
  });

  it('finds the same apache-arrow and rxjs as a program that uses the library', () => {
    expect(importsOf('library/src/index.js').packages.sort()).toEqual(['apache-arrow', 'rxjs']);
  });
});
