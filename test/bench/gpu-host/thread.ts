import { parentPort, workerData } from 'node:worker_threads';
import { type Asked, measureWay } from './way.ts';

/** Entry of the thread that the host's part is measured on. */
parentPort!.postMessage(await measureWay(workerData as Asked));
