import { StoreError } from '../../../error.ts';
import { numberReader } from '../cells.ts';
import { isComment } from '../dialect/comments.ts';
import type { Dialect } from '../dialect.ts';
import { Collector } from './collector.ts';

/** Takes the cells of rows into columns, passes over what is no row, and knows the line for what is said of a wrong one. */
export class RowTaker {
  /** Lines that are done with. */
  before = 0;
  readonly out: Collector;
  /** Where each wanted column stands in a row. */
  readonly at: readonly number[];
  readonly #name: string;
  readonly #dialect: Dialect;
  readonly #wanted: readonly string[];
  readonly #read: (cell: string) => number | undefined;
  #skip: number;
  /** Blank lines since the last row of a single column. */
  #blanks = 0;

  constructor(name: string, dialect: Dialect, wanted: readonly string[]) {
    this.#name = name;
    this.#dialect = dialect;
    this.#wanted = wanted;
    this.#read = numberReader(dialect);
    this.#skip = dialect.skip;
    this.at = wanted.map((column) => dialect.columns.indexOf(column));
    this.out = new Collector(
      wanted,
      this.at.map((column) => dialect.numeric[column]!),
    );
  }

  /** Blank lines of which a row will show whether they are values that are missing. */
  get hasBlanks(): boolean {
    return this.#blanks > 0;
  }

  /** Whether the next line must be looked at before it is taken for a row. */
  get isWary(): boolean {
    return this.#skip > 0 || this.#blanks > 0;
  }

  wrong(line: number, what: string): never {
    throw new StoreError(`${this.#name} can't be read as a table: line ${line} ${what}`);
  }

  tooMany(line: number, fields: number): never {
    const expected = this.#dialect.columns.length;
    return this.wrong(
      line,
      `has ${fields} fields, expected ${expected} (--delimiter, --header and --comment say how to read it)`,
    );
  }

  /** Whether a line is no row: blank, a comment, before the data. */
  passesOver(line: string): boolean {
    const { blankRows, comment } = this.#dialect;
    if (line.trim() === '') {
      if (blankRows && (this.out.begun || this.out.filled > 0)) this.#blanks++;
      return true;
    }
    if (comment !== undefined && isComment(comment, line)) return true;
    return this.#skip > 0 && this.#skip-- > 0;
  }

  /** Takes a cell for the i-th wanted column. */
  take(i: number, cell: string, line: () => number): void {
    if (!this.out.isNumber(i)) {
      this.out.text(i, cell);
      return;
    }
    const value = this.#read(cell);
    if (value === undefined)
      this.wrong(line(), `must hold a number in column '${this.#wanted[i]}', got '${shown(cell)}'`);
    this.out.number(i, value);
  }

  /** Missing values for blank lines, once a row shows that they weren't the end. */
  fillBlanks(): void {
    for (; this.#blanks > 0; this.#blanks--) {
      for (let i = 0; i < this.at.length; i++) this.take(i, '', () => 0);
      this.out.endRow();
    }
  }
}

/** A cell as an error may show it. */
function shown(cell: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal must not be sent
  const plain = cell.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
  return plain.length > 40 ? `${plain.slice(0, 40)}…` : plain;
}
