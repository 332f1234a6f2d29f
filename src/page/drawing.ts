import { logger, None, parse, type Spec, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { logTicks } from '../report/log-axis.ts';
import { type Explorable, signalsOf } from './explorable.ts';
import type { Target } from './nearest.ts';

/** A panel as it is drawn, pixels of the drawing. */
export interface PanelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x?: string;
  readonly y?: string;
}

interface Item {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly opacity?: number;
  readonly datum?: Readonly<Record<string, unknown>>;
  readonly items?: readonly SceneMark[];
}

interface SceneMark {
  readonly marktype: string;
  readonly role?: string;
  readonly name?: string;
  readonly items: readonly Item[];
}

/** The parts of vega's scales that are used here. */
interface Scale {
  (value: number): number;
  domain(): number[];
  range(): number[];
  invert(pixel: number): number;
}

/** A figure drawn by vega, as SVG, without code made at run time: expressions are interpreted. */
export class Drawing {
  readonly view: View;
  readonly of: Explorable;

  constructor(of: Explorable, container: HTMLElement) {
    this.of = of;
    this.view = new View(parse(of.spec as unknown as Spec, undefined, { ast: true }), {
      expr: expressionInterpreter,
      renderer: 'svg',
      container,
      hover: false,
      logger: logger(None),
      loader: unwilling,
    } as object);
  }

  /** @param laidOut whether margins are fitted to what stands in them: not while something moves, which would shake it */
  async draw(laidOut = true): Promise<void> {
    await this.view.runAsync();
    if (this.#setTicks()) await this.view.runAsync();
    if (laidOut) await this.view.resize().runAsync();
  }

  scale(name: string): Scale {
    return this.view.scale(name) as unknown as Scale;
  }

  svg(): SVGSVGElement | null {
    return this.view.container()?.querySelector('svg') ?? null;
  }

  /** Moves scales to domains; null: as they were made. */
  async move(domains: ReadonlyMap<string, readonly [number, number] | null>, laidOut = true): Promise<void> {
    for (const [name, domain] of domains) {
      if (domain !== null) this.view.signal('moved', true);
      this.view.signal(signalsOf(name).domain, domain);
    }
    await this.draw(laidOut);
  }

  async hide(series: readonly string[]): Promise<void> {
    this.view.signal('hidden_series', series);
    await this.draw();
  }

  #setTicks(): boolean {
    const log = this.of.positions.filter((position) => position.log);
    for (const { name } of log) {
      const [low = 1, high = 10] = this.scale(name).domain();
      const { values, majors, labels } = logTicks(low, high);
      const signals = signalsOf(name);
      this.view.signal(signals.majors, majors).signal(signals.labels, labels).signal(signals.values, values);
    }
    return log.length > 0;
  }

  /** Where panels lie, innermost last. */
  panels(): PanelBox[] {
    const boxes: PanelBox[] = [];
    this.#walk((mark, group, left, top) => {
      const scales = this.of.panels.get(mark);
      if (scales === undefined) return;
      boxes.push({ left, top, width: group.width ?? 0, height: group.height ?? 0, ...scales });
    });
    return boxes;
  }

  /** All that can be told about, in pixels of the drawing. */
  targets(): Target[] {
    const targets: Target[] = [];
    this.#walk((_, group, left, top) => {
      for (const { marktype, role, name = '', items } of group.items ?? []) {
        if (role !== 'mark' || marktype === 'group' || marktype === 'text' || marktype === 'rule') continue;
        if ((this.of.fields.get(name)?.length ?? 0) === 0) continue;
        for (const { x = 0, y = 0, width = 0, height = 0, opacity = 1, datum } of items) {
          if (datum === undefined || opacity === 0 || !Number.isFinite(x) || !Number.isFinite(y)) continue;
          targets.push(
            marktype === 'rect'
              ? { x: left + x + width / 2, y: top + y + height / 2, half: [width / 2, height / 2], mark: name, datum }
              : { x: left + x, y: top + y, mark: name, datum },
          );
        }
      }
    });
    return targets;
  }

  #walk(visit: (mark: string, group: Item, left: number, top: number) => void): void {
    const root = (this.view.scenegraph() as unknown as { root: SceneMark }).root.items[0];
    const [left, top] = this.view.origin();
    const within = (mark: string, group: Item, x: number, y: number): void => {
      visit(mark, group, x, y);
      for (const { marktype, role, name = '', items } of group.items ?? []) {
        if (marktype !== 'group' || (role !== 'mark' && role !== 'scope')) continue;
        for (const item of items) within(name, item, x + (item.x ?? 0), y + (item.y ?? 0));
      }
    };
    if (root !== undefined) within('', root, left, top);
  }
}

/** Data stand in the page: nothing is ever loaded. */
const refuse = (): Promise<never> => Promise.reject(new Error('a report loads nothing'));
const unwilling = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
