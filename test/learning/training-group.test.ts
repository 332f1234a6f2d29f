import { describe, expect, it } from 'vitest';
import { openGpu } from '../../src/gpu/device.ts';
import type { Networks } from '../../src/learning/tensor-networks.ts';
import { networkBytes } from '../../src/learning/together.ts';
import { openTrainer, type Trainer } from '../../src/learning/trainer.ts';
import { GroupLoss, TrainingGroup } from '../../src/learning/training-group.ts';
import { activation } from '../../src/network/activation.ts';
import { ranOutOfMemory } from '../../src/propagation/backend/tensorflow.ts';
import type { LayerWeights } from '../../src/propagation/dense-weights.ts';
import { withoutGpu } from '../gpu/adapter.ts';
import { backends } from '../propagation/backends.ts';
import { imagesOf, numbers, randomProblem, startingFrom } from './naive-training.ts';

/** Odd sizes, all in more than one tile of 32, and of as few shapes in tiles as can be: compiling products is what costs time without a card. */
const widths = [45, 37, 37, 40];
const rows = 13;
const steps = 2;
const problem = randomProblem(widths, rows, 4);
const images = imagesOf(Array.from({ length: steps }, problem.batch), 40);
const firsts = Array.from({ length: 3 }, (_, run) => randomProblem(widths, 1, 10 + run).weights);
/** Each run has an order of its own. */
const orderOf = (run: number, pass: number): Uint32Array =>
  numbers(steps * rows).map((i) => (i * 7 + 5 * run + pass) % (steps * rows));

interface Trained {
  readonly losses: readonly number[];
  readonly weights: readonly LayerWeights[];
}

async function trained(backend: string, runs: readonly number[], passes = 2, name = 'tanh'): Promise<Trained[]> {
  const shared = { activation: activation(name), images, batch: rows, learningRate: 0.2 };
  return Promise.all(
    runs.map(async (run) => {
      const trainer = await openTrainer(backend, { ...shared, ...startingFrom(firsts[run]!) });
      const losses: number[] = [];
      for (let pass = 0; pass < passes; pass++) losses.push((await trainer.pass(orderOf(run, pass))).loss);
      const weights = await trainer.weights();
      trainer.close();
      return { losses, weights };
    }),
  );
}

const without = await withoutGpu();
const available = (await backends()).map(({ name, skip }) =>
  name === 'webgpu'
    ? { name, ...(without === undefined ? {} : { skip: without }) }
    : { name, ...(skip === undefined ? {} : { skip }) },
);

