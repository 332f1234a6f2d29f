import { Field, FixedSizeList, Float64, Int32, makeData, type RecordBatch } from 'apache-arrow';

/** What perturbations did in the hidden layers of a network: sums, so that runs add up. */
export interface HiddenAvalanches {
  readonly perturbations: number;
  readonly valid: number;
  readonly dead: number;
  readonly censored: number;
  /** Sums over valid avalanches; sizes are of the excess over the threshold. */
  readonly sumSize: number;
  readonly sumDuration: number;
  /** Valid avalanches of duration d at place d − 1. */
  readonly durations: readonly number[];
  /** Mean signal strength of each hidden layer over all perturbations, the first hidden-to-hidden layer first. */
  readonly strengths: readonly number[];
}

const scalars = ['perturbations', 'valid', 'dead', 'censored', 'sumSize', 'sumDuration'] as const;
const columnName = (name: (typeof scalars)[number]): string => `signal_${name.toLowerCase()}`;

type Extra = { field: Field; data: ReturnType<typeof makeData> };

function listColumn(name: string, child: Float64 | Int32, data: Float64Array | Int32Array): Extra {
  const type = new FixedSizeList(data.length, new Field('value', child, false));
  const inner = makeData({ type: child, length: data.length, nullCount: 0, data } as never);
  return {
    field: new Field(name, type, false),
    data: makeData({ type, length: 1, nullCount: 0, child: inner } as never),
  };
}

/** Further columns of a one-row batch. */
export function signalColumns(signals: HiddenAvalanches): Extra[] {
  const numbers = scalars.map((name) => ({
    field: new Field(columnName(name), new Float64(), false),
    data: makeData({ type: new Float64(), length: 1, nullCount: 0, data: Float64Array.of(signals[name]) }),
  }));
  return [
    ...numbers,
    listColumn('signal_durations', new Int32(), Int32Array.from(signals.durations)),
    listColumn('signal_strengths', new Float64(), Float64Array.from(signals.strengths)),
  ];
}

/** The avalanches of a row, where its batch has them. */
export function readSignals(batch: RecordBatch, row: number): HiddenAvalanches | undefined {
  const data = (name: string) => {
    const at = batch.schema.fields.findIndex((field) => field.name === name);
    return at < 0 ? undefined : batch.data.children[at];
  };
  const list = (name: string): number[] => {
    const found = data(name)!;
    const size = (found.type as FixedSizeList).listSize;
    return Array.from((found.children[0]!.values as Float64Array).subarray(row * size, (row + 1) * size));
  };
  if (data('signal_strengths') === undefined) return undefined;
  const number = (name: (typeof scalars)[number]): number => (data(columnName(name))!.values as Float64Array)[row]!;
  return {
    perturbations: number('perturbations'),
    valid: number('valid'),
    dead: number('dead'),
    censored: number('censored'),
    sumSize: number('sumSize'),
    sumDuration: number('sumDuration'),
    durations: list('signal_durations'),
    strengths: list('signal_strengths'),
  };
}
