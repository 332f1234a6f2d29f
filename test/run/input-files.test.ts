import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/flow/execute.ts';
import { changedInput, inputFiles } from '../../src/flow/input-files.ts';
import { arithmetic } from '../../src/queue/arithmetic.ts';
import type { Offer } from '../../src/queue/offer.ts';
import { answer } from '../../src/queue/refusal.ts';
import { remake } from '../../src/run/remake.ts';
import { resume } from '../../src/run/resume.ts';
import { run } from '../../src/run/run.ts';
import { watchedInputs } from '../../src/run/watched-inputs.ts';
import { readManifest } from '../../src/store/folder.ts';
import { idxBytes, writeImages } from '../learning/idx-files.ts';
import { gaussianFile } from '../trained/gaussian-file.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const quick = { workers: 1, figures: false };
const begun = (out: string) => ({ ...quick, out: at(out), signal: AbortSignal.abort() });

const offerOf = async (out: string): Promise<Offer> => {
  const { inputs, parameters, pipeline } = await readManifest(at(out));
  return {
    ...{ pipeline, inputs, values: parameters, record: [] },
    arithmetic: await arithmetic(parameters),
  } as unknown as Offer;
};

describe('files that a run reads', () => {
  it('are the images that calibrate residual networks: a run goes on with no others, nor do workers join in', async () => {
    const images = at('images.idx');
    const values = { models: ['resnet-18'], widthMultiplier: 1 / 16, inputSize: 8, batch: 8, calibration: 8, images };
    const pixels = (shade: number) =>
      idxBytes(
        [4, 8, 8],
        Array.from({ length: 256 }, (_, i) => (shade * i) % 251),
      );
    writeFileSync(images, pixels(3));
    await run('resnet-avalanches', values, begun('residual'));
    writeFileSync(images, pixels(5));
    await expect(resume(at('residual'), quick)).rejects.toThrow(/begun with another content of .*images\.idx: bring/);
    expect(await answer(await offerOf('residual'), [])).toEqual({
      refusal: `it reads ${images}, which is not the file here that it is there`,
    });
  });

  it('are images and labels that networks learn', async () => {
    const files = writeImages(folder, 160);
    await run('trainability', { ...files, batch: 16, batches: 10, backend: 'simd' as const }, begun('learning'));
    const { inputs } = await readManifest(at('learning'));
    expect(Object.keys(inputs!)).toEqual([files.images, files.labels]);
  });

  it('may lie in a folder, whose files count by name and content, hidden ones left out; one that can not be read is told from a changed one', async () => {
    mkdirSync(at('pictures/more'), { recursive: true });
    writeFileSync(at('pictures/a.png'), 'a');
    const listed = () => inputFiles([at('pictures')]);
    const before = await listed();
    writeFileSync(at('pictures/.DS_Store'), 'of a file manager');
    expect(await listed()).toEqual(before);
    writeFileSync(at('pictures/b.png'), 'b');
    const two = await listed();
    expect(two).not.toEqual(before);
    renameSync(at('pictures/b.png'), at('pictures/c.png'));
    expect(await listed()).not.toEqual(two);
    const inputs = await listed();
    symlinkSync('nowhere', at('pictures/d.png'));
    const unread = /cannot read .*d\.png: there is no such file/;
    await expect(changedInput(inputs)).rejects.toThrow(unread);
    const offer = { pipeline: 'regimes', inputs, values: {}, record: [], arithmetic: await arithmetic({}) };
    const refused = await answer(offer as unknown as Offer, []);
    expect(refused).toEqual({ refusal: expect.stringMatching(unread) });
    await expect(inputFiles([at('nowhere')])).rejects.toThrow(/cannot read .*nowhere: there is no such file/);
  });

  it('are looked for from the current folder, which is said where a relative path leads to nothing or to another file', async () => {
    const path = relative('.', gaussianFile(8, 6, 1.1, 1, at('model.safetensors')));
    const values = { weights: [path], perturbations: 128, controls: ['none' as const], profilePoints: 8 };
    await run('trained-avalanches', values, begun('cut'));
    await run('trained-avalanches', values, { ...quick, out: at('whole') });
    const offer = await offerOf('cut');
    gaussianFile(8, 6, 1.2, 1, path);
    await expect(resume(at('cut'), quick)).rejects.toThrow(
      `begun with another content of ${path} than ${resolve(path)} has: bring that file back`,
    );
    expect(await answer(offer, [])).toEqual({
      refusal: `it reads ${path}, and ${resolve(path)} here is not the file that it is there: start the worker in the folder from which that path leads to it`,
    });
    rmSync(path);
    const gone = `reads ${path}, and there is no ${resolve(path)}`;
    await expect(resume(at('cut'), quick)).rejects.toThrow(`${gone}: go to the folder in which it was begun`);
    await expect(remake(at('whole'))).rejects.toThrow(`${gone}: go to the folder in which it was begun`);
    expect(await answer(offer, [])).toEqual({
      refusal: `it ${gone} here: start the worker in the folder from which that path leads to it, or have the run name it by its whole path`,
    });
  });
});

it('altered while a run goes on, they end it: threads read them when they first need them', async () => {
  const [path, other, album] = [at('late.npz'), at('other.npz'), at('album')];
  mkdirSync(album);
  const picture = join(album, 'a.png');
  for (const file of [path, other, picture]) writeFileSync(file, 'as it was');
  const { atime, mtime } = statSync(picture);
  const watched = await watchedInputs(await inputFiles([path, other, album]));
  let slots = 2;
  const executor = watched({
    get slots() {
      return slots;
    },
    execute: async () => ({}) as Outcome,
    [Symbol.asyncDispose]: async () => {},
  });
  slots = 3;
  expect(executor.slots).toBe(3);
  const compute = () => executor.execute({ ensemble: 0, index: 0, first: 0, count: 1 });
  await compute();
  writeFileSync(other, 'as it was');
  await compute();
  // A picture of a folder, whose own times stay, by another of its size and times.
  writeFileSync(picture, 'as it is.');
  utimesSync(picture, atime, mtime);
  const [one, two] = [compute(), compute()];
  await expect(one).rejects.toThrow(`${album} was altered while the run went on, which reads it: bring it back`);
  await expect(two).rejects.toThrow(`${album} was altered`);
  writeFileSync(picture, 'as it was');
  await compute();
  writeFileSync(path, 'as it is now');
  await expect(compute()).rejects.toThrow(`${path} was altered while the run went on, which reads it: bring it back`);
  rmSync(path);
  await expect(compute()).rejects.toThrow(`${path} was taken away while the run went on`);
});

it("a worker's copy of a pipeline that differs from the driver's is told from none", async () => {
  const copy = at('mine.ts');
  writeFileSync(copy, '// another');
  const offer = { pipeline: 'mine', file: '/nowhere/mine.ts', file_sha256: '0', values: {}, record: [] };
  const asked = { ...offer, arithmetic: await arithmetic({}) } as unknown as Offer;
  const gone = 'its pipeline is in /nowhere/mine.ts, which is not here';
  expect(await answer(asked, [])).toEqual({ refusal: `${gone}: give this worker a copy with --pipeline` });
  expect(await answer(asked, [copy])).toEqual({
    refusal: `${gone}, and this worker has no copy with the same content by --pipeline (${copy})`,
  });
});
