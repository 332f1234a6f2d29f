import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { ParameterError, QueueError } from '../error.ts';
import { within } from './within.ts';

const patience = 10_000; // ms to wait for a server when a run or a worker starts
const startPatience = 5000; // ms to wait for one that is being started itself

/** The URL of a server without its password, to be shown. */
export function shownUrl(url: string): string {
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = '***';
  return parsed.href;
}

/** Throws unless a URL names a Redis or Valkey server. */
function checkUrl(url: string): void {
  const expected = 'redis://[user:password@]host[:port][/database], or rediss:// for TLS';
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new ParameterError(`the queue must be given as ${expected}`);
  }
  if ((parsed.protocol === 'redis:' || parsed.protocol === 'rediss:') && parsed.hostname !== '') {
    if (/^(\/\d*)?$/.test(parsed.pathname)) return;
    throw new ParameterError(`the database of a queue is a number, ${expected}, got ${parsed.pathname.slice(1)}`);
  }
  throw new ParameterError(
    `the queue must be given as ${expected}, got a URL of ${parsed.protocol}//${parsed.hostname}`,
  );
}

const unknownAuthority =
  'its certificate is signed by nobody who is known here: give the file of your authority in NODE_EXTRA_CA_CERTS';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'there is no such host',
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  ERR_SSL_WRONG_VERSION_NUMBER: "it doesn't speak TLS on that port: redis:// is without",
};

export function reason(error: unknown): string {
  const { code, message, previousErrors } = (error ?? {}) as NodeJS.ErrnoException & { previousErrors?: Error[] };
  // Of commands that go together the first that was refused says why.
  const said = previousErrors?.[0]?.message ?? message ?? String(error);
  if (said.startsWith('OOM')) return 'it has no memory left (maxmemory in its settings)';
  if (said.startsWith('NOAUTH')) return 'it asks for a password: redis://:password@host, or redis://user:password@host';
  return (code === undefined ? undefined : reasons[code]) ?? said;
}

/** Whether a server has answered that it won't do what it was asked: without memory, say, or without the right to it. */
export const isRefusal = (error: unknown): boolean => (error as Error | undefined)?.name === 'ReplyError';

/** What is thrown where a server can't be used. */
export function unusable(url: string, error: unknown): QueueError {
  return new QueueError(`the queue at ${shownUrl(url)} can't be used: ${reason(error)}`, { cause: error });
}

/**
 * A connection to a Redis or Valkey server, as its URL says: TLS, user, password, database. Once open it is kept up: what is asked while
 * the server is away waits until it is back.
 * @throws ParameterError for another URL; QueueError where the server can't be reached, or refuses
 */
export async function openRedis(url: string): Promise<Redis> {
  checkUrl(url);
  const { hostname, protocol } = new URL(url);
  const tls = protocol === 'rediss:' && isIP(hostname) === 0 ? { tls: { servername: hostname } } : {};
  let opened = false;
  const redis = new Redis(url, {
    ...tls,
    lazyConnect: true,
    connectTimeout: patience,
    keepAlive: 10_000,
    // A server that accepts the connection and then doesn't answer counts as unreachable.
    socketTimeout: 60_000,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (opened ? Math.min(times * 100, 2000) : null),
  });
  let failure: unknown;
  redis.on('error', (error) => {
    failure = error;
  });
  const began = performance.now();
  const connected = async (): Promise<void> => {
    try {
      await redis.connect();
    } catch (error) {
      const isAway = (failure as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
      if (!isAway || performance.now() - began > startPatience) throw error;
      await sleep(250);
      await connected();
    }
  };
  try {
    await connected();
    // Its own choice of a database that there isn't goes unnoticed, and all would lie in the first one.
    await redis.select(redis.options.db ?? 0);
    opened = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    throw unusable(url, failure ?? error);
  }
}

/** Ends a connection, politely where the server answers. One that is away when it is asked to quit leaves that unanswered for good. */
export async function closeRedis(redis: Redis): Promise<void> {
  await within(1000, redis.quit()).catch(() => redis.disconnect());
}