for (const { name, skip } of available.filter((one) => one.name !== 'simd')) {
  // TensorFlow's library gives threads and vectors shares of a tensor by its size.
  const exact = name !== 'tensorflow-gpu';
  describe.skipIf(skip !== undefined)(`networks trained in step on ${name}`, () => {
    it(`have the ${exact ? 'bits' : 'numbers, to 2e-6,'} of networks trained alone, whatever the company and the place in it`, async () => {
      const all = await trained(name, [0, 1, 2]);
      const others = [...(await trained(name, [1])), ...(await trained(name, [2, 0]))];
      const same = [all[1]!, all[2]!, all[0]!];
      if (exact) expect(others).toEqual(same);
      others.forEach(({ weights }, i) => {
        weights.forEach(({ kernel }, l) => {
          kernel.forEach((w, at) => {
            expect(Math.abs(w - same[i]!.weights[l]!.kernel[at]!)).toBeLessThan(2e-6);
          });
        });
      });
      expect(new Set(all.map(({ losses }) => losses[1])).size).toBe(3);
      for (const { losses } of all) expect(losses[1]!).toBeLessThan(losses[0]!);
    });

    it.skipIf(name !== 'webgpu')('have to begin anew where their device was lost, with the same bits', async () => {
      const whole = await trained(name, [0, 1]);
      const shared = { activation: activation('tanh'), images, batch: rows, learningRate: 0.2 };
      /** What a network hears whose device is lost. */
      const heard = async (): Promise<unknown> => {
        const lost = await openTrainer(name, { ...shared, ...startingFrom(firsts[0]!) });
        (await openGpu()).device.destroy();
        const error = await lost.pass(orderOf(0, 0)).catch((error: unknown) => error);
        lost.close();
        return error;
      };
      const anew = async () => {
        for (let loss = 1; loss <= 2; loss++) expect(await heard()).toBeInstanceOf(GroupLoss);
      };
      await anew();
      expect(await trained(name, [0, 1])).toEqual(whole);
      // Counted from where networks last got further.
      await anew();
      const third = await heard();
      expect(third).not.toBeInstanceOf(GroupLoss);
      expect((third as Error).message).toMatch(/ was lost: .* \(3 times in a row\)$/);
    });

    it('train as the SIMD kernels do, to 2e-5', async () => {
      const [here, there] = [await trained(name, [0, 1]), await trained('simd', [0, 1])];
      here.forEach(({ weights }, run) => {
        weights.forEach(({ kernel, bias }, l) => {
          kernel.forEach((w, i) => {
            expect(Math.abs(w - there[run]!.weights[l]!.kernel[i]!)).toBeLessThan(2e-5);
          });
          bias!.forEach((b, i) => {
            expect(Math.abs(b - there[run]!.weights[l]!.bias![i]!)).toBeLessThan(2e-5);
          });
        });
      });
    });

    it('leave others as they are where one comes to no finite number, comes later or goes', async () => {
      const shared = { activation: activation('silu'), images, batch: rows, learningRate: 0.2 };
      const alone = await trained(name, [1], 3, 'silu');
      const mad = firsts[0]!.map((layer) => ({ ...layer, kernel: layer.kernel.map((w) => 1e30 * w) }));
      const [one, broken] = await Promise.all([
        openTrainer(name, { ...shared, ...startingFrom(firsts[1]!) }),
        openTrainer(name, { ...shared, ...startingFrom(mad) }),
      ]);
      const [first, nothing] = await Promise.all([one.pass(orderOf(1, 0)), broken.pass(orderOf(0, 0))]);
      expect(nothing.loss).toBeNaN();
      broken.close();
      const second = one.pass(orderOf(1, 1));
      const late = openTrainer(name, { ...shared, ...startingFrom(firsts[2]!) });
      const losses = [first.loss, (await second).loss];
      const third = one.pass(orderOf(1, 2));
      await (await late).pass(orderOf(2, 0));
      losses.push((await third).loss);
      const weights = await one.weights();
      if (exact) expect([{ losses, weights }]).toEqual(alone);
      for (const [pass, loss] of losses.entries()) expect(loss / alone[0]!.losses[pass]!).toBeCloseTo(1, 5);
      one.close();
      (await late).close();
    });
  });
}

/** Networks that count their steps, with a memory for so many. */
function counted(memory: number, sizes: number[]): Networks {
  let count = 0;
  return {
    get count() {
      return count;
    },
    most: Infinity,
    async rearrange(kept, begin) {
      count = kept.length + begin.length;
      for (const { layer } of begin) layer(0);
      if (count > memory) throw new Error('device has no memory left: 1 GB');
    },
    step() {
      sizes.push(count);
    },
    tallies: async () => new Float32Array(2 * count).fill(1),
    weights: async () => [],
    check() {},
    close() {},
  };
}

