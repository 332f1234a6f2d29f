import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
    const out = join(folder, 'own');
    const words = ['--widths', '16', '--depth', '60', '--record', 'avalanche', '--out', out];
    const { code, stdout, stderr } = await crackle(['run', path, ...words]);
    expect(code, stderr).toBe(0);
    expect(readdirSync(join(out, 'avalanche')).length).toBeGreaterThan(0);
    expect(stdout.toString()).toContain('N = 16');
  });

  it('shows the pipeline that extends a built-in one, and it prints and draws what is added', async () => {
    const path = resolve(root, 'test/fixtures/pipelines/readme-extended.ts');
    expect(readme).toContain(`\`\`\`ts\n${readFileSync(path, 'utf8')}\`\`\``);
    const out = join(folder, 'extended');
    const words = ['--widths', '16', '--depth', '60', '--valid', '300', '--alternatives', 'false', '--out', out];
    const { code, stdout, stderr } = await crackle(['run', path, ...words]);
    expect(code, stderr).toBe(0);
    expect(stdout.toString()).toMatch(/N = 16 +(0\.9|1\.0)\d{3}\n/);
    expect(readFileSync(join(out, 'figures/branching.svg'), 'utf8')).toContain('branching_ratio');
  });

  it('shows no code in TypeScript but that', () => {
    expect(readme.match(/^```ts$/gm)).toHaveLength(2);
  });

  it('names files that exist', () => {
    const files = [...readme.matchAll(/\]\(([\w./-]+)(?:#[\w-]+)?\)|python ([\w/]+\.py)/g)].map(
      (match) => match[1] ?? match[2]!,
    );
    expect(files.length).toBeGreaterThan(12);
    for (const file of files) expect([file, existsSync(join(root, file))]).toEqual([file, true]);
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
