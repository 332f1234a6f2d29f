import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface StandInOptions {
  /** Whether it looks at If-None-Match. Default true. */
  readonly conditional?: boolean;
}

interface Kept {
  readonly content: Buffer;
  readonly sha256: string;
  readonly put: Date;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/**
 * What crackle asks of a server of S3, in memory, for tests that must not wait for a real one to be installed: one bucket, no signatures, pages
 * of listings three long. It says nothing about real servers: docs/how-to/buckets.md says what was tried with which.
 */
export async function startStandIn({ conditional = true }: StandInOptions = {}) {
  const objects = new Map<string, Kept>();
  const requests: string[] = [];
  /** Answers in the place of the server, while it says something: a status; or the connection is cut, in the middle of the answer, or nothing comes. */
  let trouble: ((method: string, key: string) => number | 'reset' | 'cut' | 'hang' | undefined) | undefined;

  const fail = (response: ServerResponse, status: number, code: string): void => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
  };
  const list = (url: URL, response: ServerResponse): void => {
    const prefix = url.searchParams.get('prefix') ?? '';
    const after = url.searchParams.get('continuation-token') ?? '';
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, 3);
    const more = keys.length > page.length;
    const contents = page.map((key) => `<Contents><Key>${escaped(key)}</Key></Contents>`).join('');
    const next = more ? `<NextContinuationToken>${escaped(page.at(-1)!)}</NextContinuationToken>` : '';
    response.end(`<ListBucketResult>${contents}<IsTruncated>${more}</IsTruncated>${next}</ListBucketResult>`);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url!, 'http://server');
    const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/');
    const [key, method] = [rest.join('/'), request.method!];
    requests.push(`${method} ${key}`);
    const status = trouble?.(method, key);
    if (status === 'hang') return;
    if (status === 'reset') return void request.socket.destroy();
    if (typeof status === 'number') return fail(response, status, status === 503 ? 'SlowDown' : 'AccessDenied');
    if (bucket !== 'bucket') return fail(response, 404, 'NoSuchBucket');
    if (key === '') return list(url, response);
    const found = objects.get(key);
    if (method === 'PUT') {
      const from = request.headers['x-amz-copy-source'];
      if (conditional && request.headers['if-none-match'] === '*' && found !== undefined) {
        return fail(response, 412, 'PreconditionFailed');
      }
      if (typeof from === 'string') {
        objects.set(key, { ...objects.get(decodeURIComponent(from).replace(/^\/?bucket\//, ''))!, put: new Date() });
        response.end('<CopyObjectResult><ETag>"0"</ETag></CopyObjectResult>');
        return;
      }
      const content = Buffer.concat(chunks);
      const sent = request.headers['x-amz-checksum-sha256'];
      if (sent !== createHash('sha256').update(content).digest('base64')) return fail(response, 400, 'BadDigest');
      objects.set(key, { content, sha256: String(request.headers['x-amz-meta-sha256']), put: new Date() });
      response.end();
      return;
    }
    if (method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204).end();
      return;
    }
    if (found === undefined) return fail(response, 404, 'NoSuchKey');
    response.writeHead(200, {
      'content-length': found.content.length,
      'last-modified': found.put.toUTCString(),
      'x-amz-meta-sha256': found.sha256,
    });
    if (status !== 'cut') return void response.end(method === 'HEAD' ? undefined : found.content);
    response.write(found.content.subarray(0, -1), () => request.socket.destroy());
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
    },
    objects,
    requests,
    setTrouble(next: typeof trouble): void {
      trouble = next;
    },
    async end(): Promise<void> {
      server.closeAllConnections();
      if (server.listening) await new Promise((closed) => server.close(closed));
    },
  };
}
