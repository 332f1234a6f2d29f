import type { TerminalOptions } from '../report/terminal.ts';

/** How stdout is written to: colours on a terminal that wants them, its width, 80 characters in a file or pipe. */
export const terminal = (): TerminalOptions & { readonly color: boolean; readonly columns: number } => ({
  color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  columns: Math.max(40, process.stdout.isTTY === true ? process.stdout.columns : 80),
});
