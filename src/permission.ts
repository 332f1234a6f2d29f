import process from 'node:process';

/** What Node's permission model (`node --permission`) forbids unless a flag allows it. */
const flags = {
  worker: '--allow-worker',
  child: '--allow-child-process',
  FileSystemRead: '--allow-fs-read',
  FileSystemWrite: '--allow-fs-write',
  WorkerThreads: '--allow-worker',
  ChildProcess: '--allow-child-process',
  Net: '--allow-net',
} as const;

/** Whether threads, or processes, may be started. */
export function allows(what: 'worker' | 'child'): boolean {
  const { permission } = process as { permission?: { has(scope: string): boolean } };
  return permission === undefined || permission.has(what);
}

/** What an error of the permission model says, in one sentence; undefined for any other error. */
export function forbidden(error: unknown): string | undefined {
  const { code, permission, resource } = (error ?? {}) as { code?: string; permission?: string; resource?: string };
  if (code !== 'ERR_ACCESS_DENIED') return undefined;
  const flag = flags[permission as keyof typeof flags];
  if (flag === undefined) return `Node's permission model forbids it (${(error as Error).message})`;
  return `Node's permission model forbids ${permission}${resource ? ` of ${resource}` : ''}: ${flag} allows it`;
}
