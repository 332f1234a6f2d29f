/**
 * Packs crackle and tries it as a user has it, in folders whose names have a space and an umlaut: installed by npm, pnpm, yarn 1, yarn's
 * Plug'n'Play and bun; run by deno and bun; its types under eight versions of TypeScript; in bundles; under other Nodes, without rights, with nothing
 * to write to, with native parts of another platform; installed offline; and how long an install takes. All tools come from npm. Prints a table in
 * Markdown; leaves with 1 where something doesn't work.
 *
 * usage: npm run packaging [-- <part> …], parts being npm, pnpm, yarn, pnp, bun, deno, typescript, bundlers, circumstances, offline, times
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Row, table } from './attempt.ts';
import { bundlers } from './bundlers.ts';
import { circumstances, offline } from './circumstances.ts';
import { typescript } from './compilers.ts';
import { bun, deno, npm, plugAndPlay, pnpm, yarn } from './packagers.ts';
import { openScene, type Scene } from './scene.ts';
import { times } from './times.ts';

const parts: Readonly<Record<string, (scene: Scene) => Row[] | Promise<Row[]>>> = {
  npm,
  pnpm,
  yarn,
  pnp: plugAndPlay,
  bun,
  deno,
  bundlers,
  circumstances,
  offline,
  // These add types to the install that all share.
  typescript,
  times,
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => parts[name] === undefined);
if (unknown !== undefined) throw new Error(`no part is called ${unknown}: ${Object.keys(parts).join(', ')}`);

const folder = mkdtempSync(join(tmpdir(), 'crackle päck '));
const rows: Row[] = [];
const load = (): string => loadavg()[0]!.toFixed(1);
try {
  const before = load();
  const scene = openScene(folder);
  for (const [name, attempt] of Object.entries(parts)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const began = performance.now();
    const found = await attempt(scene);
    rows.push(...found);
    console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s\n${table(found)}\n`);
  }
  const date = new Date().toISOString().slice(0, 10);
  const where = `${process.platform} ${process.arch}, load ${before} to ${load()}`;
  console.log(`Tried on ${date}, Node ${process.versions.node}, ${where}:\n\n${table(rows)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (rows.some(({ works }) => !works.startsWith('yes'))) process.exitCode = 1;
