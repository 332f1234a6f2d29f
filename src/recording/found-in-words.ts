import { leastFitted } from '../fit/footing.ts';
import { fullNumber, plainNumber } from '../report/quantity.ts';
import type { RasterChannel } from './raster.ts';
import type { TraceAvalanches } from './trace.ts';

export const counted = (n: number, what: string): string => `${fullNumber(n)} ${what}${n === 1 ? '' : 's'}`;

/** Thresholds of channels, and how many events lie beyond each. */
export const channelsInWords = (channels: readonly RasterChannel[]): string =>
  channels
    .map(
      ({ name, threshold, events }) =>
        `${name} ${threshold === null ? '' : `${plainNumber(threshold)} `}(${counted(events, 'event')})`,
    )
    .join(', ');

/** Share of rows that go back in time from which on a column may be no times at all: those of a signal do at every other row, those of units or files at few. */
const mostBackward = 0.1;

/** What is said of a column that is taken for times of events, and may be a signal; nothing where its rows go forward. */
export function orderInWords(column: string, { count, backward }: { count: number; backward: number }): string[] {
  if (!(backward > mostBackward * count)) return [];
  return [
    `Column '${column}' is taken for times of events, and ${((100 * backward) / count).toPrecision(2)} % of its rows go back in time: if it is a signal, leave out time bins and give a threshold.`,
  ];
}

/** What a trace has where that is too little to mean much, for an error that speaks of what fits need; else ''. */
export function fewInWords({ tally, events, channels }: TraceAvalanches): string {
  if (tally.valid >= leastFitted) return '';
  return [
    `; the trace has ${counted(tally.valid, 'avalanche')} of known extent`,
    ...(events === undefined ? [] : [`, of ${counted(events.count, 'event')}`]),
    ...(channels === undefined
      ? []
      : [
          ` ${channels[0]?.threshold === null ? 'of' : 'beyond the thresholds of'} the channels ${channelsInWords(channels)}`,
        ]),
  ].join('');
}
