import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Option } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitCommand } from '../../src/cli/fit.ts';
import { checkFlags } from '../../src/cli/fit-flags.ts';
import { createStream } from '../../src/numeric/random.ts';
import { avalancheParameters, columnParameters, traceParameters } from '../../src/recording/parameters.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { output } from './fit-output.ts';

const folder = temporaryFolder();
const file = join(folder, 'data.csv');

beforeAll(() => {
  const stream = createStream(3, 1);
  let signal = 0;
  const rows = Array.from({ length: 800 }, (_, i) => {
    signal = 0.9 * signal + stream.normal();
    const duration = Math.ceil(stream.uniform() ** -1);
    const size = Math.ceil(duration ** 1.5 * (0.5 + stream.uniform()));
    const time = i * 0.01 + 0.001 * stream.integer(9);
    return [duration, size, signal, stream.normal(), Math.floor(i / 100), time, i % 9 === 0].join(',');
  });
  writeFileSync(file, `duration,size,signal,other,trial,time,open\n${rows.join('\n')}\n`);
});

/** A value for each word of a placeholder that isn't itself one. */
const examples: Record<string, string> = {
  number: '2',
  integer: '40',
  n: '30',
  'quantile:q': 'quantile:0.6',
  Nsd: '-1sd',
  'iaaft,…': 'iaaft',
  'none|gaussian': 'none',
  'Nsd,…': '-1sd,0.5sd',
  width: '0.004',
  condition: 'trial<10',
  column: 'trial',
  'column,…': 'signal,other',
  'size,duration': 'size,duration',
  path: 'acquisition/lfp',
};

const nwb = join(import.meta.dirname, '../fixtures/nwb/recording.nwb');

const kinds = {
  units: [nwb],
  series: [nwb, '--column', 'data:1', '--threshold', '0.5sd'],
  column: [file, '--column', 'size'],
  avalanches: [file, '--avalanches', 'size,duration'],
  trace: [file, '--trace', '--column', 'signal', '--threshold', '0'],
  channels: [file, '--trace', '--threshold', '-1sd'],
  events: [file, '--trace', '--column', 'time'],
};

/** What the flag needs beside it. */
function beside(name: string): string[] {
  const parameter = name.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  const others = { ...traceParameters, ...avalancheParameters };
  if (['column', 'countColumn'].includes(parameter) || (parameter in columnParameters && !(parameter in others))) {
    return kinds.column;
  }
  if (name === 'units' || name === 'series') return kinds[name];
  if (name === 'against' || name === 'by') return kinds.column;
  if (name === 'permutations') return [...kinds.column, '--by', 'open'];
  if (name === 'channels') return kinds.channels;
  if (name === 'time-bin') return kinds.events;
  if (name === 'scaling-count') return [...kinds.trace, '--scaling-weights', 'log'];
  if (name === 'scan-at') return [...kinds.trace, '--scan', 'threshold'];
  if (['avalanches', 'block-by', 'discrete'].includes(name)) return kinds.avalanches;
  return kinds.trace;
}

function wordsOf(option: Option): string[][] {
  const flag = option.long!;
  const placeholder = /[<[](.+)[>\]]$/.exec(option.flags)?.[1];
  if (placeholder === undefined) return [[flag]];
  const values = option.argChoices ?? placeholder.split('|').map((word) => examples[word] ?? word);
  const own: Record<string, string> = {
    '--xmax 2': '900',
    '--censored trial': 'open',
    '--by trial': 'open',
    '--against file': file,
  };
  return values.map((value) => [flag, own[`${flag} ${value}`] ?? value]);
}

const out: Record<string, string> = {
  '--out': join(folder, 'fit.csv'),
  '--shapes': join(folder, 'shapes.csv'),
  '--figure': join(folder, 'fit.svg'),
};
const documented = fitCommand()
  .options.filter(({ long, helpGroupHeading }) => long !== '--trace' && !/^Text/.test(helpGroupHeading ?? ''))
  .flatMap((option) =>
    wordsOf(option).map(([flag, value]) => [flag!, ...(value === undefined ? [] : [out[flag!] ?? value])]),
  )
  .map((words) => [words.join(' '), words] as const);

describe('every documented value of every flag of crackle fit', () => {
  it('is listed', () => {
    expect(documented.length).toBeGreaterThan(50);
    const names = documented.map(([name]) => name);
    for (const name of [
      '--xmax none',
      '--size-max none',
      '--duration-max none',
      '--candidates all',
      '--time-bin mean',
    ]) {
      expect(names).toContain(name);
    }
    const bare = fitCommand().options.filter(({ flags }) => !/[<[]/.test(flags));
    expect(bare.filter(({ description }) => /\bfalse\b/.test(description))).toEqual([]); // which they can't be given
  });

  it.each(documented)('%s', async (_name, [flag, ...value]) => {
    const kind = beside(flag!.replace(/^--(no-)?/, ''));
    const others = kind.flatMap((word, i) => (word === flag || (kind[i - 1] === flag && i > 0) ? [] : [word]));
    const quick = ['--blocks', '4', '--progress', 'none', '--workers', '1'].filter((_, i, all) => {
      return all[i - (i % 2)] !== flag && !(kind.includes('size') && i < 2);
    });
    const text = await output(...others, ...quick, flag!, ...value);
    expect(text).toMatch(/exponent|τ/);
  });
});

it.each([
  [{ exact: true, rawLimit: 9 }, 'column', "raw-limit doesn't go together with --exact, which keeps every value"],
  [{ candidates: 'all', xmin: 2 }, 'column', 'candidates are tried for xmin, which is given: leave out one of them'],
  [
    { scan: 'threshold', bootstrap: 100 },
    'trace',
    "bootstrap doesn't go together with --scan: fit at one threshold for it",
  ],
  [
    { scan: 'time-bin', surrogate: ['phase'] },
    'trace',
    "surrogate doesn't go together with --scan: fit at one time-bin for it",
  ],
] as const)('refuses %j, one of which would do nothing', (given, kind, message) => {
  expect(() => checkFlags(given, kind)).toThrow(message);
  const { [Object.keys(given)[1] as never]: _, ...alone } = given;
  expect(() => checkFlags(alone, kind)).not.toThrow();
});
