import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { StoreError } from '../../error.ts';
import { type Address, parseAddress } from '../address.ts';
import { fileDigest } from '../digest.ts';
import { storeError } from '../file.ts';
import { connect } from './connection.ts';
import { bucketError, isConflict, isMissing } from './failure.ts';
import { type PersistenceOptions, persistence } from './persistence.ts';

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
 * doesn't do as it was asked, which is tried several times, and for minutes where the server has answered before.
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
  /** Paths of all objects below a path, without those that consoles put in the place of folders. */
  list(under?: string): Promise<string[]>;
  copy(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const largestObject = 5 * 2 ** 30; // of one put, by the protocol
const heldWhole = 8 * 2 ** 20; // bytes of a file that is read once, for its checksums and to be sent

/** What is said of an object before it is put: its bytes and SHA-256, and all of it where it is small. */
async function measured(
  content: { readonly file: string } | string,
): Promise<{ bytes: number; sha256: string; whole: Buffer | undefined }> {
  if (typeof content === 'string') {
    const whole = Buffer.from(content);
    return { bytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex'), whole };
  }
  const { bytes, sha256 } = await fileDigest(content.file);
  return { bytes, sha256, whole: bytes <= heldWhole ? await readFile(content.file) : undefined };
}

/** Writes what is sent into a file. */
async function save(body: Readable, file: string): Promise<void> {
  const here = <T>(done: Promise<T>): Promise<T> =>
    done.catch((error: unknown) => {
      throw storeError('write', file, error);
    });
  await here(mkdir(dirname(file), { recursive: true }));
  const to = await here(open(file, 'w'));
  try {
    for await (const chunk of body) await here(to.writeFile(chunk as Buffer));
  } finally {
    await to.close();
  }
}

/** What an answer says of an object. */
const storedOf = (answer: {
  ContentLength?: number | undefined;
  LastModified?: Date | undefined;
  Metadata?: Record<string, string> | undefined;
}): Stored => ({
  bytes: answer.ContentLength ?? 0,
  put: answer.LastModified?.getTime() ?? 0,
  sha256: answer.Metadata?.sha256,
});

/** Where an object of the bucket goes in the words of the protocol: `bucket/key`, escaped but for slashes. */
const escaped = (text: string): string => text.split('/').map(encodeURIComponent).join('/');

export interface OpenOptions extends PersistenceOptions {
  /** Milliseconds without a byte after which an answer is given up. Default a minute. */
  readonly silence?: number;
}

/**
 * The part of a bucket that a run folder is in, or all of it (`s3://bucket`). Endpoint, region and credentials are those of the AWS tools: variables, profiles, roles.
 * @throws ParameterError for what is no address
 */
export function openBucket(address: string, options: OpenOptions = {}): Bucket {
  const where: Address = parseAddress(address, true);
  const server = connect(options.silence);
  const { s3, connection } = server;
  const above = where.prefix === '' ? '' : `${where.prefix}/`;
  const url = `s3://${where.bucket}/${above}`.slice(0, -1);
  const persistently = persistence(server, url, options);
  const object = (path: string) => ({ Bucket: where.bucket, Key: `${above}${path}` });
  const failed =
    (doing: string, path: string) =>
    (error: unknown): never => {
      throw bucketError(doing, `${url}/${path}`, error);
    };
  /** What is read of an object; undefined where there is none. */
  const readIfThere = async <T>(path: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await persistently(read);
    } catch (error) {
      if (isMissing(error)) return undefined;
      return failed('read', path)(error);
    }
  };

  return {
    url,
    async put(path, content, condition = 'anything') {
      const { bytes, sha256, whole } = await measured(content);
      if (bytes > largestObject) {
        throw new StoreError(`${url}/${path} would have ${bytes} bytes, an object takes 5 GiB`);
      }
      const command = () =>
        new s3.PutObjectCommand({
          ...object(path),
          Body: whole ?? createReadStream((content as { file: string }).file),
          ContentLength: bytes,
          ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
          // For servers that don't look at the other.
          ...(whole === undefined ? {} : { ContentMD5: createHash('md5').update(whole).digest('base64') }),
          Metadata: { sha256 },
          ...(condition === 'nothing' ? { IfNoneMatch: '*' } : {}),
        });
      try {
        await persistently(() => connection.send(command()));
        return sha256;
      } catch (error) {
        if (condition === 'nothing' && isConflict(error)) return undefined;
        return failed('write', path)(error);
      }
    },
    head: (path) =>
      readIfThere(path, async () => storedOf(await connection.send(new s3.HeadObjectCommand(object(path))))),
    get: (path) =>
      readIfThere(path, async () => {
        const found = await connection.send(new s3.GetObjectCommand(object(path)));
        return { text: (await found.Body?.transformToString()) ?? '' };
      }),
    fetch: (path, file) =>
      readIfThere(path, async () => {
        const found = await connection.send(new s3.GetObjectCommand(object(path)));
        await save(found.Body as Readable, file);
        return storedOf(found);
      }),
    async list(under = '') {
      const names: string[] = [];
      let from: string | undefined;
      do {
        const command = new s3.ListObjectsV2Command({
          Bucket: where.bucket,
          Prefix: `${above}${under}`,
          ...(from === undefined ? {} : { ContinuationToken: from }),
        });
        const page = await persistently(() => connection.send(command)).catch(failed('list', under));
        for (const { Key } of page.Contents ?? [])
          if (Key !== undefined && !Key.endsWith('/')) names.push(Key.slice(above.length));
        from = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (from !== undefined);
      return names;
    },
    async copy(from, to) {
      const { Bucket, Key } = object(from);
      const source = escaped(`${Bucket}/${Key}`);
      const command = new s3.CopyObjectCommand({ ...object(to), CopySource: source });
      await persistently(() => connection.send(command)).catch(failed('write', to));
    },
    async remove(path) {
      const command = new s3.DeleteObjectCommand(object(path));
      await persistently(() => connection.send(command)).catch(failed('remove', path));
    },
  };
}
