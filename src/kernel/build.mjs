/** Compiles assembly/*.ts to dist/kernel/*.wasm, each twice: plain SIMD, and relaxed SIMD with fused multiply-add. */
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const out = join(root, 'dist/kernel');
mkdirSync(out, { recursive: true });

const only = process.argv.slice(2);
const entries = readdirSync(join(here, 'assembly'))
  .filter((file) => file.endsWith('.ts') && (only.length === 0 || only.includes(file.slice(0, -3))))
  .sort();

for (const entry of entries) {
  for (const [suffix, features] of [
    ['', []],
    ['.relaxed', ['--enable', 'relaxed-simd']],
  ]) {
    const options = ['--enable', 'simd', ...features, '-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort='];
    const target = join(out, `${entry.slice(0, -3)}${suffix}.wasm`);
    const source = relative(root, join(here, 'assembly', entry));
    const { error, stderr } = await asc.main([
      source,
      '--baseDir',
      root,
      '--outFile',
      relative(root, target),
      ...options,
    ]);
    if (error) {
      process.stderr.write(`${stderr}\n${source}: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${relative(root, target)}\n`);
  }
}
