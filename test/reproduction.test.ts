import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crackle, root } from './cli/crackle.ts';

const page = readFileSync(join(root, 'docs/reproduction.md'), 'utf8');
/** Flags that every run takes, whatever its pipeline. */
const ofEveryRun = ['--preset', '--seed', '--max-time', '--out', '--keep-state'];

interface Described {
  readonly parameters: readonly { readonly name: string }[];
  readonly presets: Readonly<Record<string, unknown>>;
}

describe('docs/reproduction.md', () => {
  it('gives commands of pipelines, flags and presets that there are', async () => {
    const commands = [...page.matchAll(/crackle run ([a-z-]+)((?: +-[^`\n#]*)?)/g)].map(([, name, flags]) => ({
      name: name!,
      words: flags!.split(/[\s=]+/),
    }));
    expect(commands.length).toBeGreaterThan(10);
    for (const name of new Set(commands.map((command) => command.name))) {
      const { code, stdout } = await crackle(['describe', name, '--json']);
      expect([name, code]).toEqual([name, 0]);
      const { parameters, presets } = JSON.parse(stdout.toString()) as Described;
      const known = [...ofEveryRun, ...parameters.map((parameter) => `--${parameter.name}`)];
      for (const { words } of commands.filter((command) => command.name === name)) {
        expect(known).toEqual(expect.arrayContaining(words.filter((word) => word.startsWith('--'))));
        const preset = words[words.indexOf('--preset') + 1];
        if (words.includes('--preset')) expect(Object.keys(presets)).toContain(preset);
      }
    }
  });
});
