import { Command } from 'commander';
import { ParameterError } from '../error.ts';
import { activation, activationNames } from '../network/activation.ts';
import type { Row } from '../schema/rows.ts';
import {
  curveBiasVariances,
  meanFieldRow,
  meanFieldSweep,
  missingCurves,
  phaseCurveRow,
  phaseCurves,
} from '../theory/meanfield.ts';
import { checkFigurePath, drawFigure } from './figure-file.ts';
import { checkTablePath, csvOf, jsonOf, writeRows } from './plain-rows.ts';
import { readVariances } from './variance-range.ts';

interface MeanfieldFlags {
  readonly activation: string;
  readonly weightVariance?: string;
  readonly biasVariance: string;
  readonly curves?: boolean;
  readonly json?: boolean;
  readonly out?: string;
  readonly figure?: string;
}

const most = 4_000_000;

/** The `meanfield` command: points, sweeps and curves of the mean-field phase diagram. Results go to stdout, errors are thrown. */
export function meanfieldCommand(): Command {
  return new Command('meanfield')
    .description(
      'mean-field theory of wide networks: fixed point, susceptibilities and depth scales; curves of the phase diagram',
    )
    .option('--activation <name>', activationNames().join(', '), 'tanh')
    .option('--weight-variance <values>', 'σw²: numbers and ranges start:stop:step, separated by commas')
    .option('--bias-variance <values>', 'σb², likewise', '0')
    .option('--curves', 'edge of chaos and Widom-like lines at the given σb², in place of points')
    .option('--json', 'as JSON; a divergence is "Infinity", what is not defined null')
    .option('--out <file>', 'write the table to a .parquet, .csv or .json file')
    .option('--figure <file>', 'draw a sweep or the curves to a .svg or .png file')
    .addHelpText(
      'after',
      '\nExamples:\n  crackle meanfield --weight-variance 1.5 --bias-variance 0.1' +
        '\n  crackle meanfield --weight-variance 0.5:3:0.01 --figure sweep.svg' +
        '\n  crackle meanfield --curves --bias-variance 0:0.5:0.01 --out curves.csv',
    )
    .action(run);
}

async function run(flags: MeanfieldFlags): Promise<void> {
  const phi = activation(flags.activation);
  const bias = readVariances('bias-variance', flags.biasVariance);
  if (flags.weightVariance === undefined && flags.curves !== true) {
    throw new ParameterError(
      'weight-variance must be given, as a number or a range start:stop:step (or ask for --curves)',
    );
  }
  if (flags.weightVariance !== undefined && flags.curves === true)
    throw new ParameterError('weight-variance is of points: curves are at given bias-variance only');
  if (flags.out !== undefined) checkTablePath('out', flags.out);
  if (flags.figure !== undefined) checkFigurePath(flags.figure);
  const weight = readVariances('weight-variance', flags.weightVariance ?? '1');
  if (weight.length * bias.length > most) {
    throw new ParameterError(
      `weight-variance and bias-variance must make at most ${most} points, got ${weight.length * bias.length}`,
    );
  }
  const curveRows = (at: readonly number[]): Row[] => phaseCurves(phi, at).map(phaseCurveRow);
  const table = flags.curves === true ? 'phase_curve' : 'meanfield';
  const curves = flags.curves === true ? phaseCurves(phi, bias) : [];
  const rows: Row[] =
    flags.curves === true ? curves.map(phaseCurveRow) : meanFieldSweep(phi, weight, bias).map(meanFieldRow);
  if (flags.curves === true)
    for (const sentence of missingCurves(phi, bias, curves)) process.stderr.write(`${sentence}\n`);
  const single = table === 'meanfield' && rows.length === 1;

  if (flags.figure !== undefined) {
    const { meanFieldFigure } = await import('../report/meanfield-figure.ts');
    const plane = flags.curves === true || (weight.length > 1 && bias.length > 1);
    await drawFigure(
      meanFieldFigure(
        flags.curves === true ? [] : rows,
        plane ? curveRows(curveBiasVariances(Math.min(...bias), Math.max(...bias))) : [],
      ),
      flags.figure,
    );
  }
  if (flags.out !== undefined) await writeRows(flags.out, table, rows);
  if (flags.json === true) process.stdout.write(`${jsonOf(single ? rows[0] : rows)}\n`);
  else if (single) process.stdout.write(`${listOf(rows[0]!)}${undefinedOf(rows[0]!)}`);
  else if (flags.out === undefined && flags.figure === undefined) process.stdout.write(csvOf(table, rows));
}

function listOf(row: Row): string {
  const width = Math.max(...Object.keys(row).map((name) => name.length)) + 2;
  return Object.entries(row)
    .map(([name, value]) => `${name.padEnd(width)}${Number.isNaN(value) ? 'not defined' : value}\n`)
    .join('');
}

/** Why a point has no fixed point of its own, in a paragraph; '' where it has one. */
function undefinedOf({ activation, weight_variance, bias_variance, q_star }: Row): string {
  const at = `${activation} at σw² = ${weight_variance}, σb² = ${bias_variance}`;
  if (q_star === Infinity) return `\n${at} has no fixed point: signals grow without bound.\n`;
  if (!Number.isNaN(q_star)) return '';
  return `\nEvery q is a fixed point of ${at}: signals keep the strength that they begin with, and what derives from q* is not defined.\n`;
}
