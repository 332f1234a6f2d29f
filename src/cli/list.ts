import { Command } from 'commander';
import { pipelineNames } from '../flow/built-in.ts';
import { loadPipeline, pipelineUrl } from '../flow/load.ts';
import { definition } from '../report/terminal.ts';
import { tableNames, tableSchema } from '../schema/table.ts';
import { terminal } from './terminal.ts';

export function listCommand(): Command {
  return new Command('list')
    .description('list the built-in pipelines and the tables')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const pipelines = [];
      for (const name of pipelineNames()) pipelines.push({ name, doc: (await loadPipeline(pipelineUrl(name))).doc });
      const tables = tableNames().map((name) => ({ name, doc: tableSchema(name).doc }));
      if (json) {
        console.log(JSON.stringify({ pipelines, tables }, null, 2));
        return;
      }
      const { columns } = terminal();
      const lines = (items: { name: string; doc: string }[]): string =>
        items.map(({ name, doc }) => definition(name, '', doc, columns)).join('\n');
      console.log(`Pipelines (crackle run <name>, crackle describe <name>):\n${lines(pipelines)}\n`);
      console.log(`Tables (crackle describe <table>):\n${lines(tables)}`);
    });
}
