import { parentPort, workerData } from 'node:worker_threads';
import { type Asked, measureWay } from './way.ts';

/** Entry of the thread that a road is measured on. */
parentPort!.postMessage(await measureWay(workerData as Asked));
