import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { DeviceLoss } from '../../src/gpu/failure.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { layersOf, residualArchitecture, shapeOf } from '../../src/network/resnet/architecture.ts';
import { type ResidualLayout, residualLayouts } from '../../src/network/resnet/layout.ts';
import { fanIn, fanOut } from '../../src/network/resnet/operation.ts';
import { chooseBackend } from '../../src/propagation/backend/choose.ts';
import type { SignalWindow } from '../../src/propagation/engine.ts';
import { type ResidualEngineOptions, residual } from '../../src/propagation/residual/engine.ts';
import { gaussianImages, imagesFrom } from '../../src/propagation/residual/inputs.ts';
import type { ResidualNetwork } from '../../src/propagation/residual/network.ts';
import { openResidualBackend } from '../../src/propagation/residual/open.ts';
import { type Calibration, ResidualRunner, thresholdsOf } from '../../src/propagation/residual/runner.ts';
import { residualPurpose } from '../../src/propagation/residual/streams.ts';
import { tensorResidual } from '../../src/propagation/residual/tensor.ts';
import { InitialWeights } from '../../src/propagation/residual/weights.ts';
import { initialStatistics } from './residual-fixture.ts';

const architecture = residualArchitecture({ model: 'resnet-18', widthMultiplier: 1 / 16, inputSize: 8, classes: 3 });
const depth = layersOf(architecture).length;
const [batch, reuse] = [4, 8];
const settings: ResidualEngineOptions = { architecture, batch, calibration: 8, backend: 'simd' };

const ensembleOf = (more: Partial<Ensemble> = {}): Ensemble => ({
  index: 0,
  activation: 'relu',
  width: architecture.width,
  depth,
  weightVariance: 2,
  biasVariance: 0,
  inputStrength: 1,
  reuse,
  ...more,
});

const ids = (from: number, to: number): Float64Array => Float64Array.from({ length: to - from }, (_, i) => from + i);

/** Windows, and the strengths of each perturbation in layer order. */
async function propagated(
  options: ResidualEngineOptions,
  perturbations: Float64Array,
  more: { windowRows?: number; floor?: number | Float32Array; ensemble?: Ensemble; seed?: number } = {},
): Promise<{ windows: SignalWindow[]; traces: Map<number, number[]> }> {
  const windows: SignalWindow[] = [];
  const traces = new Map<number, number[]>();
  const { windowRows = 10_000, floor = null, ensemble = ensembleOf(), seed = 5 } = more;
  const wanted = { ensemble, seed, observable: 'pre-activation', floor, windowRows } as const;
  for await (const window of residual(options).propagate(perturbations, wanted)) {
    windows.push(window);
    for (let i = 0; i < window.length; i++) {
      const id = Number(window.perturbation[i]);
      const trace = traces.get(id) ?? [];
      traces.set(id, trace);
      trace.push(window.strength[i]!);
      expect(window.layer[i]).toBe(trace.length);
    }
  }
  return { windows, traces };
}

