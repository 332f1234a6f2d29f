import type { AvalancheColumns } from '../../src/avalanche/avalanche-rows.ts';
import { createDetector, type SignalColumns } from '../../src/avalanche/detector.ts';
import type { DetectorOptions } from '../../src/avalanche/detector-options.ts';
import { profileOptions } from '../../src/avalanche/profile-options.ts';

/** Strengths of the layers from the first on, one array a perturbation. */
export type Traces = readonly (readonly number[])[];

export interface Row {
  perturbation: number;
  layer: number;
  strength: number;
}

/** Perturbation ids that use both words of an int64. */
export const idOf = (index: number): number => index * 3 + (index % 2) * 2 ** 33;

export function perturbationMajor(traces: Traces, firstLayer = 1): Row[] {
  return traces.flatMap((trace, p) =>
    trace.map((strength, i) => ({ perturbation: idOf(p), layer: firstLayer + i, strength })),
  );
}

export function layerMajor(traces: Traces, firstLayer = 1): Row[] {
  const rows: Row[] = [];
  const depth = Math.max(0, ...traces.map((trace) => trace.length));
  for (let i = 0; i < depth; i++) {
    traces.forEach((trace, p) => {
      const strength = trace[i];
      if (strength !== undefined) rows.push({ perturbation: idOf(p), layer: firstLayer + i, strength });
    });
  }
  return rows;
}

export function columnsOf(rows: readonly Row[], precision: DetectorOptions['precision'] = 'single'): SignalColumns {
  const strengths = precision === 'single' ? Float32Array : Float64Array;
  return {
    length: rows.length,
    perturbation: BigInt64Array.from(rows, (row) => BigInt(row.perturbation)),
    layer: Int32Array.from(rows, (row) => row.layer),
    strength: new strengths(rows.map((row) => row.strength)),
  };
}

export interface Found {
  perturbation: number;
  start: number;
  duration: number;
  size: number;
  signalSize: number;
  peak: number;
  censored: boolean;
  profile: number[];
}

function foundOf(columns: AvalancheColumns): Found[] {
  const grid = columns.length === 0 ? 0 : columns.profile.length / columns.length;
  return Array.from({ length: columns.length }, (_, i) => ({
    perturbation: Number(columns.perturbation[i]),
    start: columns.start[i]!,
    duration: columns.duration[i]!,
    size: columns.size[i]!,
    signalSize: columns.signalSize[i]!,
    peak: columns.peak[i]!,
    censored: columns.censored[i] === 1,
    profile: Array.from(columns.profile.subarray(i * grid, (i + 1) * grid)),
  }));
}

/** Runs a detector over rows cut into batches at the given positions. */
export function detect(rows: readonly Row[], options: DetectorOptions, cuts: readonly number[] = []) {
  const detector = createDetector(options);
  const found: Found[] = [];
  const edges = [0, ...[...cuts].sort((a, b) => a - b), rows.length];
  for (let i = 0; i + 1 < edges.length; i++) {
    found.push(...foundOf(detector.step(columnsOf(rows.slice(edges[i], edges[i + 1]), options.precision))));
  }
  const open = foundOf(detector.finish());
  return {
    found: [...found, ...open],
    closed: found,
    open,
    tally: { ...detector.tally },
    branching: { ...detector.branching },
    growth: { ...detector.growth },
  };
}

export const byTrace = (a: Found, b: Found): number => a.perturbation - b.perturbation || a.start - b.start;

/** The definition, written out for whole traces: what an incremental detector must agree with. */
export function naive(traces: Traces, options: DetectorOptions) {
  const { rule = 'first-passage', depth = Infinity, firstLayer = 1, scale = 1, drive } = options;
  const { points: grid, of } = profileOptions(options.profile ?? 0);
  const rounded = options.precision === 'double' ? (x: number) => x : Math.fround;
  const floor = (layer: number) =>
    rounded(typeof options.threshold === 'number' ? options.threshold : options.threshold[layer]!);
  const found: Found[] = [];
  const tally = { valid: 0, dead: 0, censored: 0, nonFinite: 0 };
  const branching = { ancestors: 0, descendants: 0 };
  const growth = { steps: 0, log: 0 };
  traces.forEach((doubles, p) => {
    const trace = doubles.map(rounded);
    let had = false;
    let run: number[] = [];
    let start = firstLayer;
    const close = (censored: boolean) => {
      const peak = Math.max(...run);
      if (options.lastLayer === 'left-out') run = run.slice(0, -1);
      if (run.length === 0) return;
      const excess = run.map((s, i) => s - floor(start + i));
      const shape = (of === 'excess' ? excess : run).map(rounded);
      const profile = Array.from({ length: grid }, (_, g) => {
        const position = ((g + 1) * run.length) / grid;
        const at = Math.max(1, Math.floor(position));
        const low = shape[at - 1]!;
        const weight = position < 1 || at === run.length ? 0 : position - at;
        return censored ? Number.NaN : rounded(low + weight * ((shape[at] ?? low) - low));
      });
      found.push({
        perturbation: idOf(p),
        start,
        duration: run.length,
        size: scale * excess.reduce((sum, s) => sum + s, 0),
        signalSize: scale * run.reduce((sum, s) => sum + s, 0),
        peak,
        censored,
        profile,
      });
      tally[censored ? 'censored' : 'valid']++;
      had = true;
      run = [];
    };
    let over = false;
    const step = (from: number, to: number) => {
      branching.ancestors += from;
      branching.descendants += to;
    };
    const grow = (path: readonly number[]) =>
      path.forEach((s, i) => {
        if (i === 0 || s === 0) return;
        growth.steps++;
        growth.log += Math.log(s / path[i - 1]!);
      });
    const countSteps = (after: readonly number[], layer: number) => {
      [...run, ...after].forEach((s, i, all) => {
        if (i > 0 && run.length > 0) step(all[i - 1]!, s);
      });
      const driven = drive !== undefined && (run.length > 0 ? start : layer) === firstLayer;
      if (driven || run.length > 0) grow([...(driven ? [drive] : []), ...run, ...after]);
    };
    if (drive !== undefined && Number.isFinite(trace[0]!)) step(drive, trace[0]!);
    for (const [i, s] of trace.entries()) {
      const layer = firstLayer + i;
      if (layer > depth) break;
      if (!Number.isFinite(s)) {
        tally.nonFinite++;
        had = true;
        run = [];
        over = rule === 'first-passage';
      } else if (s < floor(layer)) {
        countSteps([s], layer);
        close(false);
        over = rule === 'first-passage';
      } else {
        if (run.length === 0) start = layer;
        run.push(s);
        if (layer === depth) countSteps([], layer);
      }
      if (over) break;
    }
    if (!over) close(true);
    if (!had && trace.length > 0) tally.dead++;
  });
  return { found, tally, branching, growth };
}
