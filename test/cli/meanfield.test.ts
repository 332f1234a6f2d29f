import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { meanfieldCommand } from '../../src/cli/meanfield.ts';
import { readVariances } from '../../src/cli/variance-range.ts';
import { ParameterError, StoreError } from '../../src/error.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crackle-meanfield-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** What the command writes to stdout. */
async function output(...words: string[]): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  await meanfieldCommand().exitOverride().parseAsync(words, { from: 'user' });
  vi.restoreAllMocks();
  return written.join('');
}

describe('readVariances(name, words)', () => {
  it('reads numbers, lists and ranges with both ends, without the rounding of the step', () => {
    expect(readVariances('x', '1.5')).toEqual([1.5]);
    expect(readVariances('x', '0,1e-3,2')).toEqual([0, 0.001, 2]);
    expect(readVariances('x', '0:0.5:0.1')).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(readVariances('x', '0:1:0.4')).toEqual([0, 0.4, 0.8]);
    expect(readVariances('x', '2:2:1,3')).toEqual([2, 3]);
  });

  it.each([
    ['abc', 'weight-variance must be a finite number of at least 0, got abc'],
    ['-1', 'weight-variance must be a finite number of at least 0, got -1'],
    ['', 'weight-variance must be a finite number of at least 0, got '],
    ['1:2', 'weight-variance must be a number or a range start:stop:step, got 1:2'],
    ['2:1:0.1', 'weight-variance must be a range start:stop:step with stop ≥ start and step > 0, got 2:1:0.1'],
    ['0:1:0', 'weight-variance must be a range start:stop:step with stop ≥ start and step > 0, got 0:1:0'],
    ['0:10:1e-6', 'weight-variance must have at most 1000000 values, got 10000001 from 0:10:1e-6'],
  ])('refuses %s', (words, message) => {
    expect(() => readVariances('weight-variance', words)).toThrow(new ParameterError(message));
  });
});

