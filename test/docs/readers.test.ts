import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crackle, root } from '../cli/crackle.ts';
import { inProcess } from '../cli/in-process.ts';
import { temporaryFolder } from '../run/temporary.ts';

const folder = temporaryFolder();
const python = process.env.CRACKLE_PYTHON ?? 'python3';
const snippet = (name: string): string => join(root, 'docs/snippets', name);
const small = ['gaussian-avalanches', '--widths', '16', '--depth', '60', '--valid', '2000'];

/** Whether Python has the modules; says so where it hasn't. */
function has(...modules: string[]): boolean {
  try {
    execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'pipe' });
    return true;
  } catch {
    console.info(`skipped: an example of docs/how-to, ${python} can't import ${modules.join(' or ')}`);
    return false;
  }
}

describe('docs/how-to', () => {
  it('has readers of a stream, which crackle fit reads too', async () => {
    const { code, stdout: stream, stderr } = await crackle(['stream', ...small, '--table', 'avalanche']);
    expect(code, stderr).toBe(0);
    const text = execFileSync(process.execPath, [snippet('stream.mjs')], { input: stream, encoding: 'utf8' });
    expect(text).toMatch(/^2\d{3} avalanches, the longest of \d+ layers\n$/);
    const file = join(folder, 'avalanches.arrows');
    writeFileSync(file, stream);
    const fit = await inProcess(['fit', file, '--avalanches', 'size,duration', '--window', 'given', '--json']);
    expect([fit.code, fit.stderr]).toEqual([0, expect.not.stringContaining('bug')]);
    if (has('polars')) {
      const printed = execFileSync(python, [snippet('stream-polars.py')], { input: stream, encoding: 'utf8' });
      expect(printed).toContain('duration');
    }
  });

  it.skipIf(!has('pandas', 'pyarrow', 'matplotlib'))(
    'has a notebook whose cells run',
    async () => {
      const words = ['run', ...small, '--alternatives', 'false', '--no-figures', '--out', join(folder, 'run')];
      const { code, stderr } = await inProcess(words);
      expect(code, stderr).toBe(0);
      const { cells } = JSON.parse(readFileSync(snippet('notebook.ipynb'), 'utf8')) as {
        cells: readonly { readonly cell_type: string; readonly source: readonly string[] }[];
      };
      const script = cells.filter((cell) => cell.cell_type === 'code').map(({ source }) => source.join(''));
      const printed = execFileSync(python, ['-c', script.join('\n')], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, MPLBACKEND: 'agg' },
      });
      expect(printed).toMatch(/^- N = 16, of 2\D?\d{3} avalanches/);
    },
    60_000,
  );
});
