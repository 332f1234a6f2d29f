import type { RecordBatch } from 'apache-arrow';
import { concat, defer, from, mergeMap, type Observable } from 'rxjs';
import type { ProfileOptions } from '../avalanche/profile-options.ts';
import type { PartitionContext } from '../pipeline.ts';
import type { Calibration } from '../propagation/residual/runner.ts';
import { SignalRows } from '../propagation/signal-rows.ts';
import { column, makeBatch } from '../schema/batch.ts';
import type { Stage } from '../stage.ts';
import type { SurrogateKind } from '../surrogate/kinds.ts';
import { layeredSurrogate } from '../surrogate/layered.ts';
import { type Detection, detection } from './detect.ts';
import type { Model } from './models.ts';

/** Perturbations of a network that are held at once, and the values that they may have (16 MB). */
const mostTraces = 1024;
const mostValues = 2 ** 22;
const windowRows = 65_536;

/** The null models that are asked for of every model: its ensembles again, numbered behind those of all models. */
export function nullModels(
  models: readonly Model[],
  kinds: readonly SurrogateKind[],
): (Model & { kind: SurrogateKind })[] {
  const measured = models.reduce((sum, { ensembles }) => sum + ensembles.length, 0);
  return kinds.flatMap((kind, k) =>
    models.map(({ architecture, ensembles }) => ({
      kind,
      architecture,
      ensembles: ensembles.map((of) => ({
        ...of,
        index: measured * (k + 1) + of.index,
        surrogate: { kind, of: of.index },
      })),
    })),
  );
}

/**
 * What a partition's networks would give if their signals were a null model: blocks of up to 1024 perturbations of one network are held, and surrogates of
 * them go against the thresholds of that network's calibration. Layer means and covariances are thus those of each network, not of all together.
 * A block of a single perturbation has no covariance and is left out.
 */
export function nullModel(
  partition: Pick<PartitionContext, 'seed'>,
  { kind, ...model }: Model & { readonly kind: SurrogateKind },
  profile: ProfileOptions,
): Pick<Detection, 'listen' | 'avalanches' | 'tally$'> {
  const { index, depth } = model.ensembles[0]!;
  const inner = detection({ count: () => {} }, model, profile);
  const limit = Math.max(2, Math.min(mostTraces, Math.floor(mostValues / depth)));
  let latest: Calibration | undefined;
  let current: Calibration | undefined;
  let ids: number[] = [];
  let traces: Float32Array[] = [];

  /** Surrogates of the block that is held; an empty one begins. */
  function* made(): Generator<RecordBatch, void, undefined> {
    const [held, strengths] = [ids, traces];
    ids = [];
    traces = [];
    const n = held.length;
    if (n < 2) return;
    const strength = new Float32Array(n * depth);
    strengths.forEach((trace, i) => {
      for (let l = 0; l < depth; l++) strength[l * n + i] = trace[l]!;
    });
    const key = { seed: partition.seed, ensemble: index, block: held[0]! };
    const surrogate = layeredSurrogate(kind, { traces: n, depth, strength }, key);
    const out = new SignalRows(windowRows);
    for (const [i, id] of held.entries()) {
      const trace = surrogate(i);
      for (let layer = 1; layer <= depth; layer++) {
        out.push(id, layer, trace(layer));
        if (out.full) yield signalBatch(out, index);
      }
    }
    if (out.length > 0) yield signalBatch(out, index);
  }

  function* taken(batch: RecordBatch): Generator<RecordBatch, void, undefined> {
    if (latest !== current) {
      yield* made();
      current = latest;
      inner.listen(current!);
    }
    const id = column<BigInt64Array>(batch, 'perturbation');
    const layer = column<Int32Array>(batch, 'layer');
    const strength = column<Float32Array>(batch, 'strength');
    for (let r = 0; r < layer.length; r++) {
      if (layer[r] === 1) {
        if (ids.length === limit) yield* made();
        ids.push(Number(id[r]));
        traces.push(new Float32Array(depth));
      }
      traces.at(-1)![layer[r]! - 1] = strength[r]!;
    }
  }

  const signals: Stage = (signal$: Observable<RecordBatch>) =>
    concat(
      signal$.pipe(mergeMap((batch) => from(taken(batch)), 1)),
      defer(() => from(made())),
    );
  return {
    listen: (calibration) => {
      latest = calibration;
    },
    avalanches: (signal$) => signal$.pipe(signals, inner.avalanches),
    tally$: inner.tally$,
  };
}

function signalBatch(rows: SignalRows, ensemble: number): RecordBatch {
  const { length, ...columns } = rows.take();
  return makeBatch('signal', { ensemble: new Int32Array(length).fill(ensemble), ...columns }, length);
}
