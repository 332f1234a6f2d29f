import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** Lanes of an adapter whose subgroups are left alone. */
export const WITHOUT_SUBGROUPS = 'workgroups without subgroups';

const KEY = 'crackle: lanes of adapters that were tried';

const all = (): ReadonlyMap<string, string> =>
  (getEnvironmentData(KEY) as ReadonlyMap<string, string> | undefined) ?? new Map();

/** The kind of lanes that adds correctly on the adapter of this name, where that was found in this thread or before it was started. */
export const lanesFound = (adapter: string): string | undefined => all().get(adapter);

/** Tells this thread, and those that it starts from now on, which kind of lanes adds correctly on an adapter. */
export function keepLanes(adapter: string, lanes: string): void {
  setEnvironmentData(KEY, new Map([...all(), [adapter, lanes]]));
}
