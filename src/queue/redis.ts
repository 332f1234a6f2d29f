import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { ParameterError, QueueError } from '../error.ts';
import { within } from './within.ts';

const patience = 10_000; // ms to wait for a server when a run or a worker starts
const startPatience = 5; // s to wait for one that is being started itself

/** How long a run or a worker waits for a server that isn't there yet. */
export interface Waiting {
  /** Seconds. Default: 5 for one that refuses connections, none for one that can't be found or doesn't answer. */
  readonly connectTimeout?: number | undefined;
  /** Ends the waiting: what is thrown is its reason. */
  readonly signal?: AbortSignal | undefined;
  readonly logger?: { warn(text: string): void } | undefined;
}

/** What is said of a server, or of its name, that may come: while it is moved to another machine, say. */
const mayCome = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

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

/** What the same errors mean of a server that was never spoken to. */
const atFirst: Readonly<Record<string, string>> = {
  ETIMEDOUT: "it doesn't answer (rediss:// is for servers that speak TLS on that port, redis:// for all others)",
  ECONNRESET:
    'it ends the connection, as one does that speaks TLS where the URL has redis://, or that asks for certificates of its clients (tls-auth-clients no is without)',
};

const cluster = "it is in cluster mode, which crackle doesn't work with";

/** What servers answer where they refuse something, by its first word. */
const refusals: Readonly<Record<string, string>> = {
  OOM: 'it has no memory left (maxmemory in its settings)',
  NOAUTH: 'it asks for a password: redis://:password@host, or redis://user:password@host',
  WRONGPASS: 'it knows no such user and password',
  READONLY: 'it is a replica, which takes no writes: name its primary',
  MISCONF:
    'it takes no writes, as it can\'t save itself to its disk, which crackle doesn\'t need (save "" in its settings)',
  CLUSTERDOWN: cluster,
  CROSSSLOT: cluster,
  MOVED: cluster,
  Unknown: 'what answers there is no Redis or Valkey',
};

/** Of commands that go together the first that was refused says why. */
function saidOf(error: unknown): string {
  const { message, previousErrors } = (error ?? {}) as Error & { previousErrors?: Error[] };
  return previousErrors?.[0]?.message ?? message ?? String(error);
}

export function reason(error: unknown, meanings = reasons): string {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  const said = saidOf(error);
  return refusals[said.split(' ')[0]!] ?? (code === undefined ? undefined : meanings[code]) ?? said;
}

/** Whether a server has answered that it won't do what it was asked: without memory, say, or without the right to it. */
export const isRefusal = (error: unknown): boolean => (error as Error | undefined)?.name === 'ReplyError';

/** Whether it is a refusal that time alone doesn't change, as it does where memory or a disk is full, or the server is just being started. */
export const isLasting = (error: unknown): boolean =>
  isRefusal(error) && /^(NOPERM|READONLY|MOVED|CLUSTERDOWN|CROSSSLOT)\b/.test(saidOf(error));

/** What is said once where a server that was used before isn't to be used now. */
export const waits = (url: string, error: unknown): string =>
  `the queue at ${shownUrl(url)} ${isRefusal(error) ? 'refuses' : "doesn't answer"} (${reason(error)}): waiting for it`;

/** What is thrown where a server can't be used. */
export function unusable(url: string, error: unknown, meanings = reasons): QueueError {
  return new QueueError(`the queue at ${shownUrl(url)} can't be used: ${reason(error, meanings)}`, { cause: error });
}

/**
 * A connection to a Redis or Valkey server, as its URL says: TLS, user, password, database. Once open it is kept up: what is asked while
 * the server is away waits until it is back.
 * @throws ParameterError for another URL, or a time that is none; QueueError where the server can't be reached, or refuses
 */
export async function openRedis(url: string, { connectTimeout, signal, logger }: Waiting = {}): Promise<Redis> {
  checkUrl(url);
  if (connectTimeout !== undefined && !(connectTimeout > 0))
    throw new ParameterError(`connectTimeout must be a number of seconds above 0, got ${connectTimeout}`);
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
  const end = performance.now() + 1000 * (connectTimeout ?? startPatience);
  const stop = (): void => redis.disconnect();
  signal?.addEventListener('abort', stop, { once: true });
  const connected = async (): Promise<void> => {
    for (let tries = 0; ; tries++) {
      failure = undefined;
      try {
        signal?.throwIfAborted();
        await redis.connect();
        return;
      } catch (error) {
        const { code = '' } = (failure ?? {}) as NodeJS.ErrnoException;
        const isAway = connectTimeout === undefined ? code === 'ECONNREFUSED' : mayCome.has(code);
        if (!isAway || performance.now() > end) throw error;
        if (tries === 0 && connectTimeout !== undefined) logger?.warn(waits(url, failure));
        await sleep(250);
      }
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
    signal?.throwIfAborted();
    throw unusable(url, failure ?? error, { ...reasons, ...atFirst });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Ends a connection, politely where the server answers. One that is away when it is asked to quit leaves that unanswered for good. */
export async function closeRedis(redis: Redis): Promise<void> {
  await within(1000, redis.quit()).catch(() => redis.disconnect());
}
