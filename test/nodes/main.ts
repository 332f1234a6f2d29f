/**
 * Runs pipelines on Node 20, 22, 24 and 26 (exact versions, from npm) and compares every table that they
 * write, byte by byte. Prints a table in Markdown; leaves with 1 where versions differ.
 *
 * usage: npm run node-versions [-- <version> …]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { digest } from './digest.ts';
import { nodePrograms } from './programs.ts';
import { nodeVersions } from './versions.ts';

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

const folder = mkdtempSync(join(tmpdir(), 'crackle-nodes-'));
let differ = false;
try {
  const asked = process.argv.slice(2);
  const programs = nodePrograms(asked.length > 0 ? asked : nodeVersions);
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
