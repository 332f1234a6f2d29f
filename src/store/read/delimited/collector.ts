import type { ColumnChunk, ColumnValues } from '../values.ts';

const chunkRows = 65_536;

/** Columns under way; whole chunks wait in `ready`. */
export class Collector {
  ready: ColumnChunk[] = [];
  filled = 0;
  /** Whether there was a row. */
  begun = false;
  readonly #names: readonly string[];
  readonly #numeric: readonly boolean[];
  #values: (Float64Array | string[])[];

  constructor(names: readonly string[], numeric: readonly boolean[]) {
    this.#names = names;
    this.#numeric = numeric;
    this.#values = this.#make();
  }

  #make(): (Float64Array | string[])[] {
    return this.#numeric.map((is) => (is ? new Float64Array(chunkRows) : []));
  }

  /** Columns of numbers under way; undefined for one of texts. */
  numbers(): readonly (Float64Array | undefined)[] {
    return this.#values.map((values) => (values instanceof Float64Array ? values : undefined));
  }

  isNumber(i: number): boolean {
    return this.#numeric[i]!;
  }

  number(i: number, value: number): void {
    (this.#values[i] as Float64Array)[this.filled] = value;
  }

  text(i: number, cell: string): void {
    (this.#values[i] as string[]).push(cell.trim());
  }

  /** @returns whether the chunk is full, and new columns begun */
  endRow(): boolean {
    if (++this.filled < chunkRows) return false;
    this.flush();
    return true;
  }

  flush(): void {
    const rows = this.filled;
    if (rows === 0) return;
    this.begun = true;
    const columns = this.#names.map((name, i): [string, ColumnValues] => {
      const found = this.#values[i]!;
      return [name, found instanceof Float64Array && rows < chunkRows ? found.slice(0, rows) : found];
    });
    this.ready.push({ rows, columns: Object.fromEntries(columns) });
    this.#values = this.#make();
    this.filled = 0;
  }
}
