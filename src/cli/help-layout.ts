import type { HelpConfiguration } from 'commander';

/** Characters that flags take of a line at most: the words for what is longer begin on the next line. */
const termWidth = 28;

/** Help that keeps to the width of the line, in files and pipes too: commander leaves words unbroken beside long flags. */
export const helpLayout: HelpConfiguration = {
  showGlobalOptions: false,
  minWidthToWrap: 20,
  padWidth: (command, helper) =>
    Math.min(
      termWidth,
      Math.max(
        helper.longestOptionTermLength(command, helper),
        helper.longestSubcommandTermLength(command, helper),
        helper.longestArgumentTermLength(command, helper),
      ),
    ),
  formatItem: (term, width, description, helper) => {
    const indent = ' '.repeat(width + 4);
    const text = helper
      .boxWrap(description, Math.max(20, (helper.helpWidth ?? 80) - indent.length))
      .replaceAll('\n', `\n${indent}`);
    if (helper.displayWidth(term) > width) return `  ${term}\n${indent}${text}`;
    return `  ${term}${' '.repeat(width - helper.displayWidth(term))}  ${text}`.trimEnd();
  },
};
