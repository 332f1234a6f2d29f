const patterns = { first: [1, 0], second: [7, 3], third: [2, 2] };

/**
 * Lines that a number orders by colour, told apart in grey as well: those of the lower third of the values solid, then dashed, then dotted. Gives what
 * a datum takes along (field `third`), by its number, and the channel.
 * @param numbers all that lines are drawn for, in any order
 */
export function thirds(numbers: Iterable<number>): {
  of(number: number): { readonly third: string };
  readonly channel: Record<string, unknown>;
} {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const names = Object.keys(patterns);
  return {
    of: (number) => ({ third: names[Math.floor((sorted.indexOf(number) / sorted.length) * 3)] ?? names[0]! }),
    channel: {
      field: 'third',
      type: 'nominal',
      scale: { domain: names, range: Object.values(patterns) },
      legend: null,
    },
  };
}
