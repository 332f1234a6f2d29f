import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { analyse, analyseFurther } from '../../src/crackling/crackling.ts';
import type { CracklingValues } from '../../src/crackling/parameters.ts';
import type { BlockedStatistics } from '../../src/crackling/reducer.ts';
import { fitCollapse } from '../../src/fit/collapse-fit.ts';
import { fitPowerLaw } from '../../src/fit/fit-power-law.ts';
import { stateOf } from '../../src/flow/kept.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import type { EnsembleResult } from '../../src/pipeline.ts';
import { handedBack } from '../../src/reduce/handed-back.ts';
import { svgToPng } from '../../src/report/png.ts';
import { type Composed, composePipeline } from '../../src/run/compose.ts';
import { shownOf } from '../../src/run/publish.ts';
import type { Progress } from '../../src/run/states.ts';
import { loadStates } from '../../src/store/checked-states.ts';
import { readManifest } from '../../src/store/folder.ts';
import type { Benchmark, Timing } from './benchmark.ts';

/**
 * What comes after the last partition of the default run. `CRACKLE_BENCH_RUN=<folder>`: of a run that kept its states; by default one of the effective
 * engine is made, whose states are as large.
 */

const root = resolve(import.meta.dirname, '../..');
const command = join(root, 'dist/src/cli/main.js');
const made = mkdtempSync(join(tmpdir(), 'crackle-end-'));
process.on('exit', () => rmSync(made, { recursive: true, force: true }));
const given = process.env.CRACKLE_BENCH_RUN;
const folder = given ?? join(made, 'run');

/** CPU seconds of a process and its threads (Linux only). */
function cpuOf(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

/** Tells on exit when a run came to its stages, and when it ended, in milliseconds. */
const stages = `data:text/javascript,${encodeURIComponent(`process.on('exit', () => {
  const marks = performance.getEntriesByType('mark').filter(({ name }) => name.startsWith('crackle '));
  const at = Object.fromEntries(marks.map(({ name, startTime }) => [name.slice(8), startTime]));
  if (marks.length > 0) process.stderr.write('\\n' + JSON.stringify({ at: { ...at, end: performance.now() } }) + '\\n');
});`)}`;

interface Told {
  readonly stage?: string;
  readonly fraction?: number;
  readonly at?: Readonly<Record<string, number>>;
}

let runs = 0;

/** A run, and what each phase took from the last partition to its end. */
async function wholeRun(): Promise<Timing> {
  const out = given === undefined && runs === 0 ? folder : join(made, `again-${runs}`);
  runs++;
  const words = ['run', 'gaussian-avalanches', '--engine', 'effective', '--progress', 'json', '--out', out];
  if (out === folder) words.push('--keep-state');
  const child = spawn(process.execPath, ['--import', stages, command, ...words], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const cpuAt = new Map<string, number>();
  let [cpu, rest] = [0, ''];
  let at: Readonly<Record<string, number>> = {};
  const watch = setInterval(() => {
    if (existsSync(`/proc/${child.pid}/stat`)) cpu = cpuOf(child.pid!) || cpu;
  }, 10);
  child.stderr.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop()!;
    for (const line of lines.filter((text) => text.startsWith('{'))) {
      const told = JSON.parse(line) as Told;
      if (told.at !== undefined) at = told.at;
      if (told.stage !== undefined && !cpuAt.has(told.stage)) cpuAt.set(told.stage, cpuOf(child.pid!));
    }
  });
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearInterval(watch);
  if (code !== 0) throw new Error(`the run ended with ${code}`);
  const between = (from: string, to: string): string => `${((at[to]! - at[from]!) / 1000).toFixed(2)} s`;
  const since = (stage: string): string => `${(cpu - (cpuAt.get(stage) ?? Number.NaN)).toFixed(2)}`;
  return {
    seconds: (at.end! - at.simulated!) / 1000,
    note: [
      `measuring what is left ${between('simulated', 'measured')}`,
      `tables and specifications ${between('measured', 'found')}`,
      `writing tables ${between('found', 'tables')} beside figures and page ${between('found', 'drawn')}`,
      `the rest ${between('drawn', 'end')}`,
      `CPU ${since('fitting')} s, of it from the first figure ${since('drawing')} s, of ${cpu.toFixed(1)} s in all`,
    ].join('; '),
  };
}

