/**
 * Packs crackle and installs it with npm (with and without optional parts), pnpm, yarn 1, yarn's Plug'n'Play and bun, all from npm, each into a
 * folder whose name has a space and an umlaut; runs a pipeline file in TypeScript and one in JavaScript there, on two threads, and the library
 * from ESM and CommonJS. Prints a table in Markdown; leaves with 1 where something doesn't work.
 *
 * usage: npm run packaging [-- <packager> …]
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packagers } from './packagers.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'crackle päck '));
const tools = join(folder, 'tools');
let failed = false;

// Yarn asks no .npmrc where packages come from.
const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
const env = { ...process.env, YARN_NPM_REGISTRY_SERVER: registry, YARN_ENABLE_TELEMETRY: '0' };
const output = (words: readonly string[], cwd: string): string =>
  execFileSync(words[0]!, words.slice(1), { cwd, env, encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 26 });

const library = `import('crackle').then(async ({ run }) => {
  const { tables } = await run('regimes', { width: 16, depth: 30, networks: 8 });
  if (tables.regime.length === 0) throw new Error('no rows');
});`;
const quiet = ['--progress', 'none', '--workers', '2'];

/** 'yes', or the line in which a program says what is wrong. */
function attempt(words: readonly string[], cwd: string): string {
  try {
    output(words, cwd);
    return 'yes';
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const lines = (stderr?.trim() || message).split('\n');
    failed = true;
    return `no (${(lines.find((line) => /Error|crackle:/.test(line)) ?? lines[0]!).slice(0, 100)})`;
  }
}

try {
  mkdirSync(tools);
  writeFileSync(join(tools, 'package.json'), '{}');
  output(['npm', 'install', '--silent', '--no-audit', '--no-fund', 'pnpm', 'yarn', '@yarnpkg/cli-dist', 'bun'], tools);
  output(['npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder], root);
  const { version } = createRequire(import.meta.url)(join(root, 'package.json')) as { version: string };
  const asked = process.argv.slice(2);
  console.log(
    `Tried on ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}:\n`,
  );
  console.log(
    '| Installed by | s | MB | file.ts | file.mjs | import | import() from CommonJS |\n|---|---|---|---|---|---|---|',
  );
  for (const { name, from, install, start } of packagers(tools)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const own = join(folder, `of ${name}`);
    mkdirSync(own);
    const dependencies = { crackle: `file:../crackle-${version}.tgz` };
    writeFileSync(join(own, 'package.json'), JSON.stringify({ name: 'own', version: '1.0.0', dependencies }));
    // Else Plug'n'Play takes the folder for a part of what lies above; others don't know an empty one.
    if (name.endsWith('Play')) writeFileSync(join(own, 'yarn.lock'), '');
    writeFileSync(join(own, 'library.mjs'), library);
    writeFileSync(join(own, 'library.cjs'), library);
    cpSync(join(root, 'pipelines/regimes.ts'), join(own, 'regimes.ts'));
    writeFileSync(join(own, 'mine.mjs'), "export { default } from 'crackle/pipelines/gaussian-avalanches';\n");
    const began = performance.now();
    let installed = '';
    try {
      output(install, own);
    } catch (error) {
      installed = (error as Error).message;
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const packages = join(own, 'node_modules');
    // Plug'n'Play has zip files of its own in place of a folder of modules.
    const size = existsSync(packages) ? output(['du', '-sm', packages], own).split('\t')[0] : '–';
    const small = ['--widths', '16', '--depth', '60', '--valid', '500', ...quiet];
    const cells = [
      attempt(
        [...start('crackle'), 'run', 'regimes.ts', '--width', '16', '--depth', '30', '--networks', '8', ...quiet],
        own,
      ),
      attempt([...start('crackle'), 'run', 'mine.mjs', ...small], own),
      attempt([...start('node'), 'library.mjs'], own),
      attempt([...start('node'), 'library.cjs'], own),
    ];
    const about = JSON.parse(readFileSync(from, 'utf8')) as { version: string };
    console.log(`| ${name} ${about.version} | ${seconds} | ${size} | ${cells.join(' | ')} |`);
    if (installed !== '') console.error(`${name} left with an error:\n${installed.slice(-600)}`);
    rmSync(own, { recursive: true, force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;
