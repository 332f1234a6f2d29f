import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can be stalled, as a network that is cut off without a word, or broken. */
export interface Relay {
  readonly port: number;
  /** Holds everything back that comes, until told otherwise. */
  stall(stalled: boolean): void;
  /** Ends all connections. */
  cut(): void;
  close(): Promise<void>;
}

/** Begins to pass on what comes, from a loopback port of its own. */
export async function startRelay(to: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let stalled = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    if (stalled) socket.pause();
  };
  const server: Server = createServer((from) => {
    const there = connect(to, '127.0.0.1');
    keep(from);
    keep(there);
    const pass = (one: Socket, other: Socket): void => {
      one.on('data', (chunk: Buffer) => {
        if (!other.destroyed && !other.write(chunk)) one.pause();
      });
      other.on('drain', () => {
        if (!stalled) one.resume();
      });
      one.on('close', () => other.destroy());
    };
    pass(from, there);
    pass(there, from);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    stall(on) {
      stalled = on;
      for (const socket of sockets) on ? socket.pause() : socket.resume();
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
