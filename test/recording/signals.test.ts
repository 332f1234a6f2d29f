import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import recorded from '../../docs/snippets/recorded-signals.ts';
import {
  avalanches,
  definePipeline,
  gaussianEnsembles,
  gaussianParameters,
  integer,
  moments,
  openRun,
  propagate,
  run,
  signalsFrom,
  text,
} from '../../src/index.ts';
import { temporaryFolder } from '../run/temporary.ts';

const folder = temporaryFolder();
const values = { widths: [8, 16], depth: 40 };

/** Avalanches of perturbations that are propagated (no path), or of their recorded signals. */
const pipeline = definePipeline({
  name: 'recorded-signals',
  doc: 'avalanches of signals, new or recorded',
  parameters: {
    ...gaussianParameters,
    paths: text('recorded signals', ''),
    perturbations: integer('perturbations', 600),
    partition: integer('perturbations a partition', 50),
  },
  records: ['signal', 'avalanche'],
  compose: (values) => ({
    ensembles: gaussianEnsembles(values),
    stop: { perturbations: values.perturbations },
    partitionSize: values.partition,
    stages: (partition) =>
      partition.perturbation$.pipe(
        values.paths === ''
          ? propagate(partition, { engine: 'effective', windowRows: 64 })
          : signalsFrom(partition, values.paths.includes(',') ? values.paths.split(',') : values.paths),
        partition.record('signal'),
        avalanches(partition),
        partition.record('avalanche'),
      ),
    reducer: moments('duration'),
    results: () => ({}),
  }),
});

/** All rows of a table of a run as texts, sorted. */
async function rowsOf(out: string, table: string): Promise<string[]> {
  const all: string[] = [];
  for await (const { rows, columns } of (await openRun(out)).chunks(table)) {
    for (let i = 0; i < rows; i++)
      all.push(
        Object.entries(columns)
          .map(([name, of]) => `${name}=${of[i]}`)
          .join(),
      );
  }
  return all.sort();
}

async function runTo(name: string, more: Record<string, unknown>): Promise<string> {
  const out = join(folder, name);
  await run(pipeline, { ...values, ...more }, { out, record: ['signal', 'avalanche'], figures: false });
  return out;
}

describe('signalsFrom(partition, from)', async () => {
  const original = await runTo('original', {});
  const expected = await rowsOf(original, 'avalanche');

  it.each([50, 37, 128, 600])(
    'gives the same avalanches from a run folder, %i perturbations a partition',
    async (size) => {
      expect(expected.length).toBeGreaterThan(400);
      const again = await runTo(`again-${size}`, { paths: original, partition: size });
      expect(await rowsOf(again, 'avalanche')).toEqual(expected);
      expect(await rowsOf(again, 'signal')).toEqual(await rowsOf(original, 'signal'));
    },
  );

  it('is what the example of the docs does', async () => {
    const out = join(folder, 'docs');
    await run(recorded, { ...values, recorded: original }, { out, record: ['avalanche'], figures: false });
    expect(await rowsOf(out, 'avalanche')).toEqual(expected);
  });

  it('reads the folder of the table, part files by their paths, and a text', async () => {
    const meant = await runTo('meant', { paths: join(original, 'signal') });
    expect(await rowsOf(meant, 'avalanche')).toEqual(expected);
    const parts = readdirSync(join(original, 'signal')).map((part) => join(original, 'signal', part));
    const parted = await runTo('parted', { paths: parts.join(), partition: 300 });
    expect(await rowsOf(parted, 'avalanche')).toEqual(expected);
    const lines = ['ensemble,perturbation,layer,strength'];
    for await (const { rows, columns } of (await openRun(original)).chunks('signal')) {
      for (let i = 0; i < rows; i++)
        lines.push(
          Object.values(columns)
            .map((of) => of[i])
            .join(),
        );
    }
    const path = join(folder, 'signals.csv');
    writeFileSync(path, `${lines.join('\n')}\n`);
    expect(await rowsOf(await runTo('text', { paths: path, partition: 300 }), 'avalanche')).toEqual(expected);
  });

  it.each([
    [{ widths: [8, 24] }, /networks with width 16, ensemble 1 has width 24: compose it of the parameters/],
    [{ depth: 50 }, /with depth 40, ensemble 0 has depth 50/],
    [{ activation: 'relu', weightVariance: 1.125 }, /with activation tanh, ensemble 0 has activation relu/],
    [{ inputNorm: 0.2 }, /with input norm 0\.1, ensemble 0 has input norm 0\.2/],
    [{ reuse: 2 }, /with reuse 1, ensemble 0 has reuse 2/],
    [{ widths: [8, 16, 24] }, /has no ensemble 2; it has 0, 1/],
  ])('refuses to pass the signals of other networks for those of %o', async (more, told) => {
    await expect(run(pipeline, { ...values, paths: original, ...more })).rejects.toThrow(told);
  });

  it('takes them for a model at a higher threshold, and refuses a lower one than they were followed to', async () => {
    const at = (threshold: number) =>
      definePipeline({
        name: 'rethresholded',
        doc: 'recorded signals at another threshold',
        parameters: {},
        records: ['avalanche'],
        compose: () => ({
          ensembles: [0, 1].map((index) => ({
            ...{ index, activation: 'none', model: `again ${index}`, width: 1, depth: 40, reuse: 1 },
            ...{ weightVariance: 0, biasVariance: 0, inputStrength: threshold },
          })),
          stop: { perturbations: 600 },
          stages: (partition) =>
            partition.perturbation$.pipe(
              signalsFrom(partition, original, { ensemble: 0 }),
              avalanches(partition),
              partition.record('avalanche'),
            ),
          reducer: moments('duration'),
          results: () => ({}),
        }),
      });
    const drive = 0.1 / Math.sqrt(8);
    const { tables } = await run(at(1.5 * drive), {}, { figures: false });
    const [one, other] = tables.ensemble!.map(({ valid, dead, censored }) => [valid, dead, censored]);
    expect(one).toEqual(other);
    expect(one![0]).toBeGreaterThan(10);
    expect(one!.reduce((a, b) => a! + b!)).toBe(600);
    await expect(run(at(drive / 2), {}, { figures: false })).rejects.toThrow(
      /recorded up to layer \d+ only, and avalanches\(\) still sees it above .* let go of perturbations at strengths up to 0\.03\d+\./,
    );
  });

  it('names a perturbation that was not recorded, a run without signals and a table without columns', async () => {
    await expect(runTo('beyond', { paths: original, perturbations: 601 })).rejects.toThrow(
      /original has no signal of perturbation 600 of ensemble 0/,
    );
    const bare = join(folder, 'bare');
    await run(pipeline, values, { out: bare, figures: false });
    await expect(runTo('none', { paths: bare })).rejects.toThrow(/has not recorded its signals: .* --record signal/);
    // Refused before anything came of it: the folder may be had again.
    expect(existsSync(join(folder, 'none'))).toBe(false);
    const other = join(folder, 'other.csv');
    writeFileSync(other, 'perturbation,strength\n0,1\n');
    await expect(runTo('columns', { paths: other })).rejects.toThrow(/no column 'ensemble'/);
  });
});
