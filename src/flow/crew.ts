import type { WorkerStart } from './message.ts';
import { type Job, PoolThread, type ThreadListener } from './pool-thread.ts';

/** What is to be measured. */
export interface Measuring extends Job {
  /** Waits for the thread that measured the fewest ensembles. */
  readonly inTurn: boolean;
}

export interface CrewOptions {
  readonly workers: number;
  /** Jobs that a thread has at once. */
  readonly together: number;
  /** Seconds that a partition may take. */
  readonly timeout: number | undefined;
  /** Milliseconds that a thread has for leaving. */
  readonly patience: number;
}

/** Threads that share work: measurements first, then partitions in their order. Threads are started once there is work for them. */
export class Crew implements ThreadListener {
  #start: WorkerStart;
  readonly #options: CrewOptions;
  readonly #threads = new Set<PoolThread>();
  /** Threads with room; the last one is given work first, so that it is filled before another gets any. */
  readonly #open: PoolThread[] = [];
  readonly #partitions: Job[] = [];
  readonly #measurements: Measuring[] = [];
  #closed = false;

  constructor(start: WorkerStart, options: CrewOptions) {
    this.#start = start;
    this.#options = options;
  }

  get closed(): boolean {
    return this.#closed;
  }

  evaluate(job: Job): void {
    this.#partitions.push(job);
    this.#handOut();
  }

  measure(job: Measuring): void {
    this.#measurements.push(job);
    this.#handOut();
  }

  /** Drops all partitions, waiting and in progress; a thread that doesn't react in time is ended. */
  async rest(gone: Error): Promise<void> {
    for (const { reject } of this.#partitions.splice(0)) reject(gone);
    await Promise.all([...this.#threads].map((thread) => this.#leave(thread, gone)));
  }

  /** Has all threads compose the pipeline again, of other values. */
  turn(values: Record<string, unknown>): void {
    this.#start = { ...this.#start, values };
    for (const thread of this.#threads) thread.compose(values);
  }

  async close(gone: Error): Promise<void> {
    this.#closed = true;
    for (const { reject } of [...this.#measurements.splice(0), ...this.#partitions.splice(0)]) reject(gone);
    await Promise.all([...this.#threads].map((thread) => thread.end(gone, this.#options.patience)));
  }

  onFree(thread: PoolThread): void {
    if (!thread.overdue && !this.#open.includes(thread)) this.#open.push(thread);
    this.#handOut();
  }

  onOverdue(thread: PoolThread): void {
    this.#shut(thread);
  }

  onLost(thread: PoolThread, why: unknown): void {
    void this.#remove(thread, why);
  }

  /** Removes a thread and ends it. Its jobs are rejected with the reason; if it never became ready, the next waiting job is, in their place. */
  async #remove(thread: PoolThread, why: unknown): Promise<void> {
    if (!this.#threads.delete(thread)) return;
    this.#shut(thread);
    const ended = thread.terminate(why);
    if (!thread.ready) (this.#partitions.shift() ?? this.#measurements.shift())?.reject(why);
    this.#handOut();
    await ended;
  }

  async #leave(thread: PoolThread, gone: Error): Promise<void> {
    if (!(await thread.leave(gone, this.#options.patience))) await this.#remove(thread, gone);
  }

  /** A thread gets no more jobs. */
  #shut(thread: PoolThread): void {
    const at = this.#open.indexOf(thread);
    if (at >= 0) this.#open.splice(at, 1);
  }

  #handOut(): void {
    while (this.#open.length > 0) {
      const measurer = this.#measurements[0] && this.#measurer(this.#measurements[0]);
      const thread = measurer ?? this.#open.at(-1)!;
      const job = (measurer && this.#measurements.shift()) ?? this.#partitions.shift();
      if (job === undefined) break;
      thread.assign(job);
      if (thread.load === this.#options.together) this.#shut(thread);
    }
    this.#startThreads();
  }

  /**
   * The thread for a measurement. `inTurn`: the one that has measured the fewest ensembles, of those that measure nothing now, or none while that one
   * is at a partition, so that each thread has measured once before the end: the first time takes two and a half times as long, as no code is compiled.
   */
  #measurer({ inTurn }: Measuring): PoolThread | undefined {
    if (!inTurn) return this.#open.at(-1);
    const others = [...this.#threads].filter((thread) => thread.ready && !thread.measures);
    const fewest = Math.min(...others.map(({ measured }) => measured));
    return this.#open.findLast(({ measured }) => measured === fewest);
  }

  /** Starts threads for the jobs that wait, less those that starting threads will take. */
  #startThreads(): void {
    const { workers, together, timeout } = this.#options;
    let starting = [...this.#threads].filter(({ ready }) => !ready).length;
    const waiting = this.#partitions.length + this.#measurements.length;
    while (!this.#closed && starting * together < waiting && this.#threads.size < workers) {
      this.#threads.add(new PoolThread(this.#start, timeout, this));
      starting++;
    }
  }
}
