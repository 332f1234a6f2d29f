/** Work done by a time in seconds; units of work are whatever the whole is told in. */
interface Mark {
  readonly time: number;
  readonly work: number;
}

/** Seconds before a run says what is left: threads start, code is still being compiled; longer where less than a share of it is done. */
const [silent, seen] = [3, 0.025];
/** Seconds over which a speed is measured at least, where work comes in few steps. */
const shortest = 15;
/** Steps in the last half of the time that tell its speed, however short it is. */
const enough = 16;
/** Marks kept at most. */
const most = 400;

/**
 * How fast a run goes, over all of its phases: the speed of the last half of its time, since threads start slowly and parts of a run are never
 * as costly as was thought; of {@link shortest} seconds at least, where that half holds fewer than {@link enough} steps. What it says of the end
 * wanders there over a tenth of that time, so that it doesn't jump where the speed does.
 */
export class Pace {
  readonly #started: number;
  readonly #now: () => number;
  #marks: Mark[] = [];
  #base: number | undefined;
  #begun: number | undefined;
  #end: number | undefined;
  #looked = 0;

  /** @param now a clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#started = now();
  }

  /** Seconds since the start. */
  get elapsed(): number {
    return (this.#now() - this.#started) / 1000;
  }

  /** Counted a second; what is given first was there before this run went on. NaN at the start. */
  rate(counted: number): number {
    this.#base ??= counted;
    return (counted - this.#base) / this.elapsed;
  }

  /**
   * Seconds left; Infinity before anything is known.
   * @param work done so far; what is given first was done before this run went on
   * @param whole what it will come to
   */
  remaining(work: number, whole: number): number {
    const time = this.elapsed;
    const newest = this.#marks.at(-1);
    if (newest === undefined || work > newest.work) this.#add({ time, work });
    if (work >= whole) return 0;
    const speed = this.#speed(time);
    this.#begun ??= work;
    const little = time < shortest && work - this.#begun < seen * (whole - this.#begun);
    if (time < silent || little || speed === undefined) return Number.POSITIVE_INFINITY;
    const last = this.#marks.at(-1)!;
    const end = Math.max(time, last.time + (whole - last.work) / speed);
    const share = 1 - Math.exp((this.#looked - time) / Math.max(1, time / 10));
    this.#end = this.#end === undefined ? end : this.#end + share * (end - this.#end);
    this.#looked = time;
    return Math.max(0, this.#end - time);
  }

  /** Work a second, between marks: work may come in steps of many seconds. */
  #speed(time: number): number | undefined {
    const marks = this.#marks;
    const [last, before] = [marks.at(-1)!, marks.at(-2)];
    if (before === undefined) return undefined;
    const from = marks[Math.min(this.#first(time), marks.length - 2)]!;
    const measured = (last.work - from.work) / (last.time - from.time);
    // No more than if the next step came just now: where none comes any more it falls.
    const step = last.work - before.work;
    return Math.min(measured, (last.work + step - from.work) / (time - from.time));
  }

  #add(mark: Mark): void {
    this.#marks.push(mark);
    // Those that no speed is measured from any more (steps may become few again), and then every other one.
    const back = mark.time - Math.max(shortest, mark.time / 2);
    const unused = this.#marks.findLastIndex(({ time }) => time <= back);
    this.#marks.splice(0, Math.max(0, unused));
    if (this.#marks.length > most)
      this.#marks = this.#marks.filter((_, i, { length }) => i % 2 === 0 || i === length - 1);
  }

  /** The last mark that lies as far back as a speed is measured over. */
  #first(time: number): number {
    const marks = this.#marks;
    const at = (back: number): number => marks.findLastIndex((mark) => mark.time <= time - back);
    const half = at(time / 2);
    const few = marks.length - 1 - half < enough;
    return Math.max(0, few ? at(Math.max(shortest, time / 2)) : half);
  }
}
