import { openRun } from 'crackle';

/** Mean size of the recorded avalanches of a run, by what its ensembles are called, or their widths. */
export default async function meanSizes(folder: string): Promise<Map<string, number>> {
  const run = await openRun(folder);
  const sums = new Map<number, { size: number; count: number }>();
  for await (const { rows, columns } of run.chunks('avalanche', ['ensemble', 'size'])) {
    for (let i = 0; i < rows; i++) {
      const ensemble = Number(columns.ensemble![i]);
      const { size, count } = sums.get(ensemble) ?? { size: 0, count: 0 };
      sums.set(ensemble, { size: size + Number(columns.size![i]), count: count + 1 });
    }
  }
  const ensembles = await run.rows('ensemble'); // typed, since the table is one of crackle's
  return new Map(
    ensembles.map(({ ensemble, model, width }) => {
      const { size, count } = sums.get(ensemble) ?? { size: 0, count: 0 };
      return [model ?? `N = ${width}`, size / count];
    }),
  );
}
