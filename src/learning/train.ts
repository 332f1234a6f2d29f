import type { RecordBatch } from 'apache-arrow';
import type { OperatorFunction } from 'rxjs';
import { gather, type LabelledImages } from '../images/labelled.ts';
import { activation } from '../network/activation.ts';
import type { PartitionContext } from '../pipeline.ts';
import { column } from '../schema/batch.ts';
import { readIds } from '../schema/int64.ts';
import { pulled } from '../stage.ts';
import { hiddenAvalanches } from './hidden-avalanches.ts';
import { type EpochRow, learningBatch } from './learning-batch.ts';
import type { TrainingPlan } from './plan.ts';
import { epochOrder, initialWeights } from './random-draws.ts';
import { openTrainer, type Trainer } from './trainer.ts';

type PartitionNeeds = Pick<PartitionContext, 'ensemble' | 'seed' | 'drained' | 'count'>;

/** Longest stretch of milliseconds without a turn of the event loop, so that timers, messages and signals get through. */
const stretch = 20;

/** One pass over the images, in an order of its own; says which further share of it is done. Stops early where `halted`. */
async function epochOf(
  trainer: Trainer,
  images: LabelledImages,
  batch: number,
  order: Uint32Array,
  halted: () => boolean,
  told: (share: number) => void,
): Promise<void> {
  const inputs = new Float32Array(batch * images.pixels);
  const labels = new Uint8Array(batch);
  let turned = performance.now();
  let before = 0;
  for (let from = 0; from < order.length && !halted(); from += batch) {
    const chosen = order.subarray(from, from + batch);
    gather(images, chosen, inputs, labels);
    trainer.step(inputs, labels, chosen.length);
    if (performance.now() - turned > stretch) {
      told((from - before) / order.length);
      before = from;
      await new Promise((resolve) => setImmediate(resolve));
      turned = performance.now();
    }
  }
  told(1 - before / order.length);
}

/** Trains one network from its first weights on; a row an epoch, and one before the first where avalanches are looked at there. */
async function* trainRun(
  { ensemble, seed, count }: PartitionNeeds,
  plan: TrainingPlan,
  run: number,
  halted: () => boolean,
): AsyncGenerator<EpochRow, void, undefined> {
  const images = plan.images();
  const trainer = await openTrainer(plan.backend, {
    activation: activation(ensemble.activation),
    weights: initialWeights(ensemble, images.pixels, images.classes, seed, run),
    batch: plan.batch,
    learningRate: plan.learningRate,
  });
  const look = async (epoch: number) =>
    plan.signals?.epochs.includes(epoch) === true
      ? { signals: await hiddenAvalanches(ensemble, await trainer.weights(), plan.signals, seed, run) }
      : {};
  const told = (share: number): void => count({ underway: share / plan.epochs });
  try {
    const before = await look(0);
    if (before.signals !== undefined) {
      yield { run, epoch: 0, loss: Number.NaN, accuracy: Number.NaN, ...before };
    }
    for (let epoch = 1; epoch <= plan.epochs && !halted(); epoch++) {
      await epochOf(trainer, images, plan.batch, epochOrder(ensemble, images.count, seed, run, epoch), halted, told);
      const { loss, hits, images: seen } = await trainer.tally();
      if (halted()) return;
      const row = { run, epoch, loss: loss / seen, accuracy: hits / seen };
      yield { ...row, ...(await look(epoch)) };
      if (row.accuracy >= (plan.target ?? Infinity) || !Number.isFinite(row.loss)) return;
    }
  } finally {
    trainer.close();
  }
}

/**
 * Trains a network for each perturbation of a partition (its id is the run): batches of the `perturbation` table in, batches of the
 * `learning` table out, one an epoch. A run ends after the plan's epochs, once it has reached the target, or when its loss is no
 * finite number any more, which is counted. Bits depend on seed, ensemble, run and plan only. Unsubscribing stops at the next batch.
 */
export function train(partition: PartitionNeeds, plan: TrainingPlan): OperatorFunction<RecordBatch, RecordBatch> {
  return pulled(partition, async function* (batch, halted) {
    for (const run of readIds(column(batch, 'perturbation'))) {
      for await (const row of trainRun(partition, plan, run, halted)) {
        if (row.epoch > 0 && !Number.isFinite(row.loss)) partition.count({ nonFinite: 1 });
        yield learningBatch(partition.ensemble, row);
      }
    }
  });
}
