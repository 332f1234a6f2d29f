import { BackendError, messageOf } from '../error.ts';
import type { LabelledImages } from '../images/labelled.ts';
import type { Tensors } from '../propagation/backend/choose.ts';
import { ranOutOfMemory } from '../propagation/backend/tensorflow.ts';
import { type Shared, tensorNetworks } from './tensor-networks.ts';
import type { Trainer, TrainerOptions } from './trainer.ts';
import { GroupLoss, TrainingGroup } from './training-group.ts';

/** The group of networks of one kind that train in step in this thread, and the history of groups of that kind. */
interface Kind {
  group: TrainingGroup | undefined;
  /** Networks at once: fewer once memory was too small. */
  most: number;
  /** Devices that were lost since a network of them last got further than any loss before had let it. */
  losses: number;
}

const kinds = new WeakMap<LabelledImages, Map<string, Kind>>();

/** Devices that a thread loses in a row with networks of one kind, none getting any further, before the loss becomes an error. */
const tries = 3;

function kindOf(engine: string, options: TrainerOptions): Kind {
  const { activation, widths, images, batch, learningRate, random } = options;
  const known = kinds.get(images) ?? new Map<string, Kind>();
  kinds.set(images, known);
  const key = JSON.stringify([engine, activation.name, widths, batch, learningRate, random !== undefined]);
  const kind = known.get(key) ?? { group: undefined, most: Infinity, losses: 0 };
  known.set(key, kind);
  return kind;
}

/** What members hear where their group failed, and what is learned of it. */
function judged(kind: Kind, error: unknown, members: number, { widths, batch }: Shared): Error {
  if (ranOutOfMemory(error)) {
    if (members > 1) {
      kind.most = Math.max(1, Math.floor(members / 2));
      return new GroupLoss(messageOf(error), { cause: error });
    }
    const shape = `${widths.length - 1} layers of ${widths[1]} neurons and ${batch} images`;
    return new BackendError(`there is no memory for a single network in training of ${shape}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (/was lost/.test(messageOf(error))) {
    if (++kind.losses < tries) return new GroupLoss(messageOf(error), { cause: error });
    return new BackendError(`${messageOf(error)} (${tries} times in a row)`, { cause: error });
  }
  return error instanceof Error ? error : new Error(String(error));
}

/**
 * Has a network trained in step with those of this thread that have all but first weights in common with it.
 * @throws GroupLoss, here or in a pass, where it has to begin anew: fewer at once, or on a device opened anew
 */
export function joinGroup(tensors: Tensors, options: TrainerOptions): Promise<Trainer> {
  const kind = kindOf(tensors.engine, options);
  if (kind.group === undefined) {
    const group: TrainingGroup = new TrainingGroup({
      open: () => tensorNetworks(tensors, options),
      batch: options.batch,
      most: kind.most,
      failed: (error, members) => judged(kind, error, members, options),
      further: () => {
        kind.losses = 0;
      },
      left: () => {
        if (kind.group === group) kind.group = undefined;
      },
    });
    kind.group = group;
  }
  return kind.group.join(options);
}
