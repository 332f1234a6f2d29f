/** The number of a word, undefined where it is none. `Number` takes blanks for 0, and reads 0x10, 0b1 and 0o7, which nobody means. */
export function decimal(word: string): number | undefined {
  return /^\s*(?:0[xbo]|$)/i.test(word) ? undefined : Number(word);
}
