import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { History } from './history.ts';
import { livePage } from './page.ts';
import type { LiveState } from './state.ts';

export interface LiveOptions {
  /** What runs, for the page's title. */
  readonly title: string;
  /** Called when somebody stops the run from the page; without it the page has no such button. */
  readonly onStop?: () => void;
  /** Port of the loopback interface; 0 (default): a free one. */
  readonly port?: number;
}

/** A page that follows a run, on the loopback interface only, behind a random token. */
export interface LiveServer {
  /** Where to look; holds the token. */
  readonly url: string;
  show(state: LiveState): void;
  /** Tells the pages how the run ended, and closes. */
  end(message: string): Promise<void>;
}

const headers = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };
const beat = 15_000; // ms

/** @throws the system's error where the port can't be listened at */
export async function openLive({ title, onStop, port = 0 }: LiveOptions): Promise<LiveServer> {
  const token = randomBytes(16).toString('base64url');
  const history = new History();
  const listeners = new Set<ServerResponse>();
  let host = '';

  const refuse = (response: ServerResponse, status: number): void => {
    response.writeHead(status, headers).end();
  };
  const say = (response: ServerResponse, event: string, data: unknown): void => {
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  /** Listeners that missed states as they didn't read: a tab that is asleep may lie there for days. */
  const behind = new Set<ServerResponse>();
  const events = (response: ServerResponse): void => {
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
    say(response, 'history', history.all());
    listeners.add(response);
    response.on('drain', () => {
      if (behind.delete(response)) say(response, 'history', history.all());
    });
    response.on('close', () => {
      listeners.delete(response);
      behind.delete(response);
    });
  };
  const answer = ({ method, url = '', headers: asked }: IncomingMessage, response: ServerResponse): void => {
    // A page of another origin may send requests here, and a name of its own may point here: neither is let in.
    const foreign = asked.host !== host || (asked.origin !== undefined && asked.origin !== `http://${host}`);
    const [, given = '', route, ...more] = url.split('/');
    if (foreign || more.length > 0 || !same(given, token)) refuse(response, 404);
    else if (method === 'GET' && route === '') {
      const { html, policy } = livePage(title, onStop !== undefined);
      const kind = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
      response.writeHead(200, { ...headers, ...kind }).end(html);
    } else if (method === 'GET' && route === 'events') events(response);
    else if (method === 'POST' && route === 'stop' && onStop !== undefined) {
      refuse(response, 204);
      onStop();
    } else refuse(response, 404);
  };

  const server = createServer(answer);
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const heart = setInterval(() => {
    for (const response of listeners) if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, beat);
  heart.unref();
  return {
    url: `http://${host}/${token}/`,
    show(state) {
      history.add(state);
      for (const response of listeners) {
        if (response.writableNeedDrain) behind.add(response);
        else say(response, 'state', state);
      }
    },
    async end(message) {
      clearInterval(heart);
      for (const response of listeners) {
        say(response, 'end', message);
        response.end();
      }
      await new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeIdleConnections();
        // Tabs that hold a connection open have a second to take the last message.
        setTimeout(() => server.closeAllConnections(), 1000).unref();
      });
    },
  };
}

function same(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
