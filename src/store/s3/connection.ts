import { vendorModule } from '../../vendor/file.ts';

type S3 = typeof import('@aws-sdk/client-s3');

/** The client of one endpoint, and the module that its commands are of. */
export interface Connection {
  readonly s3: S3;
  readonly connection: import('@aws-sdk/client-s3').S3Client;
}

const tries = 6;

/** @param own an endpoint other than Amazon's */
function connectionTo(own: string | undefined): Connection {
  // Of Node, on the terminal of whoever runs crackle, about what crackle bundles.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const s3 = vendorModule('s3') as S3;
  const { CRACKLE_S3_PATH_STYLE: style } = process.env;
  const connection = new s3.S3Client({
    maxAttempts: tries,
    // Servers other than Amazon's have buckets in the path.
    forcePathStyle: style === undefined ? own !== undefined : style !== '0',
    // Checksums are sent as headers, and kept beside the object: trailers are not known everywhere.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(own === undefined || process.env.AWS_REGION !== undefined ? {} : { region: 'us-east-1' }),
  });
  return { s3, connection };
}

const connections = new Map<string | undefined, Connection>();

/** The client of the endpoint that the variables of the AWS tools name: one for all folders. */
export function connect(): Connection {
  const own = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const known = connections.get(own) ?? connectionTo(own);
  connections.set(own, known);
  return known;
}
