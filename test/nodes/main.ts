/**
 * Runs pipelines on Node 20, 22, 24 and 26 (the npm package `node`, installed into a temporary folder) and compares every table that they
 * write, byte by byte. Prints a table in Markdown; leaves with 1 where versions differ.
 *
 * usage: npm run node-versions [-- <version> …]
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const entry = join(root, 'dist/src/cli/main.js');
const quiet = ['--progress', 'none', '--no-figures', '--workers', '1'];

/** Small runs of every engine and of what is made without one. */
const runs: readonly (readonly string[])[] = [
  ['gaussian-avalanches', '--widths', '32,64', '--depth', '200', '--valid', '3000', '--record', 'avalanche,signal'],
  ['gaussian-avalanches', '--engine', 'effective', '--widths', '64', '--depth', '200', '--valid', '3000'],
  ['gaussian-avalanches', '--engine', 'quenched', '--widths', '32', '--depth', '60', '--valid', '500'],
  [
    'resnet-avalanches',
    '--models',
    'resnet-18',
    '--networks',
    '1',
    '--input-size',
    '8',
    '--perturbations',
    '32',
    '--batch',
    '8',
    '--calibration',
    '8',
  ],
  ['known-exponents', '--processes', 'branching,abbm,ornstein-uhlenbeck', '--valid', '1000'],
  ['regimes', '--width', '32', '--depth', '40', '--networks', '8'],
];

/** Installs a version of Node; its program. */
function install(version: string, folder: string): string {
  const at = join(folder, `node-${version}`);
  mkdirSync(at);
  writeFileSync(join(at, 'package.json'), '{}');
  const words = ['install', '--no-audit', '--no-fund', '--silent', `node@${version}`];
  execFileSync('npm', words, { cwd: at, stdio: 'pipe', shell: process.platform === 'win32' });
  return join(at, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Every table under a folder, as one digest. */
function digest(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.parquet'));
  if (files.length === 0) throw new Error(`${folder} holds no tables`);
  for (const file of files.sort()) hash.update(file.replaceAll('\\', '/')).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}

const folder = mkdtempSync(join(tmpdir(), 'crackle-nodes-'));
let differ = false;
try {
  const asked = process.argv.slice(2);
  const programs = (asked.length > 0 ? asked : ['20', '22', '24', '26']).map((version) => install(version, folder));
  const names = programs.map((program) => execFileSync(program, ['--version'], { encoding: 'utf8' }).trim());
  console.log(`| tables of | kernel | ${names.map((name) => `Node ${name.slice(1)}`).join(' | ')} |`);
  console.log(`|---|---|${names.map(() => '---|').join('')}`);
  for (const kernel of ['simd', 'relaxed-simd'] as const) {
    for (const [i, words] of runs.entries()) {
      const found = programs.map((program, version) => {
        // Relaxed SIMD came with Node 22.
        if (kernel === 'relaxed-simd' && Number(names[version]!.slice(1).split('.')[0]) < 22) return '';
        const out = join(folder, `${kernel}-${i}-${version}`);
        const env = { ...process.env, CRACKLE_KERNEL: kernel };
        execFileSync(program, [entry, 'run', ...words, ...quiet, '--out', out], {
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        return digest(out);
      });
      differ ||= new Set(found.filter((each) => each !== '')).size !== 1;
      console.log(`| \`${words.join(' ')}\` | ${kernel} | ${found.join(' | ')} |`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (differ) process.exitCode = 1;
