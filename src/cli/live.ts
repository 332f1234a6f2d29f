import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { openLive } from '../live/server.ts';
import { liveState } from './follow-live.ts';
import { addPipelineOption } from './general-options.ts';
import { interruptible } from './interrupt.ts';

const every = 2000; // ms

export function liveCommand(): Command {
  const command = new Command('live')
    .description('serve a page that follows a run that another process computes, from its checkpoints')
    .argument('<folder>', 'the run folder');
  addPipelineOption(command);
  return command.action(async (folder: string, { pipeline }: { pipeline?: string }) => {
    const { lookAt } = await import('../run/follow.ts');
    // Refused before a page is served, where the folder holds no run.
    let seen = await lookAt(folder, pipeline);
    const { signal, release } = interruptible(() => {});
    const server = await openLive({ title: folder });
    console.log(server.url);
    let counted = -1;
    while (seen.status === 'running' && !signal.aborted) {
      const state = seen.snapshot === undefined ? undefined : liveState(seen.snapshot);
      if (state !== undefined && state.counted !== counted) {
        counted = state.counted;
        server.show(state);
      }
      await sleep(every, undefined, { signal }).catch(() => {});
      seen = await lookAt(folder, pipeline);
    }
    const endings = {
      running: 'no longer followed',
      partial: 'partial: cut short, can be resumed',
      complete: 'complete',
    };
    await server.end(`${endings[seen.status]}, in ${folder}`);
    release();
  });
}
