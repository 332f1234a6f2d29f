import { deserialize, serialize } from 'node:v8';
import type { Imprint } from '../store/imprint.ts';
import type { EncodingSet } from '../store/parquet/encoding-set.ts';
import type { Arithmetic } from './arithmetic.ts';

/** What a driver says of a run: workers decide by it whether to take part, and work from it. */
export interface Offer {
  /** One stretch of a run: a new one for each phase and each driver. */
  readonly session: string;
  /** Id of the run; of the driver's own making where it has no folder. */
  readonly run: string;
  readonly pipeline: string;
  /** The file of a user's own pipeline, on the driver's machine, and its SHA-256; a built-in one is known by its name. */
  readonly file?: string;
  readonly file_sha256?: string;
  /** SHA-256 of the files that it imports, by their paths from its folder. */
  readonly modules?: Readonly<Record<string, string>>;
  /** SHA-256 of the files that the run reads, by their paths. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly values: Record<string, unknown>;
  readonly seed: number;
  /** Run folder, where tables are recorded. */
  readonly folder?: string;
  readonly record: readonly string[];
  /** Encodings of part files. */
  readonly encodings?: EncodingSet;
  /** What part files say of the run. */
  readonly metadata?: Imprint;
  readonly records: readonly string[];
  /** Runs of higher priority are served first. */
  readonly priority: number;
  /** Seconds that a partition may take. */
  readonly timeout?: number;
  /** Partitions that a slot works on at once. Default 1. */
  readonly together?: number;
  /** The driver, for messages: host and process. */
  readonly driver: string;
  readonly arithmetic: Arithmetic;
}

/** The text of an offer on the server. Values may be numbers that JSON lacks. */
export function encodeOffer({ values, ...offer }: Offer): string {
  return JSON.stringify({ ...offer, values: serialize(values).toString('base64') });
}

/** The offer that a text holds; undefined where this version can't read it. */
export function decodeOffer(text: string): Offer | undefined {
  try {
    const { values, ...offer } = JSON.parse(text) as Omit<Offer, 'values'> & { values: string };
    return { ...offer, values: deserialize(Buffer.from(values, 'base64')) as Record<string, unknown> };
  } catch {
    return undefined;
  }
}
