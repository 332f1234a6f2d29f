/** Typed arrays are generic from TypeScript 5.7 on, and the compiler writes them so in what it infers: declarations that older ones read name them plainly. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.d.ts')) continue;
  const path = join('dist', file);
  const text = readFileSync(path, 'utf8');
  const plain = text.replace(/\b((?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array)<ArrayBuffer(?:Like)?>/g, '$1');
  if (plain !== text) writeFileSync(path, plain);
}
