import { blamed } from '../flow/blame.ts';
import { type Lane, laneDone } from '../flow/schedule.ts';
import type { Composed } from './compose.ts';
import type { States } from './states.ts';
import { throttled } from './throttled.ts';

const estimateEvery = 1000; // ms
/** Estimates keep this thread, which all workers' states go through, for a hundredth of its time at most. */
const estimateShare = 0.01;

/** The pipeline's running estimates for the ensemble that is being worked on, made anew once a second at most. */
export function estimatesOf(
  { pipeline, composition }: Composed,
  lanes: readonly Lane[],
  states: States,
): () => Record<string, number> {
  const { ensembles, reducer } = composition;
  let latest: Record<string, number> = {};
  const renew = (): void => {
    const open = lanes.findIndex((lane) => !laneDone(lane));
    const l = open < 0 ? lanes.length - 1 : open;
    if (lanes[l]!.merged === 0) latest = {};
    else
      latest =
        blamed(pipeline, () =>
          composition.estimate?.((reducer.preview ?? reducer.finish)(states.look(l)), ensembles[l]!),
        ) ?? {};
  };
  const sometimes = throttled(estimateEvery, renew, estimateShare);
  return () => {
    sometimes();
    return latest;
  };
}
