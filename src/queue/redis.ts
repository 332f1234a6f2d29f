import { isIP } from 'node:net';
import { Redis } from 'ioredis';
import { ParameterError, QueueError } from '../error.ts';

const patience = 10_000; // ms to wait for a server when a run or a worker starts

/** The URL of a server without its password, to be shown. */
export function shownUrl(url: string): string {
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = '***';
  return parsed.href;
}

/** Throws unless a URL names a Redis or Valkey server. */
export function checkUrl(url: string): void {
  const expected = 'redis://[user:password@]host[:port][/database], or rediss:// for TLS';
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new ParameterError(`the queue must be given as ${expected}`);
  }
  if ((parsed.protocol === 'redis:' || parsed.protocol === 'rediss:') && parsed.hostname !== '') return;
  throw new ParameterError(
    `the queue must be given as ${expected}, got a URL of ${parsed.protocol}//${parsed.hostname}`,
  );
}

function reason(error: unknown): string {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'the connection is refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no such host';
  return message ?? String(error);
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
    // A server that accepts and then says nothing is as good as one that is away.
    socketTimeout: 60_000,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (opened ? Math.min(times * 100, 2000) : null),
  });
  let failure: unknown;
  redis.on('error', (error) => {
    failure = error;
  });
  try {
    await redis.connect();
    await redis.ping();
    opened = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new QueueError(`the queue at ${shownUrl(url)} can't be used: ${reason(failure ?? error)}`, { cause: error });
  }
}

/** Ends a connection, politely where the server answers. */
export async function closeRedis(redis: Redis): Promise<void> {
  const timer = setTimeout(() => redis.disconnect(), 1000);
  try {
    await redis.quit();
  } catch {
    redis.disconnect();
  } finally {
    clearTimeout(timer);
  }
}
