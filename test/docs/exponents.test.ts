import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processes } from '../../src/process/processes.ts';
import { universalityClasses } from '../../src/theory/universality.ts';
import { root } from '../cli/crackle.ts';

/** Rows of the tables of a page whose first cell is an identifier, cells in order. */
function rowsOf(page: string): string[][] {
  const text = readFileSync(join(root, 'docs/science', page), 'utf8');
  return [...text.matchAll(/^\| `([\w+-]+)` \|(.*)\|$/gm)].map(([, id, rest]) => [
    id!,
    ...rest!.split('|').map((cell) => cell.trim()),
  ]);
}

/** Whether a number is written as it is, a fraction exactly, a decimal rounded to its last digit; a dash stands for one that isn't known. */
function isWritten(text: string, value: number | null): boolean {
  if (text === '–' || value === null) return text === '–' && value === null;
  const [above, below] = text.split('/').map(Number);
  if (below !== undefined) return Math.abs(above! / below - value) < 1e-12;
  return value.toFixed(text.split('.')[1]?.length ?? 0) === text;
}

describe('exponents in the docs', () => {
  it('are those of every universality class', () => {
    const rows = rowsOf('classes.md');
    expect(rows.map(([id]) => id)).toEqual(universalityClasses.map(({ id }) => id));
    for (const [i, { id, basis, ...known }] of universalityClasses.entries()) {
      const [, , ...cells] = rows[i]!;
      const wrong = (['tau', 'alpha', 'gamma'] as const).filter((name, n) => !isWritten(cells[n]!, known[name]));
      expect([id, wrong, cells[3]]).toEqual([id, [], basis]);
    }
  });

  it('are those of every process', () => {
    const rows = rowsOf('controls.md').filter(([id]) => processes.some(({ name }) => name === id));
    expect(rows.map(([id]) => id)).toEqual(processes.map(({ name }) => name));
    for (const [i, { known, defaults }] of processes.entries()) {
      const [id, , ...cells] = rows[i]!;
      const values = known(defaults);
      const wrong = (['tau', 'alpha', 'gamma'] as const).filter((name, n) => !isWritten(cells[n]!, values[name]));
      expect([id, wrong]).toEqual([id, []]);
    }
  });

  it('would be found wrong', () => {
    expect(isWritten('4/3', 4 / 3)).toBe(true);
    expect(isWritten('1.268', 1.2681)).toBe(true);
    expect([isWritten('4/3', 1.33), isWritten('1.27', 1.2649), isWritten('–', 1), isWritten('1', null)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
