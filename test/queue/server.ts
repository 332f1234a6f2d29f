import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Certificates } from './certificates.ts';

/** The program of a server that can be had here; undefined where there is none. */
export const serverProgram: string | undefined = ['redis-server', 'valkey-server'].find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** A loopback port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return /PONG|NOAUTH/.test(reply.toString());
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/**
 * A server of its own on a loopback port, which keeps nothing on disk.
 * @param secured what it needs to speak TLS on a second port, `url` is that one's then
 */
export async function startServer(words: readonly string[] = [], secured?: Certificates) {
  const port = await freePort();
  const tlsPort = secured === undefined ? undefined : await freePort();
  const tls =
    secured === undefined
      ? []
      : ['--tls-port', `${tlsPort}`, '--tls-cert-file', secured.certificate, '--tls-key-file', secured.key, '--tls-ca-cert-file', secured.authority, '--tls-auth-clients', 'no']; // biome-ignore format: words
  let child: ChildProcess;
  const begin = async (): Promise<void> => {
    const all = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...tls, ...words];
    child = spawn(serverProgram!, all, { stdio: 'ignore' });
    for (let tries = 0; !(await answers(port)); tries++) {
      if (tries > 200) throw new Error(`no server on port ${port}`);
      await sleep(25);
    }
  };
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  await begin();
  const url = tlsPort === undefined ? `redis://127.0.0.1:${port}` : `rediss://127.0.0.1:${tlsPort}`;
  return { port, url, end, begin };
}