describe('TrainingGroup', () => {
  const weights = { layer: (): LayerWeights => ({ inWidth: 1, outWidth: 1, kernel: new Float32Array(1) }) };
  /** A group whose first member has made a pass, and what makes its networks fail from then on. */
  const seated = async (): Promise<{ group: TrainingGroup; trainer: Trainer; fail: Partial<Networks> }> => {
    const fail: Partial<Networks> = {};
    const sound = counted(9, []);
    const group = groupOf({
      ...sound,
      get count() {
        return sound.count;
      },
      rearrange: (kept, begin) => (fail.rearrange ?? sound.rearrange)(kept, begin),
      weights: (member) => (fail.weights ?? sound.weights)(member),
      check: () => (fail.check ?? sound.check)(),
    });
    const trainer = await group.join(weights);
    await trainer.pass(numbers(2));
    return { group, trainer, fail };
  };
  const gone = (): never => {
    throw new Error('device was lost');
  };
  const groupOf = (networks: Networks, most = Infinity, further = (): void => {}): TrainingGroup =>
    new TrainingGroup({
      open: () => networks,
      batch: 2,
      most,
      further,
      failed: (error) => new GroupLoss(String(error)),
      left() {},
    });

  it('steps once for all who are there, waits for whoever has not asked, and lets no more sit than there are places for', async () => {
    const sizes: number[] = [];
    const group = groupOf(counted(9, sizes), 2);
    const [a, b] = await Promise.all([group.join(weights), group.join(weights)]);
    let third: Trainer | undefined;
    void group.join(weights).then((trainer) => {
      third = trainer;
    });
    const first = a.pass(numbers(4));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sizes).toEqual([]);
    expect((await Promise.all([first, b.pass(numbers(4))])).map(({ images }) => images)).toEqual([4, 4]);
    expect(sizes).toEqual([2, 2]);
    expect(third).toBeUndefined();
    b.close();
    const second = a.pass(numbers(2));
    while (third === undefined) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([second, third.pass(numbers(2))]);
    expect(sizes).toEqual([2, 2, 2]);
  });

  it('ends a pass early only where nobody waits for any of its networks', async () => {
    const sizes: number[] = [];
    const group = groupOf(counted(9, sizes));
    const [a, b] = await Promise.all([group.join(weights), group.join(weights)]);
    const watch = (halted: boolean) => ({ halted: () => halted, told() {} });
    await Promise.all([a.pass(numbers(8), watch(true)), b.pass(numbers(8), watch(false))]);
    expect(sizes).toHaveLength(4);
    await Promise.all([a.pass(numbers(8), watch(true)), b.pass(numbers(8), watch(true))]);
    expect(sizes).toHaveLength(4);
  });

  it('tells of each pass that a network makes beyond those that it had made before it was lost', async () => {
    let further = 0;
    const group = groupOf(counted(9, []), Infinity, () => further++);
    const found: number[] = [];
    for (const passed of [undefined, 2]) {
      const trainer = await group.join(passed === undefined ? weights : { ...weights, passed });
      for (let pass = 0; pass < 3; pass++) {
        await trainer.pass(numbers(2));
        found.push(further);
      }
      trainer.close();
    }
    expect(found).toEqual([1, 2, 3, 3, 3, 4]);
  });

  it('tells its members that they have to begin anew where it fails', async () => {
    const group = groupOf(counted(1, []));
    const joined = await Promise.allSettled([group.join(weights), group.join(weights)]);
    expect(joined.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(group.join(weights).then((one) => one.pass(numbers(2)))).resolves.toMatchObject({ images: 2 });
  });

  for (const [what, broken] of [
    ['there is no memory for one more', { rearrange: gone }],
    ['its device is found to be lost as one more sits down', { check: gone }],
  ] as const) {
    it(`tells those who sit between passes, too, where ${what}`, async () => {
      const { group, trainer, fail } = await seated();
      const other = await group.join(weights);
      Object.assign(fail, broken);
      await expect(group.join(weights)).rejects.toThrow(GroupLoss);
      await expect(trainer.pass(numbers(2))).rejects.toThrow(GroupLoss);
      await expect(other.weights()).rejects.toThrow(GroupLoss);
      for (const one of [trainer, other]) one.close();
      for (const name of ['rearrange', 'check'] as const) delete fail[name];
      await expect(group.join(weights).then((one) => one.pass(numbers(2)))).resolves.toMatchObject({ images: 2 });
    });
  }

  it('tells who reads weights while it fails, and all others where it is that which fails', async () => {
    const { group, trainer, fail } = await seated();
    const reading = new Promise<unknown>((resolve) => {
      fail.rearrange = async () => {
        resolve(trainer.weights().catch((error: unknown) => error));
        gone();
      };
    });
    await expect(group.join(weights)).rejects.toThrow(GroupLoss);
    expect(await reading).toBeInstanceOf(GroupLoss);

    const second = await seated();
    const other = await second.group.join(weights);
    second.fail.weights = async () => gone();
    await expect(second.trainer.weights()).rejects.toThrow(GroupLoss);
    await expect(other.pass(numbers(2))).rejects.toThrow(GroupLoss);
  });
});

describe('ranOutOfMemory(error)', () => {
  it('knows what WebGPU and TensorFlow say', () => {
    for (const text of [
      'backend webgpu on nvidia failed: it has no memory left: Out of memory',
      'OOM when allocating tensor with shape[256,300,300]',
    ]) {
      expect(ranOutOfMemory(new Error(text))).toBe(true);
    }
    expect(ranOutOfMemory(new Error('shapes do not match'))).toBe(false);
  });
});

describe('networks that a worker trains in step', () => {
  const paper = [784, ...new Array<number>(99).fill(300), 10];

  it('take 61 MB each at width 300 and depth 100, in tiles of 32: 10.3 million weights, 4.2 million signals, three copies of the first layer', () => {
    const weights = 800 * 320 + 98 * 320 * 320 + 320 * 32 + 99 * 320 + 32;
    const signals = 128 * (800 + 99 * 320 + 32);
    expect(networkBytes(activation('tanh'), paper, 128)).toBe(4 * (weights + signals + 3 * 801 * 320));
    expect(networkBytes(activation('silu'), paper, 128)).toBe(4 * (weights + 2 * signals + 3 * 801 * 320));
  });
});
