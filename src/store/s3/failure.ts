import { isExpected, StoreError } from '../../error.ts';

/** What of an error of the client is looked at. */
interface Failure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Whether a server refused because of what is or isn't there already. */
export function isConflict(error: unknown): boolean {
  const { name, $metadata } = (error ?? {}) as Failure;
  // 409: another put of the same key was under way.
  return name === 'PreconditionFailed' || $metadata?.httpStatusCode === 412 || $metadata?.httpStatusCode === 409;
}

/** Whether there is no object of that name. A bucket that isn't there is another matter. */
export function isMissing(error: unknown): boolean {
  const { name, $metadata } = (error ?? {}) as Failure;
  return name !== 'NoSuchBucket' && (name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404);
}

const passing = new Set([
  'TimeoutError', 'SlowDown', 'TooManyRequests', 'RequestTimeout', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH',
  'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
]); // biome-ignore format: a list
const passingStatus = new Set([429, 500, 502, 503, 504]);

const reasons: Record<string, string> = {
  NoSuchBucket: 'there is no such bucket',
  AccessDenied: 'access is denied to these credentials',
  Forbidden: 'access is denied to these credentials',
  AllAccessDisabled: 'access is denied to these credentials',
  InvalidAccessKeyId: 'the server does not know this access key',
  SignatureDoesNotMatch: 'the secret key is not the one of this access key',
  ExpiredToken: 'the session token of the credentials has expired',
  ExpiredTokenException: 'the session token of the credentials has expired',
  CredentialsProviderError:
    'no credentials were found (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role)',
  RequestTimeTooSkewed: 'the clock of this machine and that of the server are too far apart',
  PermanentRedirect: 'the bucket is at another endpoint or in another region (AWS_REGION, AWS_ENDPOINT_URL_S3)',
  AuthorizationHeaderMalformed: 'the bucket is in another region (AWS_REGION)',
  SlowDown: 'the server asks to slow down, also after several tries',
  TooManyRequests: 'the server asks to slow down, also after several tries',
  ServiceUnavailable: 'the server is not available, also after several tries',
  QuotaExceeded: 'the quota is used up',
  XMinioStorageFull: 'no space is left there',
  BadDigest: 'what arrived is not what was sent',
  XAmzContentChecksumMismatch: 'what arrived is not what was sent',
  InvalidDigest: 'what arrived is not what was sent',
  EntityTooLarge: 'the server takes no object of this size',
  TimeoutError: 'the server does not answer in time',
  ECONNREFUSED: 'nobody answers at that endpoint (AWS_ENDPOINT_URL_S3)',
  ENOTFOUND: 'there is no such endpoint (AWS_ENDPOINT_URL_S3, AWS_REGION)',
  EAI_AGAIN: 'the name of the endpoint can not be looked up now',
  ECONNRESET: 'the server cut the connection',
  EPIPE: 'the server cut the connection',
  ETIMEDOUT: 'the server does not answer in time',
  EPROTO: "the server doesn't speak TLS there, as https:// wants it (AWS_ENDPOINT_URL_S3)",
  EHOSTUNREACH: 'there is no way to that endpoint',
  ENETUNREACH: 'there is no way to that endpoint',
};

/** Whether a failure is one of a server that is away, too busy, or being started again: what is asked later may be done. */
export function isPassing(error: unknown): boolean {
  const { name = '', code = '', $metadata } = (error ?? {}) as Failure;
  const status = $metadata?.httpStatusCode;
  return passing.has(code) || passing.has(name) || (status !== undefined && passingStatus.has(status));
}

/** Why a request failed, in words and with the server's own name for it; undefined for a mistake of crackle. */
function told(error: unknown): string | undefined {
  const { name = '', code = '', message = '', $metadata } = (error ?? {}) as Failure;
  // The client calls a cut connection a TimeoutError, too.
  const known = [code, name].find((one) => Object.hasOwn(reasons, one));
  if (known !== undefined) return `${reasons[known]} (${known})`;
  if (/XML parse error/.test(message)) return 'what answers at that endpoint is no server of S3 (AWS_ENDPOINT_URL_S3)';
  if (/region is missing|region=""/i.test(message)) return 'no region was given (AWS_REGION)';
  const status = $metadata?.httpStatusCode;
  if (status === undefined && error instanceof TypeError) return undefined;
  if (status === 403) return `${reasons.AccessDenied} (403)`;
  const what = [status, name, code].filter((one) => one !== undefined && one !== '' && one !== 'Error').join(' ');
  return `the server reports ${message.split('\n')[0]!.slice(0, 200) || 'nothing'} (${what})`;
}

export const reasonOf = (error: unknown): string => told(error) ?? String(error);

/** Turns a failure of the client into one StoreError that names bucket and key; passes on what is a mistake of crackle. */
export function bucketError(doing: string, url: string, error: unknown): Error {
  if (isExpected(error)) return error;
  const why = told(error);
  return why === undefined ? (error as Error) : new StoreError(`cannot ${doing} ${url}: ${why}`, { cause: error });
}
