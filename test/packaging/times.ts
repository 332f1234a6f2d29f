import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { output, type Row, timed } from './attempt.ts';
import { modulesSize, npmInstall, type Scene } from './scene.ts';

const repeats = 3;

/** Seconds of the clock, and of the processor, which tell more where others are at work. */
function installing(words: readonly string[], own: string): string {
  let said = '';
  const seconds = timed(() => {
    said = output(['sh', '-c', '"$@" > npm.log 2>&1 || exit 1; times', 'sh', ...words], own);
  });
  const minutes = said
    .trim()
    .split('\n')
    .at(-1)!
    .match(/[\d.]+/g)!
    .map(Number);
  const [m, s, systemM, systemS] = minutes as [number, number, number, number];
  return `${seconds.toFixed(0)} (${(60 * (m + systemM) + s + systemS).toFixed(0)} CPU)`;
}

/** Seconds of installs for production, three of each in turns: with an empty cache and with a filled one, with and without optional parts. */
export function times(scene: Scene): Row[] {
  const cache = join(scene.folder, 'cache');
  const kinds = [
    { what: '`npm install`, cache empty', flags: [], empty: true },
    { what: '`npm install`, cache filled', flags: [], empty: false },
    { what: '`npm install --omit=optional`, cache filled', flags: ['--omit=optional'], empty: false },
  ];
  const seconds = kinds.map((): string[] => []);
  const sizes = kinds.map(() => '');
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [k, { flags, empty }] of kinds.entries()) {
      if (empty) rmSync(cache, { recursive: true, force: true });
      const own = scene.project('times');
      seconds[k]!.push(installing([...npmInstall, '--cache', cache, ...flags], own));
      sizes[k] = modulesSize(own);
      rmSync(own, { recursive: true });
    }
  }
  return kinds.map(({ what }, k) => ({
    what,
    version: '',
    works: 'yes',
    mb: sizes[k]!,
    seconds: seconds[k]!.join(', '),
  }));
}
