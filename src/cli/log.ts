import { Writable } from 'node:stream';
import pino, { type Logger } from 'pino';

/** Anything that draws on stderr and must step aside for a log line. */
export interface Canvas {
  clear(): void;
  redraw(): void;
}

let canvas: Canvas | undefined;

/** Tells the log who draws on stderr; undefined once nobody does. */
export function setCanvas(next: Canvas | undefined): void {
  canvas = next;
}

/** The command line's logger: to stderr, readable, or in JSON lines beside progress that is in JSON. stdout carries results only. */
export async function createLogger(level: string, json: boolean): Promise<Logger> {
  const lines = new Writable({
    write(chunk: Buffer, _encoding, done) {
      canvas?.clear();
      process.stderr.write(chunk);
      canvas?.redraw();
      done();
    },
  });
  const options = { level, base: null };
  if (json) return pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime }, lines);
  const { default: pretty } = await import('pino-pretty');
  const stream = pretty({
    destination: lines,
    sync: true,
    colorize: process.stderr.isTTY === true && !process.env.NO_COLOR,
    translateTime: 'HH:MM:ss',
    ignore: 'pid,hostname',
  });
  return pino(options, stream);
}
