// Fits the data sets of Clauset, Shalizi & Newman (2009) that lie in a folder and holds them against the published values; see docs/published-data.md.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fitColumn, openSource } from '../../src/index.ts';
import { plainNumber } from '../../src/report/quantity.ts';
import { draw } from '../../src/report/terminal.ts';
import { publishedSets } from './sets.ts';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('a folder with words.txt, terrorism.txt … weblinks.hist is needed: npm run published -- <folder>');
  process.exit(2);
}

const rows: string[][] = [];
let wrong = 0;
for (const [name, set] of Object.entries(publishedSets)) {
  const path = join(folder, set.file);
  if (!existsSync(path)) {
    rows.push([name, 'not there', '', '', '', '']);
    continue;
  }
  const source = await openSource(path);
  const started = process.cpuUsage();
  const { report } = await fitColumn(source, { ks: 'clauset', alternatives: false, ...set.options });
  const { user, system } = process.cpuUsage(started);
  await source.close();
  const [digits, significant] = set.digits;
  const same =
    report.exponent.toFixed(digits) === set.exponent.toFixed(digits) &&
    Number(report.xmin.toPrecision(significant)) === set.xmin &&
    report.n === set.n &&
    report.n_tail === set.tail;
  if (!same) wrong++;
  rows.push([
    name,
    `${set.exponent.toFixed(digits)}(${Math.round(set.error * 10 ** digits)}) @ ${plainNumber(set.xmin)}, ${set.tail}`,
    `${report.exponent.toFixed(4)} @ ${plainNumber(Number(report.xmin.toPrecision(6)))}, ${report.n_tail}`,
    (report.exponent - set.exponent).toFixed(4).replace('-', '\u2212'),
    ((user + system) / 1e6).toFixed(2),
    same ? 'as printed' : 'other',
  ]);
}
process.stdout.write(`${draw(['data', 'published', 'here', 'difference', 'CPU s', ''], rows, { color: false })}\n`);
process.exitCode = wrong > 0 ? 1 : 0;
