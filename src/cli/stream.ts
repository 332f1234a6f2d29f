import { Command } from 'commander';
import { ParameterError } from '../error.ts';
import { pipelineNames } from '../flow/built-in.ts';
import { declaredBy } from '../run/declared.ts';
import { streamTable } from '../run/stream-table.ts';
import { addSeedOption } from './general-options.ts';
import { Interrupted, interruptible } from './interrupt.ts';
import { addParameterOptions, readParameters } from './parameter-options.ts';
import { namedPipeline, recordable } from './run.ts';

interface StreamFlags extends Record<string, unknown> {
  readonly table?: string;
  readonly seed: number;
}

/** @param words what follows `stream` on the command line */
export async function streamCommand(words: readonly string[]): Promise<Command> {
  const pipeline = await namedPipeline(words);
  const first = pipeline === undefined ? undefined : declaredBy(pipeline).records[0];
  const command = new Command('stream')
    .description('run a pipeline and send one of its streamed tables to stdout as an Arrow IPC stream')
    .usage('<pipeline|file.ts> [--table <name>] [options]')
    .argument('<pipeline>', `${pipelineNames().join(', ')}; or the path of your own`)
    .option('--table <name>', `table to send: ${recordable(pipeline)}`, first);
  addSeedOption(command);
  if (pipeline === undefined) return command.action(() => {});
  addParameterOptions(command, pipeline);
  command.addHelpText(
    'after',
    `\nThe reader sets the pace; when it stops reading, production stops. In Python:\n  crackle stream ${pipeline.name}${first === undefined ? '' : ` --table ${first}`} | python -c 'import sys, pyarrow as pa\n  for batch in pa.ipc.open_stream(sys.stdin.buffer): print(batch.num_rows)'`,
  );
  return command.action(async (_name: string, flags: StreamFlags) => {
    if (process.stdout.isTTY) {
      throw new ParameterError(
        'stream sends binary Arrow data to stdout, which is a terminal: pipe it to a reader or a file',
      );
    }
    if (flags.table === undefined) throw new ParameterError(`pipeline ${pipeline.name} records no table to stream`);
    const { table } = flags;
    const values = readParameters(flags, pipeline, (sentence) => process.stderr.write(`crackle: ${sentence}\n`));
    const { signal, release } = interruptible(() => {});
    try {
      const { interrupted } = await streamTable(pipeline, values, {
        table,
        seed: flags.seed,
        to: process.stdout,
        signal,
      });
      if (!interrupted) return;
      process.stderr.write('crackle: interrupted: the stream was cut off, and readers take it for damaged\n');
      throw new Interrupted();
    } finally {
      release();
    }
  });
}
