import { Drawing } from './drawing.ts';
import { explorable, type Position } from './explorable.ts';
import { magnified, shifted } from './gestures.ts';
import type { VegaSpec } from './vega-spec.ts';

/** The specifications of a figure, for pages with room and for narrow ones. */
export interface FigureSpecs {
  readonly wide: VegaSpec;
  readonly narrow?: VegaSpec;
}

const narrowBelow = 640; // px of the page

/** A figure as it is shown: its drawing, and what of it was switched and hidden. */
export class FigureView {
  /** Holds the drawing. */
  readonly canvas: HTMLElement = document.createElement('div');
  readonly #specs: FigureSpecs;
  readonly #title: string;
  /** Scales that were made logarithmic (true) or linear (false). */
  readonly #switched = new Map<string, boolean>();
  /** Legend entries of series that are hidden. */
  readonly #hidden = new Set<string>();
  #narrow = isNarrow();
  #drawing: Drawing | undefined;

  // biome-ignore lint/style/useConsistentMemberAccessibility: a constructor has no name to put a # before
  private constructor(specs: FigureSpecs, title: string) {
    this.#specs = specs;
    this.#title = title;
  }

  /** A figure drawn for the width that the page has. */
  static async drawn(specs: FigureSpecs, title: string): Promise<FigureView> {
    const view = new FigureView(specs, title);
    await view.#draw();
    return view;
  }

  get drawing(): Drawing {
    return this.#drawing!;
  }

  /** Shows all of each panel. */
  reset(): void {
    this.drawing.move(new Map(this.drawing.of.positions.map(({ name }) => [name, null])));
  }

  /** Magnifies all panels about their centres. */
  zoom(factor: number): void {
    const { drawing } = this;
    drawing.move(new Map(drawing.panels().flatMap((panel) => [...magnified(drawing, panel, factor)])));
  }

  /** Moves what all panels show, pixels of the drawing. */
  shift(dx: number, dy: number): void {
    const { drawing } = this;
    drawing.move(new Map(drawing.panels().flatMap((panel) => [...shifted(drawing, panel, dx, dy)])));
  }

  isLog({ name, madeLog }: Position): boolean {
    return this.#switched.get(name) ?? madeLog;
  }

  async switchScales(scales: readonly Position[], log: boolean): Promise<void> {
    for (const { name } of scales) this.#switched.set(name, log);
    await this.#draw();
  }

  /** Shows or hides series by their legend entries. */
  async show(entries: readonly string[], shown: boolean): Promise<void> {
    for (const entry of entries) {
      if (shown) this.#hidden.delete(entry);
      else this.#hidden.add(entry);
    }
    await this.drawing.hide([...this.#hidden]);
  }

  /**
   * Goes over to the specification for the width that the page has now, with scales as they were made.
   * @returns whether that is another one than before
   */
  fitWidth(): boolean {
    if (isNarrow() === this.#narrow) return false;
    this.#narrow = !this.#narrow;
    this.#switched.clear();
    void this.#draw();
    return true;
  }

  async #draw(): Promise<void> {
    const container = document.createElement('div');
    const spec = (this.#narrow ? this.#specs.narrow : undefined) ?? this.#specs.wide;
    const drawing = new Drawing(explorable(spec, this.#switched), container);
    await drawing.draw();
    if (this.#hidden.size > 0) await drawing.hide([...this.#hidden]);
    const svg = drawing.svg()!;
    // Text stays at seven tenths of its size at least: what is wider scrolls within its frame.
    svg.style.minWidth = `${Math.round(0.7 * svg.width.baseVal.value)}px`;
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', this.#title);
    this.#drawing?.view.finalize();
    this.#drawing = drawing;
    this.canvas.replaceChildren(container);
  }
}

const isNarrow = (): boolean => innerWidth < narrowBelow;
