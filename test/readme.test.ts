import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crackle, root } from './cli/crackle.ts';
import { temporaryFolder } from './run/temporary.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const folder = temporaryFolder();

describe('README.md', () => {
  it('shows the pipeline that is tested, and it runs', async () => {
    const path = resolve(root, 'test/fixtures/pipelines/readme.ts');
    expect(readme).toContain(`\`\`\`ts\n${readFileSync(path, 'utf8')}\`\`\``);
    const { code, stdout, stderr } = await crackle([
      'run',
      path,
      '--widths',
      '16',
      '--depth',
      '60',
      '--out',
      join(folder, 'own'),
    ]);
    expect([code, stderr.includes('layers')]).toEqual([0, true]);
    expect(stdout.toString()).toContain('N = 16');
  });

  it('names commands that exist', async () => {
    const named = new Set([...readme.matchAll(/^crackle ([a-z]+)/gm)].map((match) => match[1]!));
    expect(named.size).toBeGreaterThan(7);
    for (const name of named) expect([name, (await crackle([name, '--help'])).code]).toEqual([name, 0]);
  });

  it('gives the two commands that package.json and .ci/run have', () => {
    expect(readme).toContain('npm ci && npm start');
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(Object.keys(scripts)).toEqual(
      expect.arrayContaining(['start', 'test', 'bench', 'build', 'schemas', 'kernels']),
    );
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/npm ci[\s\S]*npm test/);
  });
});
