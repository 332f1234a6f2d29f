import { activation } from '../network/activation.ts';
import type { PartitionContext } from '../pipeline.ts';
import { column, taken } from '../schema/batch.ts';
import { readIds } from '../schema/int64.ts';
import { pulled, type Stage } from '../stage.ts';
import { hiddenAvalanches } from './hidden-avalanches.ts';
import { type EpochRow, learningBatch } from './learning-batch.ts';
import type { TrainingPlan } from './plan.ts';
import { epochOrder, initialKey, initialLayer, networkWidths } from './random-draws.ts';
import { openTrainer, type Watch } from './trainer.ts';
import { GroupLoss } from './training-group.ts';

/** What `train` needs of a partition. */
export type TrainContext = Pick<PartitionContext, 'ensemble' | 'seed' | 'drained' | 'count'>;

/** The epochs of a network from its first weights on; a row an epoch, and one before the first where avalanches are looked at there. */
async function* epochsOf(
  { ensemble, seed }: TrainContext,
  plan: TrainingPlan,
  run: number,
  watch: Watch,
  passed: number,
): AsyncGenerator<EpochRow, void, undefined> {
  const images = plan.images();
  const widths = networkWidths(ensemble, images.pixels, images.classes);
  const { weightVariance, biasVariance } = ensemble;
  const trainer = await openTrainer(plan.backend, {
    activation: activation(ensemble.activation),
    widths,
    layer: (l) => initialLayer(ensemble, widths, seed, run, l),
    random: { key: initialKey(ensemble, seed, run), weightVariance, biasVariance },
    images,
    batch: plan.batch,
    learningRate: plan.learningRate,
    passed,
  });
  const look = async (epoch: number) =>
    plan.signals?.epochs.includes(epoch) === true
      ? { signals: await hiddenAvalanches(ensemble, await trainer.weights(), plan.signals, seed, run) }
      : {};
  try {
    const before = await look(0);
    if (before.signals !== undefined) {
      yield { run, epoch: 0, loss: Number.NaN, accuracy: Number.NaN, ...before };
    }
    for (let epoch = 1; epoch <= plan.epochs && !watch.halted(); epoch++) {
      const {
        loss,
        hits,
        images: seen,
      } = await trainer.pass(epochOrder(ensemble, images.count, seed, run, epoch), watch);
      if (watch.halted()) return;
      const row = { run, epoch, loss: loss / seen, accuracy: hits / seen };
      yield { ...row, ...(await look(epoch)) };
      if (row.accuracy >= (plan.target ?? Infinity) || !Number.isFinite(row.loss)) return;
    }
  } finally {
    trainer.close();
  }
}

/** {@link epochsOf}, begun anew where the network was lost with others: what comes out is the same, and given out once. */
async function* trainRun(
  partition: TrainContext,
  plan: TrainingPlan,
  run: number,
  halted: () => boolean,
): AsyncGenerator<EpochRow, void, undefined> {
  let last = -1;
  for (;;) {
    let underway = 0;
    const count = (share: number): void => {
      underway += share;
      partition.count({ underway: share });
    };
    try {
      const watch = { halted, told: (share: number) => count(share / plan.epochs) };
      for await (const row of epochsOf(partition, plan, run, watch, Math.max(0, last))) {
        if (row.epoch <= last) continue;
        last = row.epoch;
        yield row;
      }
      return;
    } catch (error) {
      if (!(error instanceof GroupLoss)) throw error;
      count(-underway);
    }
  }
}

/**
 * Trains a network for each perturbation of a partition (its id is the run): batches of the `perturbation` table in, batches of the
 * `learning` table out, one an epoch. A run ends after the plan's epochs, once it has reached the target, or when its loss is no
 * finite number any more, which is counted. Bits depend on seed, ensemble, run and plan only. Unsubscribing stops at the next batch, or where
 * networks train in step at the end of the epoch.
 */
export function train(partition: TrainContext, plan: TrainingPlan): Stage<'perturbation', 'learning'> {
  return pulled(partition, async function* (batch, halted) {
    for (const run of readIds(column(taken('train', 'perturbation', batch), 'perturbation'))) {
      for await (const row of trainRun(partition, plan, run, halted)) {
        if (row.epoch > 0 && !Number.isFinite(row.loss)) partition.count({ nonFinite: 1 });
        yield learningBatch(partition.ensemble, row);
      }
    }
  });
}