describe('tensorResidual(name, tensors)', () => {
  it('keeps no tensor of a batch whose device is lost, as it is read or on the way', async () => {
    const tensors = (await chooseBackend('cpu')).tensors!;
    const { tf } = tensors;
    const before = tf.memory().numTensors;
    const images = new Float32Array(batch * 8 * 8 * 3).fill(0.5);
    const lost = new DeviceLoss('the device was lost');
    const check = (): void => {
      throw lost;
    };
    let fails = false;
    const relu: typeof tf.relu = (x) => (fails ? (check() as never) : tf.relu(x));
    const network = tensorResidual('cpu', { ...tensors, tf: { ...tf, relu }, check }).open(architecture, batch);
    new InitialWeights(architecture).set(network, 1, 0);
    const weights = tf.memory().numTensors - before;
    for (let loss = 0; loss < 10; loss++) {
      await expect(network.forward(images, initialStatistics(architecture))).rejects.toBe(lost);
      // What comes out of the last layer is kept, to be asked for.
      expect(tf.memory().numTensors - before).toBe(weights + 1);
    }
    fails = true;
    await expect(network.forward(images, initialStatistics(architecture))).rejects.toBe(lost);
    expect(tf.memory().numTensors - before).toBe(weights);
    network.close();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('residual(options).propagate', () => {
  it('gives every perturbation one strength a layer, the same however ids and windows are cut', async () => {
    const { traces, windows } = await propagated(settings, ids(0, 3 * reuse));
    expect([...traces.keys()]).toEqual([...ids(0, 3 * reuse)]);
    for (const trace of traces.values()) expect(trace).toHaveLength(depth);
    expect(windows.every(({ length }) => length <= batch * depth)).toBe(true);
    for (const [from, to] of [
      [0, 1],
      [5, 11],
      [15, 24],
    ] as const) {
      const part = await propagated(settings, ids(from, to), { windowRows: 50 });
      expect(part.windows.every(({ length }) => length <= 50)).toBe(true);
      for (let id = from; id < to; id++) expect(part.traces.get(id)).toEqual(traces.get(id));
    }
  });

  it('ends a perturbation behind the first layer below the floor', async () => {
    const whole = await propagated(settings, ids(0, reuse));
    const floor = new Float32Array(depth + 1).fill(0.9);
    const cut = await propagated(settings, ids(0, reuse), { floor });
    for (const [id, trace] of whole.traces) {
      const end = trace.findIndex((strength) => strength < Math.fround(0.9));
      expect(cut.traces.get(id)).toEqual(trace.slice(0, end + 1));
    }
  });

  it('gives other networks for another seed, and for another model', async () => {
    const other = residualArchitecture({ model: 'resnet-34', widthMultiplier: 1 / 16, inputSize: 8, classes: 3 });
    const ensemble = ensembleOf({ depth: layersOf(other).length });
    const first = async (...of: Parameters<typeof propagated>) => (await propagated(...of)).traces.get(0)![0];
    const strengths = [
      await first(settings, ids(0, 1)),
      await first(settings, ids(0, 1), { seed: 6 }),
      await first({ ...settings, architecture: other }, ids(0, 1), { ensemble }),
    ];
    expect(new Set(strengths).size).toBe(3);
  });

  it('agrees between backends to float32 rounding', async () => {
    const own = await propagated(settings, ids(0, reuse));
    const wasm = await propagated({ ...settings, backend: 'wasm' }, ids(0, reuse));
    for (const [id, trace] of own.traces) {
      trace.forEach((strength, l) => {
        // Strengths are of order one, some exactly zero behind a relu.
        expect(Math.abs(wasm.traces.get(id)![l]! - strength)).toBeLessThan(1e-3);
      });
    }
  });

  it('counts blocks as layers where told: a part of the operations', async () => {
    const layers = layersOf(architecture, { layers: 'block' });
    const operations = architecture.operations.length;
    const all = await propagated({ ...settings, additions: true }, ids(0, batch), {
      ensemble: ensembleOf({ depth: operations }),
    });
    const blocks = await propagated({ ...settings, layers: 'block' }, ids(0, batch), {
      ensemble: ensembleOf({ depth: layers.length }),
    });
    for (const [id, trace] of all.traces) {
      expect(trace).toHaveLength(operations);
      expect(blocks.traces.get(id)).toEqual(layers.map((number) => trace[number - 1]));
    }
    const { traces } = await propagated(settings, ids(0, batch));
    for (const [id, trace] of all.traces) {
      expect(traces.get(id)).toEqual(layersOf(architecture).map((number) => trace[number - 1]));
    }
  });

  it('gives the Euclidean norm of a layer where told', async () => {
    const rms = await propagated(settings, ids(0, batch));
    const norm = await propagated({ ...settings, strength: 'norm' }, ids(0, batch));
    for (const [id, trace] of rms.traces) {
      layersOf(architecture).forEach((number, l) => {
        const { height, width, channels } = shapeOf(architecture, number);
        const wanted = trace[l]! * Math.sqrt(height * width * channels);
        expect(Math.abs(norm.traces.get(id)![l]! - wanted)).toBeLessThanOrEqual(1e-6 * wanted);
      });
    }
  });

  it('gives the same strengths for any batch where batch norm keeps its initial statistics', async () => {
    const four = await propagated(settings, ids(0, reuse));
    const one = await propagated({ ...settings, batch: 1 }, ids(0, reuse));
    for (const [id, trace] of four.traces) {
      trace.forEach((strength, l) => {
        expect(Math.abs(one.traces.get(id)![l]! - strength)).toBeLessThan(1e-5 * strength);
      });
    }
  });

  it('holds the strengths of the deepest networks in single precision', async () => {
    for (const layout of residualLayouts) {
      const deep = residualArchitecture({ model: 'resnet-152', layout, widthMultiplier: 1 / 16, inputSize: 32 });
      const ensemble = ensembleOf({ depth: layersOf(deep).length });
      const { traces } = await propagated({ ...settings, architecture: deep }, ids(0, batch), { ensemble });
      for (const trace of traces.values()) {
        // They grow exponentially with depth: to 2e7 at a quarter of the standard width. Squares of 1e19 would overflow.
        expect(trace.every((strength) => strength > 1e-3 && strength < 1e12)).toBe(true);
        expect(Math.max(...trace)).toBeGreaterThan(10);
      }
    }
  });

  it('announces the calibration of a network before its signals; windows hold one network', async () => {
    const events: (Calibration | number[])[] = [];
    const engine = residual(settings).withCalibration((calibration) => events.push(calibration));
    const wanted = {
      ensemble: ensembleOf(),
      seed: 5,
      observable: 'pre-activation',
      floor: null,
      windowRows: 99,
    } as const;
    for await (const { length, perturbation } of engine.propagate(ids(4, 20), wanted)) {
      events.push(Array.from(perturbation.subarray(0, length), (id) => Math.floor(Number(id) / reuse)));
    }
    let current = -1;
    for (const event of events) {
      if (Array.isArray(event)) expect(new Set(event)).toEqual(new Set([current]));
      else current = event.network;
    }
    expect(events.filter((event) => !Array.isArray(event))).toHaveLength(3);
  });

  it('rejects sizes that do not fit together', async () => {
    expect(() => residual({ ...settings, batch: 1, batchNorm: 'batch' })).toThrow(
      'batch must be an integer of at least 2 for batch statistics of batch norm, got 1',
    );
    expect(() => residual({ ...settings, batch: 0 })).toThrow('batch must be an integer of at least 1 for initial');
    expect(() => residual({ ...settings, calibration: 6 })).toThrow(
      'calibration must be a multiple of batch, 4, of at least 2, got 6',
    );
    await expect(propagated(settings, ids(0, 1), { ensemble: ensembleOf({ reuse: 6 }) })).rejects.toThrow(
      'reuse must be a multiple of batch, 4, got 6',
    );
    await expect(propagated(settings, ids(0, 1), { ensemble: ensembleOf({ depth: 3 }) })).rejects.toThrow(
      `depth must be ${depth}`,
    );
    await expect(propagated({ ...settings, backend: 'tpu' }, ids(0, 1))).rejects.toThrow('backend must be one of');
  });
});

describe('ResidualRunner', () => {
  it.each(['simd', 'cpu'])('says what to lower for a network that %s has no memory for', async (name) => {
    const huge = residualArchitecture({ model: 'resnet-18', widthMultiplier: 64, inputSize: 8 });
    const backend = await openResidualBackend(name);
    expect(() => new ResidualRunner({ ...settings, architecture: huge }, backend)).toThrow(
      /^resnet-18 at 8 × 8 needs (\d+ MiB|memory) for a batch of 4, more than there is; lower batch, input size or width/,
    );
  });

  /** Strengths of the calibration inputs, each network and input drawn here. */
  async function calibrationStrengths(index: number): Promise<Float32Array[]> {
    const network = (await openResidualBackend('simd')).open(architecture, batch);
    new InitialWeights(architecture).set(network, 5, index);
    const write = gaussianImages.open(architecture.input);
    const size = 8 * 8 * 3;
    const out: Float32Array[] = [];
    for (let first = 8 * index; first < 8 * index + 8; first += batch) {
      const images = new Float32Array(batch * size);
      for (let b = 0; b < batch; b++) {
        const key = { seed: 5, model: 'resnet-18', use: residualPurpose.calibration, index: first + b };
        write(key, images.subarray(b * size, (b + 1) * size));
      }
      out.push(await network.forward(images, initialStatistics(architecture)));
    }
    return out;
  }

  it('calibrates a network by the mean and the unbiased standard deviation over its own inputs', async () => {
    const runner = new ResidualRunner(settings, await openResidualBackend('simd'));
    const { mean, sd, network } = await runner.start(5, 2);
    expect(network).toBe(2);
    const strengths = await calibrationStrengths(2);
    for (let l = 1; l <= depth; l++) {
      const number = layersOf(architecture)[l - 1]!;
      const values = strengths.flatMap((part) => [...part.subarray((number - 1) * batch, number * batch)]);
      const mu = values.reduce((sum, x) => sum + x, 0) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - mu) ** 2, 0) / (values.length - 1);
      expect(mean[l]).toBeCloseTo(mu, 10);
      expect(sd[l]).toBeCloseTo(Math.sqrt(variance), 10);
    }
    const thresholds = thresholdsOf({ network, mean, sd }, -2);
    expect(thresholds).toHaveLength(depth + 1);
    expect(thresholds[7]).toBe(Math.fround(mean[7]! - 2 * sd[7]!));
  });

  it('normalises the whole batch to strength 1, or by running statistics nearly so, or not at all', async () => {
    // With additions, operation n is in row n − 1.
    const norms = architecture.operations.flatMap(({ kind }, i) => (kind === 'batch-norm' ? [i] : []));
    /** Σ s² / B of a row, row and its source. */
    const energies = async (batchNorm: 'batch' | 'running' | 'initial') => {
      const runner = new ResidualRunner(
        { ...settings, batchNorm, calibration: 32, additions: true },
        await openResidualBackend('simd'),
      );
      await runner.start(5, 0);
      const strengths = await runner.strengths(5, 0);
      const energy = (row: number): number =>
        strengths.subarray(row * batch, (row + 1) * batch).reduce((sum, s) => sum + s * s, 0) / batch;
      return norms.map((row) => [energy(row), energy(architecture.operations[row]!.source - 1)] as const);
    };
    // Variance v is divided by v + 1e-5.
    for (const [energy] of await energies('batch')) expect(Math.abs(energy - 1)).toBeLessThan(2e-3);
    for (const [energy] of await energies('running')) expect(Math.abs(Math.log(energy))).toBeLessThan(1.5);
    for (const [energy, before] of await energies('initial')) expect(energy / before).toBeCloseTo(1 / (1 + 1e-5), 4);
  });
});

describe('InitialWeights', () => {
  const wide = (layout: ResidualLayout) =>
    residualArchitecture({ model: 'resnet-50', layout, widthMultiplier: 1 / 16, inputSize: 8, classes: 40 });
  const drawn = (layout: ResidualLayout, index: number): Map<number, Float32Array[]> => {
    const weights = new Map<number, Float32Array[]>();
    const note = {
      setWeights: (n: number, w: Float32Array, bias?: Float32Array) =>
        weights.set(n, bias === undefined ? [w.slice()] : [w.slice(), bias]),
    } as unknown as ResidualNetwork;
    new InitialWeights(wide(layout)).set(note, 3, index);
    return weights;
  };

  it.each([
    { layout: 'torchvision', convolution: 'N(0, 2/(k²·C_out))', linear: 'uniform within ±1/√C' },
    { layout: 'pre-activation', convolution: 'N(0, 2/(k²·C_in))', linear: 'N(0, 1/C)' },
  ] as const)('draws convolutions $convolution, the linear layer $linear, for $layout', ({ layout }) => {
    const architecture = wide(layout);
    const byFanOut = layout === 'torchvision';
    const weights = drawn(layout, 1);
    architecture.operations.forEach((operation, i) => {
      const depth = fanIn(operation, shapeOf(architecture, operation.source));
      expect(weights.has(i + 1)).toBe(depth > 0);
      if (depth === 0) return;
      const [own, bias] = weights.get(i + 1)!;
      const linear = operation.kind === 'linear';
      expect(own).toHaveLength(depth * operation.shape.channels);
      expect(bias?.length).toBe(linear && byFanOut ? 40 : undefined);
      const variance = linear ? 1 / (byFanOut ? 3 * depth : depth) : 2 / (byFanOut ? fanOut(operation) : depth);
      const z = own!.reduce((sum, w) => sum + w * w, 0) / own!.length / variance;
      // χ² with n degrees of freedom (squares of uniform numbers vary less): five standard deviations, false alarms below 1e-4 over all layers.
      expect(Math.abs(z - 1)).toBeLessThan(5 * Math.sqrt(2 / own!.length));
      if (!linear || !byFanOut) return;
      for (const w of [...own!, ...bias!]) expect(Math.abs(w)).toBeLessThanOrEqual(1 / Math.sqrt(depth));
      // The largest of 5120 uniform numbers: below 0.99 once in 10²² seeds.
      expect(Math.max(...own!)).toBeGreaterThan(0.99 / Math.sqrt(depth));
    });
  });

  it('gives each network weights of its own, the same again for the same number', () => {
    const bytes = (index: number): Buffer =>
      Buffer.concat([...drawn('torchvision', index).values()].flat().map((w) => Buffer.from(w.buffer)));
    expect(bytes(1).equals(bytes(1))).toBe(true);
    expect(bytes(2).equals(bytes(1))).toBe(false);
  });
});

describe('imagesFrom', () => {
  it('draws images of the set by the key alone', () => {
    const shape = { height: 2, width: 2, channels: 1 };
    const write = imagesFrom(
      Float32Array.from({ length: 12 }, (_, i) => i),
      3,
    ).open(shape);
    const drawn = Array.from({ length: 60 }, (_, index) => {
      const out = new Float32Array(4);
      write({ seed: 1, model: 'resnet-18', use: residualPurpose.inputs, index }, out);
      return out;
    });
    for (const [a, b, c, d] of drawn) expect([a! % 4, b! - a!, c! - a!, d! - a!]).toEqual([0, 1, 2, 3]);
    // All three in 60 draws: missed by one in 10¹⁰ seeds.
    expect(new Set(drawn.map(([a]) => a)).size).toBe(3);
    expect(() => imagesFrom(new Float32Array(11), 3).open(shape)).toThrow(
      new ParameterError('images must be 3 of 2 × 2 × 1, 12 floats, got 11'),
    );
  });
});
