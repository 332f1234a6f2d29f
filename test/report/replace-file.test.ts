import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { renderFigures } from '../../src/report/render.ts';
import { replaceFile } from '../../src/report/replace-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'crackle-replace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('replaces a link, and one under the temporary name, without writing to what they lead to', async () => {
  const theirs = join(folder, 'theirs.txt');
  writeFileSync(theirs, 'theirs');
  const path = join(folder, 'report.html');
  symlinkSync(theirs, path);
  symlinkSync(theirs, join(folder, '.report.html.tmp'));
  await replaceFile(path, 'mine');
  expect(readFileSync(theirs, 'utf8')).toBe('theirs');
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect(lstatSync(path).isSymbolicLink()).toBe(false);
});

it('leaves nothing behind where it fails, and says why of the file that was asked for', async () => {
  mkdirSync(join(folder, 'taken'));
  await expect(replaceFile(join(folder, 'taken'), 'text')).rejects.toThrow(
    /^cannot write .*taken: it is a folder \(EISDIR\)$/,
  );
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  await expect(replaceFile(join(folder, 'none', 'a.html'), 'text')).rejects.toThrow(
    /^cannot write .*none.a\.html: there is no such file or folder \(ENOENT\)$/,
  );
});

it('draws no figures into a folder that is a link', async () => {
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync('elsewhere', join(folder, 'figures'));
  await expect(renderFigures([], join(folder, 'figures'))).rejects.toThrow('is a symbolic link');
});
