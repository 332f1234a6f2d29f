import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Pipeline } from '../../src/pipeline.ts';
import { emptyFigure } from '../../src/report/empty-figure.ts';
import { checkFigures, withFaults } from '../../src/run/figure-faults.ts';
import type { Manifest } from '../../src/store/manifest.ts';
import { crackle, root } from '../cli/crackle.ts';
import misspelt from '../fixtures/pipelines/misspelt-figure.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const mine = join(root, 'test/fixtures/pipelines/misspelt-figure.ts');
const said =
  "crackle: all of the run is written but figures of pipeline misspelt-figure: figure 'misspelt' names field 'maen', which isn't a column of its data (width, mean); did you mean 'mean'?";

it('a figure that names a column which there isn’t is an error that names both, once all else is written', async () => {
  const out = join(folder, 'run');
  const small = ['--widths', '32,64', '--depth', '80', '--perturbations', '2000', '--workers', '1'];
  const ran = await crackle(['run', mine, ...small, '--out', out]);
  expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(said);
  expect(ran.code).toBe(2);
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;
  expect(manifest.status).toBe('complete');
  expect(readdirSync(out)).toEqual(expect.arrayContaining(['mean_duration.parquet', 'findings.json', 'report.html']));
  expect(readdirSync(join(out, 'figures'))).toEqual(expect.arrayContaining(['mean-duration.svg', 'misspelt.svg']));
  expect(readFileSync(join(out, 'figures/misspelt.svg'), 'utf8')).toContain("Not drawn: figure 'misspelt' names field");
  expect(readFileSync(join(out, 'figures/mean-duration.svg'), 'utf8')).not.toContain('Not drawn');
  const again = await crackle(['report', out, '--pipeline', mine]);
  expect(again.stderr.replaceAll(/\s+/g, ' ')).toContain(said);
  expect(again.code).toBe(2);
});

it('a figure whose name is no file of the folder, or is another figure’s, is drawn as an empty one beside the others', () => {
  const figure = (name: string) => emptyFigure(name, 'A figure', 'nothing');
  const pipeline = misspelt as unknown as Pipeline;
  const figures = [figure('sizes'), figure('../outside'), figure('sizes'), figure('..'), figure('Sizes of 0.5')];
  const drawn = withFaults(pipeline, figures);
  expect(drawn.map(({ name }) => name)).toEqual(['sizes', '-outside', 'sizes-3', 'figure', 'Sizes of 0.5']);
  expect(drawn.map(({ caption }) => caption.startsWith('Not drawn: '))).toEqual([false, true, true, true, false]);
  expect(() => checkFigures(pipeline, figures)).toThrow(
    "figures of pipeline misspelt-figure: '../outside' is no name of a file, as a figure's is; two figures have the name 'sizes', which is that of their file; '..' is no name of a file, as a figure's is",
  );
  expect(() => checkFigures(pipeline, [figure('sizes'), figure('durations')])).not.toThrow();
});
