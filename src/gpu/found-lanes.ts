import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** Lanes of an adapter whose subgroups are left alone. */
export const WITHOUT_SUBGROUPS = 'workgroups without subgroups';

const KEY = 'crackle: lanes of adapters that were tried';

const all = (): ReadonlyMap<string, string> =>
  (getEnvironmentData(KEY) as ReadonlyMap<string, string> | undefined) ?? new Map();

/** Who adds up rightly on the adapter of this name, where that was found out before this thread was started, or in it. */
export const lanesFound = (adapter: string): string | undefined => all().get(adapter);

/** Has this thread, and those that it starts from now on, know who adds up rightly on an adapter. */
export function keepLanes(adapter: string, lanes: string): void {
  setEnvironmentData(KEY, new Map([...all(), [adapter, lanes]]));
}
