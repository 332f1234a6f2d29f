import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { StoreError } from '../../error.ts';
import { vendorModule } from '../../vendor/file.ts';
import { type Address, parseAddress } from '../address.ts';
import { fileDigest } from '../digest.ts';
import { bucketError, isConflict, isMissing } from './failure.ts';

/** An object of a bucket, without its content. */
export interface Stored {
  readonly bytes: number;
  /** When it was put, in milliseconds by the server's clock. */
  readonly put: number;
  /** In hex, of what was put; undefined for what others put there. */
  readonly sha256: string | undefined;
}

/** What must be there for a put to happen. */
export type Condition = 'anything' | 'nothing';

/**
 * The objects of a run folder in a bucket, by their paths in it. All methods throw a StoreError that names bucket and key where the server
 * doesn't do as it was asked, which is tried several times.
 */
export interface Bucket {
  /** `s3://bucket/prefix`. */
  readonly url: string;
  /** Puts an object, a file's content or a text; gives its SHA-256 in hex, or undefined where the condition isn't met. */
  put(path: string, content: { readonly file: string } | string, condition?: Condition): Promise<string | undefined>;
  head(path: string): Promise<Stored | undefined>;
  /** A small object, as text. */
  get(path: string): Promise<{ readonly text: string } | undefined>;
  /** Brings an object into a file; undefined where there is none. */
  fetch(path: string, file: string): Promise<Stored | undefined>;
  /** Paths of all objects below a path. */
  list(under?: string): Promise<string[]>;
  copy(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const tries = 6;

function clientOf(own: string | undefined): {
  s3: typeof import('@aws-sdk/client-s3');
  send: import('@aws-sdk/client-s3').S3Client;
} {
  // Of Node, on the terminal of whoever runs crackle, about what crackle bundles.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const s3 = vendorModule('s3') as typeof import('@aws-sdk/client-s3');
  const { CRACKLE_S3_PATH_STYLE: style } = process.env;
  const send = new s3.S3Client({
    maxAttempts: tries,
    // Servers other than Amazon's have buckets in the path.
    forcePathStyle: style === undefined ? own !== undefined : style !== '0',
    // Checksums are sent as headers, and kept beside the object: trailers are not known everywhere.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(own === undefined || process.env.AWS_REGION !== undefined ? {} : { region: 'us-east-1' }),
  });
  return { s3, send };
}

const clients = new Map<string | undefined, ReturnType<typeof clientOf>>();

/** Where an object of the bucket goes in the words of the protocol: `bucket/key`, escaped but for slashes. */
const escaped = (text: string): string => text.split('/').map(encodeURIComponent).join('/');

/**
 * The part of a bucket that a run folder is in. Endpoint, region and credentials are those of the AWS tools: variables, profiles, roles.
 * @throws ParameterError for what is no address
 */
export function openBucket(address: string): Bucket {
  const where: Address = parseAddress(address);
  const own = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const { s3, send: connection } = clients.get(own) ?? clientOf(own);
  clients.set(own, { s3, send: connection });
  const url = `s3://${where.bucket}/${where.prefix}`;
  const object = (path: string) => ({ Bucket: where.bucket, Key: `${where.prefix}/${path}` });
  const failed =
    (doing: string, path: string) =>
    (error: unknown): never => {
      throw bucketError(doing, `${url}/${path}`, error);
    };
  const stored = (found: {
    ContentLength?: number | undefined;
    LastModified?: Date | undefined;
    Metadata?: Record<string, string> | undefined;
  }): Stored => ({
    bytes: found.ContentLength ?? 0,
    put: found.LastModified?.getTime() ?? 0,
    sha256: found.Metadata?.sha256,
  });

  return {
    url,
    async put(path, content, condition = 'anything') {
      const isText = typeof content === 'string';
      const text = isText ? Buffer.from(content) : undefined;
      const { bytes, sha256 } =
        text === undefined
          ? await fileDigest((content as { file: string }).file)
          : { bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') };
      if (bytes > 5 * 2 ** 30) throw new StoreError(`${url}/${path} would have ${bytes} bytes, an object takes 5 GiB`);
      const small = text ?? (bytes <= 8 * 2 ** 20 ? await readFile((content as { file: string }).file) : undefined);
      try {
        const put = new s3.PutObjectCommand({
          ...object(path),
          Body: small ?? createReadStream((content as { file: string }).file),
          ContentLength: bytes,
          ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
          // For servers that don't look at the other.
          ...(small === undefined ? {} : { ContentMD5: createHash('md5').update(small).digest('base64') }),
          Metadata: { sha256 },
          ...(condition === 'nothing' ? { IfNoneMatch: '*' } : {}),
        });
        await connection.send(put);
        return sha256;
      } catch (error) {
        if (condition === 'nothing' && isConflict(error)) return undefined;
        throw bucketError('write', `${url}/${path}`, error);
      }
    },
    async head(path) {
      try {
        return stored(await connection.send(new s3.HeadObjectCommand(object(path))));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw bucketError('read', `${url}/${path}`, error);
      }
    },
    async get(path) {
      try {
        const found = await connection.send(new s3.GetObjectCommand(object(path)));
        return { text: (await found.Body?.transformToString()) ?? '' };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw bucketError('read', `${url}/${path}`, error);
      }
    },
    async fetch(path, file) {
      try {
        const found = await connection.send(new s3.GetObjectCommand(object(path)));
        await mkdir(dirname(file), { recursive: true });
        const to = await open(file, 'w');
        try {
          for await (const chunk of found.Body as Readable) await to.writeFile(chunk as Buffer);
        } finally {
          await to.close();
        }
        return stored(found);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw bucketError('read', `${url}/${path}`, error);
      }
    },
    async list(under = '') {
      const names: string[] = [];
      let from: string | undefined;
      do {
        const page = await connection
          .send(
            new s3.ListObjectsV2Command({
              Bucket: where.bucket,
              Prefix: `${where.prefix}/${under}`,
              ...(from === undefined ? {} : { ContinuationToken: from }),
            }),
          )
          .catch(failed('list', under));
        for (const { Key } of page.Contents ?? [])
          if (Key !== undefined) names.push(Key.slice(where.prefix.length + 1));
        from = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (from !== undefined);
      return names;
    },
    async copy(from, to) {
      const { Bucket, Key } = object(from);
      const source = escaped(`${Bucket}/${Key}`);
      await connection.send(new s3.CopyObjectCommand({ ...object(to), CopySource: source })).catch(failed('write', to));
    },
    async remove(path) {
      await connection.send(new s3.DeleteObjectCommand(object(path))).catch(failed('remove', path));
    },
  };
}
