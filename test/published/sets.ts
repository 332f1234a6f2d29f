import type { ColumnOptions } from '../../src/index.ts';

/** A data set of Clauset, Shalizi & Newman, SIAM Rev. 51, 661 (2009), with what their table 6.1 says of it. */
export interface PublishedSet {
  readonly file: string;
  readonly exponent: number;
  /** Of the last digits of the exponent, as printed: bootstrap errors, which include the choice of xmin. */
  readonly error: number;
  readonly xmin: number;
  readonly n: number;
  readonly tail: number;
  /** Digits after the point of the printed exponent, and significant ones of the printed xmin. */
  readonly digits: readonly [exponent: number, xmin: number];
  readonly options?: ColumnOptions;
}

const real: ColumnOptions = { discrete: false };

/** Quantities that the paper takes for real numbers are said to be so: `--continuous`. */
export const publishedSets: Readonly<Record<string, PublishedSet>> = {
  words: { file: 'words.txt', exponent: 1.95, error: 0.02, xmin: 7, n: 18855, tail: 2958, digits: [2, 1] },
  terrorism: { file: 'terrorism.txt', exponent: 2.4, error: 0.2, xmin: 12, n: 9101, tail: 547, digits: [1, 2] },
  flares: {
    file: 'flares.txt',
    exponent: 1.79,
    error: 0.02,
    xmin: 323,
    n: 12773,
    tail: 1711,
    digits: [2, 3],
    options: real,
  },
  fires: {
    file: 'fires.txt',
    exponent: 2.2,
    error: 0.3,
    xmin: 6324,
    n: 203785,
    tail: 521,
    digits: [1, 4],
    options: real,
  },
  blackouts: {
    file: 'blackouts.txt',
    exponent: 2.3,
    error: 0.3,
    xmin: 230e3,
    n: 211,
    tail: 59,
    digits: [1, 2],
    options: real,
  },
  cities: {
    file: 'cities.txt',
    exponent: 2.37,
    error: 0.08,
    xmin: 52.46e3,
    n: 19447,
    tail: 580,
    digits: [2, 4],
    options: real,
  },
  quakes: {
    file: 'quakes.txt',
    exponent: 1.64,
    error: 0.04,
    xmin: 794,
    n: 19302,
    tail: 11697,
    digits: [2, 3],
    options: real,
  },
  surnames: {
    file: 'surnames.txt',
    exponent: 2.5,
    error: 0.2,
    xmin: 111.92e3,
    n: 2753,
    tail: 239,
    digits: [1, 5],
    options: real,
  },
  weblinks: {
    file: 'weblinks.hist',
    exponent: 2.336,
    error: 0.009,
    xmin: 3684,
    n: 241428853,
    tail: 28986,
    digits: [3, 4],
    options: { ...real, column: 'degree', countColumn: 'frequency' },
  },
};
