import { type Command, Option } from 'commander';
import { ParameterError } from '../error.ts';
import type { TextOptions } from '../store/read/dialect.ts';

const delimiters: Record<string, TextOptions['delimiter']> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  bar: '|',
  blanks: 'blanks',
};
const thousands: Record<string, NonNullable<TextOptions['thousands']>> = {
  none: 'none',
  comma: ',',
  dot: '.',
  apostrophe: "'",
  space: ' ',
};

/** Takes a word, or the sign that it names. */
function oneOf<T extends string | undefined>(flag: string, known: Readonly<Record<string, T>>): (word: string) => T {
  return (word) => {
    const found = Object.entries(known).find(([name, sign]) => word === name || word === sign);
    if (found === undefined) {
      throw new ParameterError(`${flag} must be one of ${Object.keys(known).join(', ')}, got '${word}'`);
    }
    return found[1];
  };
}

/** The flags that say how a text is laid out; what isn't said is found out. */
export function addTextOptions(command: Command): void {
  const options = [
    new Option('--delimiter <name>', `what stands between fields: ${Object.keys(delimiters).join(', ')}`).argParser(
      oneOf('delimiter', delimiters),
    ),
    new Option('--decimal <name>', 'decimal mark: dot, comma').argParser(
      oneOf<TextOptions['decimal']>('decimal', { dot: '.', comma: ',' }),
    ),
    new Option('--thousands <name>', `mark between thousands: ${Object.keys(thousands).join(', ')}`).argParser(
      oneOf('thousands', thousands),
    ),
    new Option('--comment <mark>', "what lines that are left out begin with; '' for none"),
    new Option('--header', 'the first line names the columns'),
    new Option('--no-header', 'the first line is data: columns are 1, 2, …'),
    new Option('--encoding <name>', 'of the text').choices(['utf-8', 'utf-16le', 'utf-16be', 'latin1']),
  ];
  for (const option of options) command.addOption(option.helpGroup('Text files (found out unless said):'));
}
