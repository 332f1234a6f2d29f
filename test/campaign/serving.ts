import { start } from '../cli/crackle.ts';
import { type Relay, startRelay } from '../queue/relay.ts';
import { startServer } from '../queue/server.ts';

type Started = ReturnType<typeof start>;

/** A queue with a server of its own and places for two workers; the second one's way to the server can be stalled. */
export interface Serving {
  readonly server: Awaited<ReturnType<typeof startServer>>;
  readonly relay: Relay;
  /** For drivers: straight to the server. */
  readonly url: string;
  /** The worker at a place, started anew where it is gone. */
  worker(place: number): Started;
  close(): Promise<void>;
}

export async function openServing(): Promise<Serving> {
  const server = await startServer();
  const relay = await startRelay(server.port);
  const workers = new Map<number, Started>();
  return {
    server,
    relay,
    url: server.url,
    worker(place) {
      const there = workers.get(place);
      if (there !== undefined && there.child.exitCode === null && there.child.signalCode === null) return there;
      const url = place === 1 ? `redis://127.0.0.1:${relay.port}` : server.url;
      const started = start(['worker', url, '--slots', '1', '--heartbeat', '0.5s', '--drain', '2s']);
      workers.set(place, started);
      return started;
    },
    async close() {
      for (const { child } of workers.values()) child.kill('SIGKILL');
      await Promise.all([...workers.values()].map(({ ended }) => ended));
      await relay.close();
      await server.end();
    },
  };
}
