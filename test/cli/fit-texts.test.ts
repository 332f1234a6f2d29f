import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { output } from './fit-output.ts';

const folder = temporaryFolder();
const sizes = Array.from({ length: 400 }, (_, i) => Math.round(2 / (1 - (i + 0.5) / 400) ** 0.8));

async function fitted(content: string, ...flags: string[]): Promise<{ exponent: number; n: number }> {
  const path = join(folder, 'table.txt');
  writeFileSync(path, content);
  return JSON.parse(await output(path, '--column', 'size', ...flags, '--json')) as { exponent: number; n: number };
}

const table = (delimiter: string, mark = '.'): string =>
  `size${delimiter}x\n${sizes.map((s) => `${s}${delimiter}1${mark}5`).join('\n')}\n`;

describe('crackle fit of texts as people write them', () => {
  const layouts: [string, string][] = [
    [table(','), '--delimiter comma'],
    [table(';', ','), '--delimiter semicolon --decimal comma'],
    [table('\t'), '--delimiter tab --decimal dot'],
    [table('|'), '--delimiter bar --encoding utf-8'],
    [table('  '), '--delimiter blanks --thousands none'],
    [`? note\n${table(',')}`, '--comment ? --header --encoding latin1'],
  ];
  it.each(layouts)('gives the same fit with its layout said: %#', async (content, flags) => {
    const plain = await fitted(`size\n${sizes.join('\n')}\n`);
    expect((await fitted(content, ...flags.split(' '))).exponent).toBe(plain.exponent);
    if (!flags.includes('?')) expect((await fitted(content)).exponent).toBe(plain.exponent);
  });

  it('knows every mark between thousands', async () => {
    for (const [name, mark] of Object.entries({ comma: ',', dot: '.', apostrophe: "'", space: ' ' })) {
      const content = `size;x\n${sizes.map((s) => `${s % 1000}${mark}000;1`).join('\n')}\n`;
      expect((await fitted(content, '--thousands', name)).n).toBe(400);
    }
  });

  it('reads data without names by position, and UTF-16 by name', async () => {
    const path = join(folder, 'bare.csv');
    writeFileSync(path, `${sizes.map((s) => `${s},1`).join('\n')}\n`);
    expect(JSON.parse(await output(path, '--column', '1', '--no-header', '--json')).n).toBe(400);
    writeFileSync(path, Buffer.from(table('\t'), 'utf16le'));
    expect(JSON.parse(await output(path, '--column', 'size', '--encoding', 'utf-16le', '--json')).n).toBe(400);
    writeFileSync(path, Buffer.from(table('\t'), 'utf16le').swap16());
    expect(JSON.parse(await output(path, '--column', 'size', '--encoding', 'utf-16be', '--json')).n).toBe(400);
  });

  it('names a layout that it does not know', async () => {
    await expect(fitted(table(','), '--delimiter', 'dash')).rejects.toThrow(
      /delimiter must be one of comma, semicolon/,
    );
    await expect(fitted(table(','), '--decimal', 'x')).rejects.toThrow(/decimal must be one of dot, comma, got 'x'/);
    await expect(fitted('day,size\n1%,2%\n', '--no-header')).rejects.toThrow(/has no column 'size'/);
  });
});
