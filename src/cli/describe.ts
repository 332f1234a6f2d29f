import { Command } from 'commander';
import { didYouMean, ParameterError } from '../error.ts';
import { pipelineNames } from '../flow/built-in.ts';
import { loadPipeline, pipelineUrl } from '../flow/load.ts';
import { flagName } from '../parameter.ts';
import type { Pipeline } from '../pipeline.ts';
import { definition, wrapped } from '../report/terminal.ts';
import { declaredBy } from '../run/declared.ts';
import { tableNames, tableSchema } from '../schema/table.ts';
import { columnLines, describeFile } from './describe-file.ts';
import { shownDefault } from './parameter-options.ts';
import { terminal } from './terminal.ts';

const headed = (pipeline: Pipeline): Record<string, readonly string[]> => {
  const { records, tables } = declaredBy(pipeline);
  return { 'Tables that it records (--record)': records, 'Tables of its results': tables };
};

function printPipeline(pipeline: Pipeline): void {
  const { columns } = terminal();
  console.log(wrapped(`${pipeline.name}: ${pipeline.doc}`, columns));
  if (pipeline.takes !== undefined) console.log(`Takes, with its defaults: ${pipeline.takes}.`);
  console.log('\nParameters:');
  for (const [name, spec] of Object.entries(pipeline.parameters)) {
    const beside = `${shownDefault(spec.default)}  (${spec.expected})`;
    console.log(definition(`--${flagName(name)}`, beside, spec.doc, columns));
  }
  for (const [heading, names] of Object.entries(headed(pipeline))) {
    console.log(`\n${heading}:`);
    for (const name of names) console.log(definition(name, '', tableSchema(name).doc, columns));
    if (names.length === 0) console.log('  none');
  }
  for (const [name, { doc, values }] of Object.entries(pipeline.presets ?? {})) {
    const flags = Object.entries(values).map(([parameter, value]) => `--${flagName(parameter)} ${shownDefault(value)}`);
    console.log(`\n${wrapped(`--preset ${name}: ${doc}`, columns)}\n${wrapped(`  ${flags.join(' ')}`, columns, '  ')}`);
  }
}

function printTable(name: string): void {
  const { version, doc, fields } = tableSchema(name);
  const { columns } = terminal();
  console.log(
    [wrapped(`${name} (version ${version}): ${doc}`, columns), '', ...columnLines(fields, columns)].join('\n'),
  );
}

export function describeCommand(): Command {
  return new Command('describe')
    .description(
      "describe a pipeline's parameters and tables, a table's columns, or a Parquet file and the run that it is of",
    )
    .argument('<pipeline|table|file>', 'a built-in pipeline, a pipeline file, a table, or a .parquet file')
    .option('--json', 'as JSON')
    .action(async (name: string, { json }: { json?: boolean }) => {
      if (/\.parquet$/i.test(name)) return describeFile(name, json === true);
      const isPipeline = pipelineNames().includes(name) || /[./\\]/.test(name);
      if (!isPipeline && !tableNames().includes(name)) {
        const known = `; pipelines: ${pipelineNames().join(', ')}; tables: ${tableNames().join(', ')}`;
        const meant = didYouMean(name, [...pipelineNames(), ...tableNames()]);
        throw new ParameterError(`there is no pipeline or table '${name}'${meant || known}`);
      }
      if (!isPipeline) {
        if (json) console.log(JSON.stringify(tableSchema(name), null, 2));
        else printTable(name);
        return;
      }
      const pipeline = await loadPipeline(pipelineUrl(name));
      if (!json) return printPipeline(pipeline);
      const parameters = Object.entries(pipeline.parameters).map(([parameter, spec]) => ({
        name: flagName(parameter),
        doc: spec.doc,
        default: spec.default,
        expected: spec.expected,
      }));
      const { name: own, doc, takes, presets = {} } = pipeline;
      console.log(JSON.stringify({ name: own, doc, takes, parameters, presets, ...declaredBy(pipeline) }, null, 2));
    });
}
