import Table from 'cli-table3';
import { Command } from 'commander';
import { ParameterError } from '../error.ts';
import { pipelineNames } from '../flow/built-in.ts';
import { loadPipeline, pipelineUrl } from '../flow/load.ts';
import { flagName } from '../parameter.ts';
import type { Pipeline } from '../pipeline.ts';
import { declaredBy } from '../run/declared.ts';
import { tableNames, tableSchema } from '../schema/table.ts';
import { shownDefault } from './parameter-options.ts';

const headed = (pipeline: Pipeline): Record<string, readonly string[]> => {
  const { records, tables } = declaredBy(pipeline);
  return { 'Tables that it records (--record)': records, 'Tables of its results': tables };
};

function printPipeline(pipeline: Pipeline): void {
  console.log(`${pipeline.name}: ${pipeline.doc}\n`);
  const table = new Table({
    head: ['parameter', 'default', 'expected', ''],
    colWidths: [22, 20, 34, 60],
    wordWrap: true,
    style: { head: [] },
  });
  for (const [name, spec] of Object.entries(pipeline.parameters)) {
    const value =
      spec.default === null ? 'auto' : Array.isArray(spec.default) ? spec.default.join(',') : String(spec.default);
    table.push([`--${flagName(name)}`, value, spec.expected, spec.doc]);
  }
  console.log(table.toString());
  for (const [heading, names] of Object.entries(headed(pipeline))) {
    console.log(`\n${heading}:`);
    const width = Math.max(0, ...names.map((name) => name.length)) + 2;
    for (const name of names) console.log(`  ${name.padEnd(width)}${tableSchema(name).doc}`);
    if (names.length === 0) console.log('  none');
  }
  for (const [name, { doc, values }] of Object.entries(pipeline.presets ?? {})) {
    const flags = Object.entries(values).map(([parameter, value]) => `--${flagName(parameter)} ${shownDefault(value)}`);
    console.log(`\n--preset ${name}: ${doc}\n  ${flags.join(' ')}`);
  }
}

function printTable(name: string): void {
  const { version, doc, fields } = tableSchema(name);
  console.log(`${name} (version ${version}): ${doc}\n`);
  const table = new Table({
    head: ['column', 'type', 'unit', ''],
    colWidths: [26, 10, 14, 80],
    wordWrap: true,
    style: { head: [] },
  });
  for (const field of fields) {
    table.push([field.name, field.nullable ? `${field.type}?` : field.type, field.unit, field.doc]);
  }
  console.log(table.toString());
}

export function describeCommand(): Command {
  return new Command('describe')
    .description("describe a pipeline's parameters and tables, or a table's columns")
    .argument('<pipeline|table>', 'a built-in pipeline, a pipeline file, or a table')
    .option('--json', 'as JSON')
    .action(async (name: string, { json }: { json?: boolean }) => {
      const isPipeline = pipelineNames().includes(name) || /[./\\]/.test(name);
      if (!isPipeline && !tableNames().includes(name)) {
        const known = `pipelines: ${pipelineNames().join(', ')}; tables: ${tableNames().join(', ')}`;
        throw new ParameterError(`there is no pipeline or table '${name}'; ${known}`);
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
      const { name: own, doc, presets = {} } = pipeline;
      console.log(JSON.stringify({ name: own, doc, parameters, presets, ...declaredBy(pipeline) }, null, 2));
    });
}