describe('crackle meanfield', () => {
  it('prints one point as JSON under the documented keys', async () => {
    const point = JSON.parse(await output('--weight-variance', '1.5', '--bias-variance', '0.1', '--json'));
    expect(Object.keys(point)).toEqual([
      'activation',
      'weight_variance',
      'bias_variance',
      'q_star',
      'q_escape',
      's_star',
      'q_map_slope',
      'chi_weight_variance',
      'chi_weight_deviation',
      'chi_bias_variance',
      'chi_1',
      'c_star',
      'xi_q',
      'xi_c',
    ]);
    expect(point.chi_weight_variance).toBeCloseTo(0.3684892036751949, 12);
  });

  it('writes divergences as "Infinity" and what is not defined as null', async () => {
    const point = JSON.parse(await output('--weight-variance', '1', '--json'));
    expect(point).toMatchObject({ q_star: 0, chi_weight_variance: 'Infinity', c_star: null, xi_c: 'Infinity' });
  });

  it('prints one point as a list, a sweep as CSV', async () => {
    expect(await output('--activation', 'relu', '--weight-variance', '1')).toMatch(
      /^activation +relu\nweight_variance +1\n/,
    );
    const critical = await output('--activation', 'relu', '--weight-variance', '2');
    expect(critical).toMatch(/\ns_star +not defined\n/);
    expect(critical).toContain('\nEvery q is a fixed point of relu at σw² = 2, σb² = 0: signals keep the strength');
    expect(critical).not.toContain('NaN');
    const beyond = await output('--activation', 'relu', '--weight-variance', '3');
    expect(beyond).toContain('has no fixed point: signals grow without bound.');
    expect(await output('--weight-variance', '1.5')).not.toContain('fixed point');
    const lines = (await output('--weight-variance', '0.5:1:0.25', '--bias-variance', '0,0.1')).trimEnd().split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toMatch(/^activation,weight_variance,bias_variance,q_star,/);
    expect(lines[3]).toMatch(/^tanh,1,0,0,NaN,0,1,Infinity,Infinity,Infinity,1,NaN,Infinity,Infinity$/);
  });

  it('writes Parquet, CSV and JSON tables that hold the same numbers', async () => {
    const sweep = ['--activation', 'erf', '--weight-variance', '0.5:2:0.5', '--bias-variance', '0.05'];
    const tables = [];
    for (const format of ['parquet', 'csv', 'json']) {
      const path = join(folder, `sweep.${format}`);
      expect(await output(...sweep, '--out', path)).toBe('');
      if (format === 'parquet') tables.push(await parquetReadObjects({ file: await asyncBufferFromFile(path) }));
      // JSON has no NaN.
      else if (format === 'json')
        tables.push(JSON.parse(await readFile(path, 'utf8'), (_, value) => (value === null ? Number.NaN : value)));
      else {
        const [head, ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
        const names = head!.split(',');
        const value = (word: string): string | number => (word === 'erf' ? word : Number(word));
        tables.push(lines.map((line) => Object.fromEntries(line.split(',').map((word, i) => [names[i], value(word)]))));
      }
    }
    expect(tables[0]).toHaveLength(4);
    expect(tables[1]).toEqual(tables[0]);
    expect(tables[2]).toEqual(tables[0]);
  });

  it('gives the curves of the phase diagram', async () => {
    const rows = JSON.parse(await output('--curves', '--bias-variance', '0,0.5', '--json')) as Record<
      string,
      unknown
    >[];
    expect(rows.map((row) => row.curve)).toEqual([
      'edge-of-chaos',
      'edge-of-chaos',
      'widom-weight-variance',
      'widom-weight-variance',
      'widom-weight-deviation',
    ]);
    expect(rows[2]).toMatchObject({ weight_variance: 1, q_star: 0, value: 'Infinity' });
  });

  it('says which curves there are none of, at which σb², and why', async () => {
    const toldOf = async (name: string, biasVariances: string): Promise<string[]> => {
      const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      const words = ['--curves', '--activation', name, '--bias-variance', biasVariances];
      await meanfieldCommand().parseAsync([...words, '--out', join(folder, 'no.csv')], { from: 'user' });
      return told.mock.calls.map(([text]) => String(text).trimEnd());
    };
    const unbounded = 'small signals begin to grow at σw² = 4, without bound: there is no critical point';
    const noMaximum = 'the susceptibility has no maximum among the σw² at which small signals come to a fixed point';
    expect(await toldOf('gelu', '0,0.1,0.5')).toEqual([
      `gelu has no edge of chaos at σb² = 0: ${unbounded}`,
      'gelu has no edge of chaos at σb² = 0.1: χ₁ is 1 at no fixed point that small signals go to',
      `gelu has no Widom-like line of ∂s/∂σw² at σb² = 0: ${unbounded}`,
      `gelu has no Widom-like line of ∂s/∂σw² at σb² = 0.1, 0.5: ${noMaximum}`,
      `gelu has no Widom-like line of ∂s/∂σw at σb² = 0: ${unbounded}`,
      `gelu has no Widom-like line of ∂s/∂σw at σb² = 0.1, 0.5: ${noMaximum}`,
    ]);
    vi.restoreAllMocks();
    expect(await toldOf('tanh', '0.1,0.5:3:0.5')).toEqual([
      'tanh has no Widom-like line of ∂s/∂σw at σb² = 0.5, 1, 1.5, 2, 2.5, 3: the susceptibility has no maximum at any σw² above 0',
    ]);
    vi.restoreAllMocks();
    expect((await toldOf('relu', '0:1:0.1'))[0]).toBe(
      'relu has no Widom-like line of ∂s/∂σw² at σb² = 0 … 1 (11 values): its length map is a straight line, and the susceptibility rises until it diverges',
    );
  });

  it('draws a sweep, a map and the curves', async () => {
    for (const [name, words] of Object.entries({
      sweep: ['--weight-variance', '0.5:2:0.1', '--bias-variance', '0,0.01'],
      map: ['--weight-variance', '0.5:2:0.1', '--bias-variance', '0:0.1:0.01'],
      curves: ['--curves', '--bias-variance', '0:0.1:0.01'],
    })) {
      const path = join(folder, `${name}.svg`);
      expect(await output(...words, '--figure', path)).toBe('');
      expect(await readFile(path, 'utf8')).toMatch(/^<svg[\s\S]+<path[\s\S]+<\/svg>\s*$/);
    }
    const png = join(folder, 'point.png');
    await output('--weight-variance', '1', '--figure', png);
    expect((await readFile(png)).subarray(1, 4).toString()).toBe('PNG');
    const drawn = async (weights: string): Promise<string> => {
      await output('--weight-variance', weights, '--figure', join(folder, 'few.svg'));
      return readFile(join(folder, 'few.svg'), 'utf8');
    };
    // A single point makes no line, and a depth that diverges in between breaks one: two strokes, with a move between them.
    expect((await drawn('1.5')).match(/mark-symbol/g)).toHaveLength(4);
    const lines = (await drawn('0.9:1.1:0.05')).match(/<path d="[^"]+" stroke="[^"]+" stroke-width="1.6"/g)!;
    expect(lines.map((line) => line.match(/m/gi)!.length)).toEqual([1, 1, 1, 2]);
  });

  it.each([
    [[], 'weight-variance must be given, as a number or a range start:stop:step (or ask for --curves)'],
    [['--curves', '--weight-variance', '1'], 'weight-variance is of points: curves are at given bias-variance only'],
    [['--weight-variance', 'abc'], 'weight-variance must be a finite number of at least 0, got abc'],
    [
      ['--weight-variance', '1', '--bias-variance', '-0.1'],
      'bias-variance must be a finite number of at least 0, got -0.1',
    ],
    [['--weight-variance', '1', '--out', 'table.xls'], 'out must end in .parquet, .csv, .json, got table.xls'],
    [['--weight-variance', '1', '--figure', 'figure.gif'], 'figure must end in .svg or .png, got figure.gif'],
    [
      ['--weight-variance', '0:10:0.001', '--bias-variance', '0:1:0.001'],
      'weight-variance and bias-variance must make at most 4000000 points, got 10011001',
    ],
  ])('refuses %j', async (words, message) => {
    await expect(output(...words)).rejects.toThrow(new ParameterError(message));
  });

  it('names the known activations where one is unknown', async () => {
    await expect(output('--weight-variance', '1', '--activation', 'sine')).rejects.toThrow(
      "unknown activation 'sine'; known",
    );
  });

  it('says which file it can not write', async () => {
    const path = join(folder, 'missing', 'table.csv');
    await expect(output('--weight-variance', '1', '--out', path)).rejects.toThrow(StoreError);
    await expect(output('--weight-variance', '1', '--out', path)).rejects.toThrow(path);
  });
});