interface Finished {
  readonly composed: Composed;
  readonly states: readonly Progress[];
  readonly ensembles: readonly EnsembleResult<BlockedStatistics>[];
}

let loading: Promise<Finished> | undefined;

const finished = (): Promise<Finished> => {
  loading ??= (async () => {
    if (!existsSync(folder)) await wholeRun();
    const { pipeline, parameters } = await readManifest(folder);
    const composed = composePipeline(await loadPipeline(pipelineUrl(pipeline)), parameters);
    const { ensembles, reducer } = composed.composition;
    const states = (await loadStates(folder)) as readonly Progress[];
    return {
      composed,
      states,
      ensembles: ensembles.map((ensemble, l) => {
        const { counts } = states[l]!;
        return { ensemble, counts, result: reducer.finish(stateOf(states[l]!)) as BlockedStatistics };
      }),
    };
  })();
  return loading;
};

/** Times one part twice: cold, as a run meets it, and once more. */
const part = (name: string, work: (run: Finished) => unknown): Benchmark => ({
  name,
  async run() {
    const run = await finished();
    const timed = async (): Promise<{ wall: number; cpu: number }> => {
      const [began, before] = [performance.now(), process.cpuUsage()];
      await work(run);
      const { user, system } = process.cpuUsage(before);
      return { wall: (performance.now() - began) / 1000, cpu: (user + system) / 1e6 };
    };
    const first = await timed();
    const again = await timed();
    const ms = (seconds: number): string => `${(1000 * seconds).toFixed(0)} ms`;
    return { seconds: first.wall, note: `CPU ${ms(first.cpu)}, again ${ms(again.cpu)}` };
  },
});

const valuesOf = ({ composed }: Finished): CracklingValues => composed.values as unknown as CracklingValues;
const analysed = (run: Finished) => run.ensembles.map((one) => analyse(one, valuesOf(run)));
/** What parts of a run stand on is made before they are timed. */
const kept = <T>(make: (run: Finished) => T): ((run: Finished) => T) => {
  let known: T | undefined;
  return (run) => {
    known ??= make(run);
    return known;
  };
};
const tables = kept(({ composed, ensembles }: Finished) => composed.composition.results(ensembles));

/** Of the benchmark that draws them. */
const drawn: string[] = [];

export default [
  { name: 'whole run on the effective engine', run: wholeRun },
  { name: 'again', run: wholeRun },
  part('merge of the blocks', ({ composed, states }) =>
    states.map((kept) => composed.composition.reducer.finish(stateOf(kept))),
  ),
  part('walk through halves', ({ ensembles }) => {
    for (const { result } of ensembles) handedBack(result.halves, () => undefined);
  }),
  part('walk leaving blocks out', ({ ensembles }) => {
    for (const { result } of ensembles) handedBack(result.leaveOneOut, () => undefined);
  }),
  part('exponents, stability', analysed),
  part('exponents, stability, shapes, spectra', (run) =>
    run.ensembles.map((one) => analyseFurther(one, valuesOf(run))),
  ),
  part('power laws and alternatives', ({ ensembles }) =>
    ensembles.map(({ result }) => fitPowerLaw(result.all.histogram.size, { xmin: 20, xmax: 1000 })),
  ),
  part('collapse', ({ ensembles }) =>
    ensembles.map(({ result }) => fitCollapse(result.all.collapse, { least: 20, ratio: 1.1 })),
  ),
  part('all result tables', ({ composed, ensembles }) => composed.composition.results(ensembles)),
  part('findings and specifications', (run) => shownOf(run.composed.composition, tables(run))),
  part('loading what draws', () => import('../../src/report/render.ts')),
  part('figures, SVG', async (run) => {
    const { figureSvg } = await import('../../src/report/render.ts');
    drawn.length = 0;
    for (const figure of shownOf(run.composed.composition, tables(run)).figures) drawn.push(await figureSvg(figure));
  }),
  part('figures, PNG', async () => {
    for (const svg of drawn) await svgToPng(svg);
  }),
] satisfies Benchmark[];
