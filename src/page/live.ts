import type { LiveState } from '../live/state.ts';
import { duration, fullNumber, roughDuration, siNumber } from '../report/quantity.ts';
import { offerScheme } from './scheme.ts';
import { traceOf } from './trace.ts';

const one = <E extends Element>(id: string): E => document.querySelector<E>(`#${id}`)!;
const message = one<HTMLElement>('message');
const facts = one<HTMLElement>('facts');
const traces = one<HTMLElement>('traces');
const stop = document.querySelector<HTMLButtonElement>('#stop');
const stoppingText = 'stopping: the run is put in order';
let states: LiveState[] = [];
let ended = false;
let stopping = false;

const workersText = (workers: number, machines: number | undefined): string => {
  if (machines === undefined) return String(workers);
  if (machines === 0) return 'none yet: the queue waits for crackle worker';
  return `${workers} at ${machines} ${machines === 1 ? 'process' : 'processes'} of the queue`;
};

function show(): void {
  const now = states.at(-1);
  if (now === undefined) return;
  one<HTMLProgressElement>('fraction').value = now.fraction;
  message.textContent = stopping ? stoppingText : now.stage;
  const list: [string, string][] = [
    ['Now', now.where],
    ['Seen', `${fullNumber(now.counted)} ${now.unit}, ${siNumber(now.rate)} a second`],
    ['Done', `${(100 * now.fraction).toFixed(1)} %`],
    ['Running for', duration(now.elapsed)],
    ['Time left', now.remaining === null ? 'not known yet' : `about ${roughDuration(now.remaining)}`],
    ...(now.workers === undefined ? [] : [['Workers', workersText(now.workers, now.machines)] as [string, string]]),
    ...(now.memory === undefined ? [] : [['Memory', `${siNumber(now.memory)}B`] as [string, string]]),
  ];
  facts.replaceChildren(
    ...list.flatMap(([name, text]) => [
      Object.assign(document.createElement('dt'), { textContent: name }),
      Object.assign(document.createElement('dd'), { textContent: text }),
    ]),
  );
  const own = states.filter(({ where }) => where === now.where);
  traces.replaceChildren(
    ...Object.keys(now.estimates).map((name) =>
      traceOf(
        name,
        own.flatMap(({ counted, estimates }) => {
          const value = estimates[name];
          return value === undefined ? [] : [{ x: counted, y: value }];
        }),
      ),
    ),
  );
}

const source = new EventSource('events');
source.addEventListener('history', (event) => {
  states = JSON.parse(event.data) as LiveState[];
  if (states.length === 0) message.textContent = 'the run starts';
  show();
});
source.addEventListener('state', (event) => {
  states.push(JSON.parse(event.data) as LiveState);
  if (states.length > 800) states = states.filter((_, i) => i % 2 === 0 || i === states.length - 1);
  show();
});
source.addEventListener('end', (event) => {
  ended = true;
  source.close();
  message.textContent = JSON.parse(event.data) as string;
  if (stop !== null) stop.disabled = true;
});
source.addEventListener('error', () => {
  if (!ended) message.textContent = 'no answer from the run: it is gone, or busy; trying again';
});
stop?.addEventListener('click', async () => {
  stop.disabled = true;
  const answer = await fetch('stop', { method: 'POST' }).catch(() => undefined); // nobody there: the source says so
  if (answer === undefined) return;
  stopping = answer.ok;
  message.textContent = stopping ? stoppingText : "the run can't be stopped from here";
});
const nav = document.querySelector<HTMLElement>('nav');
if (nav !== null) offerScheme(nav);
