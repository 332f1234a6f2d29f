/** Height, width and channels of a tensor, per input. */
export interface Shape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What all operations say of themselves. Sources are numbers of operations, from 1; 0 is the input image. */
export interface Place {
  /** Part of the network: `stem`, `stage 2 block 1`, `head`. */
  readonly unit: string;
  /** Shape of the output. */
  readonly shape: Shape;
  readonly source: number;
}

/** A square window that moves over its source; outside the source it sees zeros. */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/** One operation of a network, in the order of execution. Convolutions have no bias. */
export type Operation =
  | (Place & Window & { readonly kind: 'convolution' })
  | (Place & Window & { readonly kind: 'max-pool' })
  | (Place & { readonly kind: 'batch-norm' | 'relu' | 'average-pool' | 'linear' })
  | (Place & { readonly kind: 'addition'; readonly other: number });

/** Numbers of the operations whose outputs an operation reads. */
export function sourcesOf(operation: Operation): readonly number[] {
  return operation.kind === 'addition' ? [operation.source, operation.other] : [operation.source];
}

/** Numbers a component of a convolution or linear layer sums over, k²·C; 0 for operations without weights. */
export function fanIn(operation: Operation, source: Shape): number {
  if (operation.kind === 'convolution') return operation.kernel ** 2 * source.channels;
  return operation.kind === 'linear' ? source.height * source.width * source.channels : 0;
}

/** Side of a window's output over a source of side `side`. */
export function windowedSide(side: number, { kernel, stride, padding }: Window): number {
  return Math.floor((side + 2 * padding - kernel) / stride) + 1;
}

/** Components that a component of the source reaches in a convolution, k²·(channels out), or a linear layer; 0 for operations without weights. */
export function fanOut(operation: Operation): number {
  if (operation.kind === 'convolution') return operation.kernel ** 2 * operation.shape.channels;
  return operation.kind === 'linear' ? operation.shape.channels : 0;
}
