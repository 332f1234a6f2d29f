import { ParameterError } from '../../error.ts';
import { vendorModule } from '../../vendor/file.ts';

type S3 = typeof import('@aws-sdk/client-s3');

/** The client of one endpoint, and the module that its commands are of. */
export interface Connection {
  readonly s3: S3;
  readonly connection: import('@aws-sdk/client-s3').S3Client;
  /** Whether the server has ever answered, and not with its own trouble. */
  hasAnswered(): boolean;
}

const tries = 6;
const connectsWithin = 10_000; // ms

/**
 * @param own an endpoint other than Amazon's
 * @param silence milliseconds without a byte after which an answer is given up
 */
function connectionTo(own: string | undefined, silence: number): Connection {
  // Of Node, on the terminal of whoever runs crackle, about what crackle bundles.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const s3 = vendorModule('s3') as S3;
  const { CRACKLE_S3_PATH_STYLE: style } = process.env;
  const connection = new s3.S3Client({
    maxAttempts: tries,
    requestHandler: { connectionTimeout: connectsWithin, socketTimeout: silence },
    // Servers other than Amazon's have buckets in the path.
    forcePathStyle: style === undefined ? own !== undefined : style !== '0',
    // Checksums are sent as headers, and kept beside the object: trailers are not known everywhere.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(own === undefined || process.env.AWS_REGION ? {} : { region: 'us-east-1' }),
  });
  let answered = false;
  connection.middlewareStack.add(
    (next) => async (request) => {
      const answer = await next(request);
      if ((answer.response as { statusCode: number }).statusCode < 500) answered = true;
      return answer;
    },
    { step: 'deserialize', priority: 'low' },
  );
  return { s3, connection, hasAnswered: () => answered };
}

/** An endpoint other than Amazon's; empty variables say nothing, as for the tools of AWS. */
function ownEndpoint(): string | undefined {
  for (const name of ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL']) {
    const own = process.env[name];
    if (!own) continue;
    if (URL.canParse(own) && /^https?:/i.test(own)) return own;
    throw new ParameterError(
      `${name} must be a URL such as https://s3.example.org, got ${own.replace(/[^/]*@/, '***@')}`,
    );
  }
  return undefined;
}

const connections = new Map<string, Connection>();

/** The client of the endpoint that the variables of the AWS tools name: one for all folders. Throws a ParameterError for what is no URL. */
export function connect(silence = 60_000): Connection {
  const own = ownEndpoint();
  const key = `${silence} ${own}`;
  const known = connections.get(key) ?? connectionTo(own, silence);
  connections.set(key, known);
  return known;
}
