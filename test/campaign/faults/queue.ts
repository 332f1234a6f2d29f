import { setTimeout as sleep } from 'node:timers/promises';
import { start } from '../../cli/crackle.ts';
import { begun, type Fault, leaves, type Scene, type Started } from '../scene.ts';
import type { Serving } from '../serving.ts';

/** A run on a queue in which something happens to worker, server, network or driver. */
const onQueue =
  (
    what: string,
    strike: (serving: Serving, scene: Scene, driver: Started) => Promise<unknown>,
    survives = true,
  ): Fault =>
  async (scene) => {
    const serving = scene.field.serving!;
    for (const place of [0, 1]) serving.worker(place);
    const driver = start([...scene.words, '--out', scene.out, '--queue', serving.url]);
    await begun(scene.out, driver);
    await sleep(scene.draw(Math.ceil(0.8 * scene.field.lasts)));
    await strike(serving, scene, driver);
    const { code, said } = await leaves(driver);
    if (survives && code !== 0) throw new Error(`${what}, driver left with ${code}: ${said}`);
    return { what: `${what}, driver left with ${code}`, queue: serving.url, said };
  };

const struckWorker =
  (first: NodeJS.Signals, again?: NodeJS.Signals) =>
  async (serving: Serving, { draw }: Scene): Promise<void> => {
    const place = draw(2);
    const { child, ended } = serving.worker(place);
    child.kill(first);
    if (again !== undefined) {
      await sleep(draw(40));
      child.kill(again);
    }
    await ended;
    serving.worker(place);
  };

const worker = (first: NodeJS.Signals, again?: NodeJS.Signals): Fault =>
  onQueue(`worker: ${first}${again === undefined ? '' : ` and ${again}`}`, struckWorker(first, again));

const driver = (signal: NodeJS.Signals): Fault =>
  onQueue(`driver on a queue: ${signal}`, async (_serving, _scene, { child }) => child.kill(signal), false);

export const queueFaults: Readonly<Record<string, Fault>> = {
  'worker: KILL': worker('SIGKILL'),
  'worker: TERM': worker('SIGTERM'),
  'worker: INT': worker('SIGINT'),
  'worker: HUP': onQueue('worker: its terminal closed', async (serving, { draw }) => {
    serving.worker(draw(2)).child.kill('SIGHUP');
  }),
  'worker: INT twice': worker('SIGINT', 'SIGINT'),
  'worker: stopped and woken': onQueue('worker stopped', async (serving, { draw }) => {
    const { child } = serving.worker(draw(2));
    child.kill('SIGSTOP');
    await sleep(500 + draw(4000));
    child.kill('SIGCONT');
  }),
  'server: restarted': onQueue('server restarted', async ({ server }, { draw }) => {
    await server.end();
    await sleep(draw(1500));
    await server.begin();
  }),
  'network: stalled': onQueue('network stalled', async ({ relay }, { draw }) => {
    relay.stall(true);
    await sleep(500 + draw(4000));
    relay.stall(false);
  }),
  'network: cut': onQueue('network cut', async ({ relay }) => relay.cut()),
  'driver on a queue: KILL': driver('SIGKILL'),
  'driver on a queue: TERM': driver('SIGTERM'),
};
