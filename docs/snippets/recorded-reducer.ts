import { column, moments, openRun } from 'crackle';

/** Moments of the durations that runs have recorded and seen to end, by ensemble: a reducer takes recorded batches as it takes passing ones. */
export default async function durations(...folders: string[]) {
  const reducer = moments('duration');
  const states = new Map<number, ReturnType<typeof reducer.init>>();
  for (const folder of folders) {
    for await (const batch of (await openRun(folder)).batches('avalanche')) {
      const ensemble = column(batch, 'ensemble')[0] as number; // the same in all of a batch
      states.set(ensemble, reducer.step(states.get(ensemble) ?? reducer.init(), batch));
    }
  }
  return new Map([...states].map(([ensemble, state]) => [ensemble, reducer.finish(state)]));
}
