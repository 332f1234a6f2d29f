import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { openLive } from '../live/server.ts';
import { liveState } from './follow-live.ts';
import { addPipelineOption } from './general-options.ts';
import { interruptible } from './interrupt.ts';
import { pathWord, shownPath } from './shown-path.ts';

const every = 2000; // ms

export function liveCommand(): Command {
  const command = new Command('live')
    .description('serve a page that follows a run that another process computes, from its checkpoints')
    .argument('<folder>', 'the run folder');
  addPipelineOption(command);
  return command.action(async (folder: string, { pipeline }: { pipeline?: string }) => {
    const [{ lookAt }, { watchWriter }] = await Promise.all([import('../run/follow.ts'), import('../store/lock.ts')]);
    // Refused before a page is served, where the folder holds no run.
    let seen = await lookAt(folder, pipeline);
    const writerOf = watchWriter(folder);
    let writer = await writerOf();
    const going = (): boolean => seen.status === 'running' && writer !== undefined;
    if (!going()) {
      console.log(endingOf(folder, seen.status, writer !== undefined));
      return;
    }
    const { signal, release } = interruptible(() => {});
    // A run on this machine is stopped as by Ctrl-C at its terminal; one elsewhere can't be reached.
    const onStop = async (): Promise<void> => {
      const pid = (await writerOf())?.pid;
      if (pid !== undefined) process.kill(pid, 'SIGINT');
    };
    const server = await openLive({
      title: folder,
      ...(writer?.pid === undefined ? {} : { onStop: () => void onStop().catch(() => {}) }),
    });
    console.log(server.url);
    let shown = '';
    while (going() && !signal.aborted) {
      const state = seen.snapshot === undefined ? undefined : liveState(seen.snapshot);
      const news = `${state?.counted} ${state?.machines} ${state?.workers}`;
      if (state !== undefined && news !== shown) {
        shown = news;
        server.show(state);
      }
      await sleep(every, undefined, { signal }).catch(() => {});
      // In this order: a run that ends between the two looks has let go of its lock, and says how it ended.
      writer = await writerOf();
      seen = await lookAt(folder, pipeline);
    }
    const ending = endingOf(folder, seen.status, writer !== undefined);
    console.log(ending);
    await server.end(ending);
    release();
  });
}

/** Why a run is not followed, or no longer. */
function endingOf(folder: string, status: 'running' | 'partial' | 'complete', held: boolean): string {
  const path = shownPath(folder);
  return {
    running: held ? 'no longer followed' : `cut off: its process is gone; crackle resume ${pathWord(folder)} goes on`,
    partial: `partial: cut short; crackle resume ${pathWord(folder)} goes on`,
    complete: existsSync(join(folder, 'report.html'))
      ? `complete: open ${pathWord(join(folder, 'report.html'))}`
      : `complete, in ${path}`,
  }[status];
}
