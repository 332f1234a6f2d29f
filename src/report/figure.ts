/** A figure: a Vega-Lite specification with a name (the file name without extension) and one sentence that says what to see in it. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** Whether there was nothing to draw: the caption says why, and the picture says no more. */
  readonly empty?: boolean;
  /** Vega-Lite specification, data included. */
  readonly spec: Record<string, unknown>;
}
