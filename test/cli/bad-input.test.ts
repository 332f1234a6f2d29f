import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addParameterOptions } from '../../src/cli/parameter-options.ts';
import { runCommand } from '../../src/cli/run.ts';
import { streamCommand } from '../../src/cli/stream.ts';
import { integer } from '../../src/parameter.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { crackle, type Ended, root } from './crackle.ts';
import { inProcess } from './in-process.ts';

const folder = temporaryFolder();
const pipelines = join(root, 'test/fixtures/pipelines');
const small = ['--widths', '32', '--depth', '50', '--valid', '500', '--engine', 'effective', '--workers', '1'];

/** One clear message on stderr, no stack, nothing on stdout, exit code 2. */
function expectRefusal({ code, stdout, stderr }: Ended, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout.toString()).toBe('');
  expect(code).toBe(2);
}

const refused = async (words: readonly string[], message: RegExp): Promise<void> =>
  expectRefusal(await crackle(words, { env: { ...process.env, CRACKLE_KERNEL: '' } }), message);

describe('crackle run with something wrong', () => {
  const out = join(folder, 'none');
  it.each<[string, string[], RegExp]>([
    ['a slip in a pipeline', ['run', 'phase-digram'], /^crackle: unknown pipeline .* did you mean 'phase-diagram'\?$/m],
    [
      'a hexadecimal number',
      ['run', 'gaussian-avalanches', '--widths', '64,0x10', '--out', out],
      /^crackle: widths must be .* got '0x10' in '64,0x10'$/m,
    ],
    [
      'a binary number of threads',
      ['run', 'gaussian-avalanches', '--workers', '0b1', '--out', out],
      /^crackle: workers must be an integer of at least 1, got 0b1$/m,
    ],
    [
      'no name for its folder',
      ['run', 'gaussian-avalanches', ...small, '--out', ''],
      /^crackle: a run folder must have a name, got an empty one \(\. is the current folder\)$/m,
    ],
    [
      'a folder that is neither a path nor in a bucket',
      ['run', 'gaussian-avalanches', ...small, '--out', 'gs://bucket/run'],
      /^crackle: a run folder is a path, or s3:\/\/bucket\/path, got gs:\/\/bucket\/run$/m,
    ],
    ...['regimes', 'correlation-depth', 'phase-diagram', 'activation-universality', 'trainability'].map(
      (name): [string, string[], RegExp] => [
        `an input of ${name} that single precision doesn't hold`,
        ['run', name, '--input-norm', '1e60', '--out', out],
        /^crackle: input-norm must be a finite number from 1e-25 to 1e25, got 1e60$/m,
      ],
    ),
    [
      'an input that single precision holds for 0',
      ['run', 'gaussian-avalanches', '--input-strength', '1e-60', '--out', out],
      /^crackle: input-strength must be a finite number from 1e-25 to 1e25, or auto, got 1e-60$/m,
    ],
    [
      'a seed that is no exact integer',
      ['run', 'gaussian-avalanches', '--seed', '9007199254740992', '--out', out],
      /^crackle: seed must be an integer of at least 0, got 9007199254740992, beyond 9007199254740991$/m,
    ],
    [
      'more networks than can be counted',
      ['run', 'regimes', '--networks', '1e17', '--out', out],
      /^crackle: networks must be a positive integer, got 100000000000000000, beyond 9007199254740991$/m,
    ],
    [
      'a word in a list of numbers',
      ['run', 'gaussian-avalanches', '--widths', 'abc', '--out', out],
      /^crackle: widths must be .* got 'abc'$/m,
    ],
    [
      'a word among numbers',
      ['run', 'gaussian-avalanches', '--widths', '64,abc,128', '--out', out],
      /^crackle: widths must be .* got 'abc' in '64,abc,128'$/m,
    ],
    [
      'no numbers for a list',
      ['run', 'gaussian-avalanches', '--widths', '', '--out', out],
      /^crackle: widths must be .* got ''$/m,
    ],
    [
      'a level of a log that there is not',
      ['worker', 'redis://127.0.0.1:1', '--log-level', 'loud'],
      /^crackle: option '--log-level <level>' argument 'loud' is invalid/,
    ],
    [
      'a pipeline for a worker that is not there',
      ['worker', 'redis://127.0.0.1:1', '--pipeline', 'none.ts'],
      /^crackle: cannot read none\.ts: there is no such file/,
    ],
    ['an unknown pipeline', ['run', 'gaussian'], /^crackle: unknown pipeline 'gaussian'.*gaussian-avalanches/],
    [
      'a file that is not there',
      ['run', './none.ts'],
      /^crackle: unknown pipeline '\.\/none\.ts': there is no such file/,
    ],
    [
      'a file that holds no code',
      ['run', './package.json'],
      /^crackle: '\.\/package\.json' is no pipeline: its file must end in \.ts, \.mts, \.js or \.mjs$/m,
    ],
    ['an unknown parameter', ['run', 'gaussian-avalanches', '--dept', '3'], /^crackle: unknown option '--dept'/],
    [
      "another pipeline's word for how much is computed",
      ['run', 'trained-avalanches', '--valid', '1e4', '--out', out],
      /^crackle: unknown option '--valid': how much trained-avalanches computes is said by --perturbations$/m,
    ],
    [
      'the same, given as one word',
      ['check', 'phase-diagram', '--runs=2'],
      /^crackle: unknown option '--runs': how much phase-diagram computes is said by --least-networks and --most-networks$/m,
    ],
    [
      'a negative depth',
      ['run', 'gaussian-avalanches', '--depth', '-3', '--out', out],
      /^crackle: depth must be .* got -3$/m,
    ],
    [
      'a width of 0',
      ['run', 'gaussian-avalanches', '--widths', '0', '--out', out],
      /^crackle: widths must be .* got 0$/m,
    ],
    [
      'a NaN variance',
      ['run', 'gaussian-avalanches', '--weight-variance', 'NaN', '--out', out],
      /^crackle: weight-variance must be .* got NaN$/m,
    ],
    ...[
      ['regimes', '--weight-variances'],
      ['phase-diagram', '--weight-to'],
      ['gaussian-avalanches', '--bias-variance'],
    ].map(([name, flag]): [string, string[], RegExp] => [
      `${flag} of ${name} beyond what theory computes with`,
      ['run', name!, flag!, '1e300', '--out', out],
      /^crackle: [a-z-]+ must be .* from 0 to 1e100, got 1e300$/m,
    ]),
    [
      'a word for a number',
      ['run', 'gaussian-avalanches', '--depth', 'deep', '--out', out],
      /^crackle: depth must be .* got 'deep'$/m,
    ],
    [
      'an unknown activation',
      ['run', 'gaussian-avalanches', '--activation', 'tnah', '--out', out],
      /^crackle: activation must be an activation/,
    ],
    [
      'an unknown flag',
      ['run', 'gaussian-avalanches', '--depht', '3', '--out', out],
      /unknown option '--depht'[\s\S]*\(see: crackle run gaussian-avalanches --help\)/,
    ],
    [
      'an unknown table to record',
      ['run', 'gaussian-avalanches', ...small, '--record', 'signl', '--out', out],
      /^crackle: pipeline gaussian-avalanches doesn't record table 'signl'; did you mean 'signal'\?/,
    ],
    [
      'a table that the pipeline does not record',
      ['run', 'gaussian-avalanches', ...small, '--record', 'signal,fit', '--out', out],
      /^crackle: pipeline gaussian-avalanches doesn't record table 'fit', it records signal, avalanche\n$/,
    ],
    [
      'a table that the pipeline does not stream',
      ['stream', 'regimes', '--table', 'avalanche'],
      /^crackle: pipeline regimes doesn't record table 'avalanche', it records/,
    ],
    [
      'no number of workers',
      ['run', 'gaussian-avalanches', '--workers', '0', '--out', out],
      /^crackle: workers must be/,
    ],
    ['no time', ['run', 'gaussian-avalanches', '--max-time', 'soon', '--out', out], /^crackle: max-time must be/],
    [
      'a config that is not there',
      ['run', 'gaussian-avalanches', '--config', 'none.json', '--out', out],
      /^crackle: config must be a readable file/,
    ],
    [
      'a pipeline for what runs none',
      ['verify', root, '--pipeline', 'mine.ts'],
      /^crackle: pipeline is of --repair, which computes again: to verify runs no code$/m,
    ],
    [
      'a run to be compared with itself',
      ['report', join(root, 'output'), `${root}/output/`],
      /^crackle: folders must differ, got .*output twice$/m,
    ],
    ['a folder that is no run', ['resume', root], /^crackle: .* is not a run folder: it has no manifest\.json$/m],
    ['a folder that is not there', ['resume', out], /^crackle: .* is not a run folder: there is no such folder$/m],
    [
      'a priority without a queue',
      ['run', 'gaussian-avalanches', '--priority', '3', '--out', out],
      /^crackle: priority is of a run in a queue: give --queue, too$/m,
    ],
    [
      'a queue that is named nowhere',
      ['run', 'gaussian-avalanches', '--out', out, '--queue'],
      /^crackle: queue needs a URL, or CRACKLE_QUEUE in the environment$/m,
    ],
    [
      'a queue that takes the next word for its URL',
      ['run', '--queue', 'gaussian-avalanches', '--out', out],
      /^crackle: queue must be redis:.*, or stand last or before another flag .*, got gaussian-avalanches$/m,
    ],
  ])('refuses %s', async (_what, words, message) => {
    expectRefusal(await inProcess(words), message);
    expect(existsSync(out)).toBe(false);
  });

  it.each<[string, string[], RegExp]>([
    [
      'words of the command line',
      ['gaussian-avalanches', '--depht', '3', '--depth', '-3'],
      /^crackle: unknown option '--depht'[\s\S]*\(see: crackle run gaussian-avalanches --help\)/,
    ],
    [
      'a user pipeline with a syntax error',
      [join(pipelines, 'syntax.ts')],
      /^crackle: can't load pipeline .*syntax\.ts/,
    ],
    ['a user module that is no pipeline', [join(pipelines, 'no-pipeline.ts')], /must export a pipeline by default/],
  ])('leaves the process where it refuses %s', async (_what, words, message) => {
    await refused(['run', ...words, '--out', out], message);
    expect(existsSync(out)).toBe(false);
  });

  const misnamed: [string, 'run' | 'stream', RegExp][] = [
    ['out', 'run', /parameter 'out' of pipeline misnamed must have another name: --out is an option of crackle run$/m],
    ['help', 'run', /--help is an option of crackle run$/m],
    ['maxTime', 'run', /--max-time is an option of crackle run$/m],
    ['table', 'stream', /--table is an option of crackle stream$/m],
    ['snake_case', 'run', /parameter 'snake_case' of pipeline misnamed must be named in letters and digits/m],
    ['bad name', 'run', /parameter 'bad name' of pipeline misnamed must be named in letters and digits/m],
  ];
  it.each(misnamed)('finds no flag for a parameter named %s', async (name, words, message) => {
    const command = await { run: runCommand, stream: streamCommand }[words]([]);
    const compose = () => expect.fail('composed');
    const pipeline = { name: 'misnamed', doc: 'has no flag', parameters: { [name]: integer('a number', 3) }, compose };
    expect(() => addParameterOptions(command, pipeline)).toThrow(message);
  });

  it.each([misnamed[0]!, misnamed[3]!])(
    'refuses a parameter named %s before anything else, for help, too',
    async (name, command, message) => {
      const words = [command, join(pipelines, 'named-like-an-option.mjs')];
      for (const more of [[], ['--help']]) {
        const { code, stderr } = await crackle([...words, ...more], { env: { ...process.env, NAME: name } });
        expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
        expect(stderr).toMatch(/^crackle: parameter/);
      }
    },
  );

  it('refuses a config with an unknown parameter or no JSON', async () => {
    const config = join(folder, 'config.json');
    writeFileSync(config, '{ "dpeth": 3 }');
    const words = ['run', 'gaussian-avalanches', '--config', config, '--out', out];
    expectRefusal(await inProcess(words), /unknown parameter 'dpeth'/);
    writeFileSync(config, '{ depth: 3 }');
    expectRefusal(await inProcess(words), /config .* is not JSON/);
  });

  it('names the place where a user pipeline throws; the folder is marked partial, or gone where nothing had come of the run', async () => {
    const run = join(folder, 'throws');
    await refused(
      [
        'run',
        join(pipelines, 'throws.ts'),
        '--widths',
        '32',
        '--depth',
        '50',
        '--record',
        'avalanche',
        '--workers',
        '1',
        '--log-level',
        'warn',
        '--out',
        run,
      ],
      /^crackle: pipeline .*throws\.ts threw: my own mistake \(line \d+ of throws\.ts\)/m,
    );
    const manifest = join(run, 'manifest.json');
    if (existsSync(run)) expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({ status: 'partial' });
  });

  it("what a pipeline's reducer throws is the pipeline's error, with its place, at once, and is no lost worker", async () => {
    const network = ['--widths', '32', '--depth', '50', '--workers', '1'];
    const small = [...network, '--log-level', 'warn', '--progress', 'none'];
    const module = join(pipelines, 'throws-reducer.ts');
    for (const at of ['init', 'step', 'merge', 'finish']) {
      const { code, stderr } = await inProcess(['run', module, ...small, '--at', at, '--out', join(folder, at)]);
      expect(stderr).toMatch(
        new RegExp(
          `^crackle: pipeline .*throws-reducer\\.ts threw: my mistake in ${at} \\(line \\d+ of throws-reducer\\.ts\\)\\n$`,
        ),
      );
      expect(code).toBe(2);
    }
  });

  it("refuses a folder that it can't write or that holds something else", async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    await refused(['run', 'gaussian-avalanches', ...small, '--out', join(file, 'below')], /^crackle: .*a-file/m);
    const full = join(folder, 'holds-something');
    mkdirSync(full);
    writeFileSync(join(full, 'letter.txt'), 'dear');
    await refused(['run', 'gaussian-avalanches', ...small, '--out', full], /is not empty and holds no run/);
  });

  it('says that there is no memory left, where WebAssembly is given none', async () => {
    // What V8 throws under a limit of address space; where exactly such a limit strikes differs from machine to machine.
    const message = 'WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance';
    const preload = `WebAssembly.Instance = function () { throw new RangeError('${message}'); };`;
    const env = { ...process.env, NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(preload)}` };
    const words = ['run', 'gaussian-avalanches', ...small, '--progress', 'none', '--out', join(folder, 'memory')];
    const { code, stderr } = await crackle(words, { env });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/crackle: there is no memory left \(WebAssembly.*ulimit -v\)\n$/),
    ]);
  });

  it('stops before a disk is full, or says which file it has no room for; goes on to a complete run once there is room', async ({
    skip,
  }) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const mount = (...options: string[]): unknown =>
      execFileSync('mount', ['-t', 'tmpfs', '-o', options.join(','), 'tmpfs', disk], { stdio: 'ignore' });
    try {
      mount('size=1500k');
    } catch {
      console.log('skipped: a full disk needs the right to mount a small tmpfs');
      return skip('a full disk needs the right to mount a small tmpfs');
    }
    try {
      const out = join(disk, 'run');
      const quiet = ['--log-level', 'warn', '--progress', 'none', '--no-figures'];
      const much = ['--valid', '15000', '--record', 'signal'];
      // Which file is the first that finds no room, a part or the checkpoint, depends on how fast the machine is.
      const full =
        /^crackle: (\d.* are left on the disk of .*|cannot write .*no space is left.* \(ENOSPC\)); make room, then: crackle resume .*disk\/run$/m;
      await refused(['run', 'gaussian-avalanches', ...small, ...much, ...quiet, '--out', out], full);
      const status = (): string =>
        (JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { status: string }).status;
      expect(status()).not.toBe('complete');
      expect(readdirSync(out, { recursive: true }).filter((name) => String(name).endsWith('.tmp'))).toEqual([]);
      mount('remount', 'size=200m');
      expect(await inProcess(['resume', out, '--workers', '1', ...quiet])).toMatchObject({ code: 0 });
      expect(status()).toBe('complete');
      expect(await inProcess(['verify', out])).toMatchObject({ code: 0 });
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
