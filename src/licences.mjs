import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes the licences of all packages that a bundle has taken something from: they ask for it.
 * @param inputs of esbuild's metafile: what was taken in, by path
 */
export function writeLicences(inputs, file) {
  const folders = Object.keys(inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const own = readdirSync(folder).filter((entry) => /^(licen[cs]e|notice)/i.test(entry));
    const text = own.map((entry) => readFileSync(join(folder, entry), 'utf8').trim()).join('\n\n');
    if (text === '' && license === undefined) throw new Error(`${folder} has no licence`);
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  writeFileSync(file, texts.join(`\n${'-'.repeat(80)}\n\n`));
}
