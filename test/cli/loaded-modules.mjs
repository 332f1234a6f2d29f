// Preloaded with --import: tells on stderr which modules the main thread loaded and how large its young generation is, where the process ends or sends a
// worker its first partition.
import { createRequire, register } from 'node:module';
import { getHeapSpaceStatistics } from 'node:v8';
import { isMainThread, MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

if (isMainThread) {
  const { port1, port2 } = new MessageChannel();
  const hooks = `let port;
export function initialize(data) { port = data; }
export async function load(url, context, next) { port.postMessage(url); return next(url, context); }`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: port2, transferList: [port2] });
  process.on('exit', () => {
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    for (let found = receiveMessageOnPort(port1); found !== undefined; found = receiveMessageOnPort(port1)) {
      loaded.push(found.message);
    }
    const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size;
    process.stderr.write(`loaded ${JSON.stringify({ loaded, young })}\n`);
  });
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...more) {
    if (message.partition !== undefined) process.exit();
    return postMessage.call(this, message, ...more);
  };
}
