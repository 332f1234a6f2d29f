import { BackendError } from '../error.ts';
import { quenchedKernel } from '../kernel/quenched.ts';
import { activation } from '../network/activation.ts';
import type { Engine, EngineOptions, SignalWindow } from './engine.ts';
import { networkWords, purpose } from './quenched-stream.ts';
import { SignalRows } from './signal-rows.ts';

/**
 * R perturbations through one Gaussian network that is never held: conditional on layer l − 1 the rows of h^l are N(0, K),
 * K = (σw²/N)·XᵀX + σb²·11ᵀ, and h^l = Z·chol(K)ᵀ (arXiv:2509.22649, Methods, for the protocol). Exact in law; O(N·R² + R³) a layer
 * with R the perturbations still alive, memory O(R²) for any width. Beyond R ≈ 2N `dense` does less work.
 *
 * Perturbations whose correlation exceeds 1 − 5·10⁻⁸ (1 − 5·10⁻¹⁴ once at most four are alive) go on as one.
 */
export const quenched: Engine = {
  name: 'quenched',
  *propagate(perturbations: Float64Array, options: EngineOptions): Generator<SignalWindow, void, undefined> {
    const { ensemble, seed, windowRows } = options;
    const { reuse } = ensemble;
    const kernel = quenchedKernel({
      ...ensemble,
      activation: activation(ensemble.activation),
      postActivation: options.observable === 'post-activation',
      floor: options.floor,
      capacity: Math.max(windowRows, reuse),
    });
    if (kernel === undefined) {
      throw new BackendError(`engine quenched has no memory for reuse ${reuse}; lower reuse or window rows`);
    }
    const out = new SignalRows(windowRows, options.recycle);
    const wanted = new Uint8Array(reuse);
    for (let i = 0; i < perturbations.length; ) {
      const network = Math.floor(perturbations[i]! / reuse);
      const first = network * reuse;
      wanted.fill(0);
      for (; i < perturbations.length && perturbations[i]! < first + reuse; i++) wanted[perturbations[i]! - first] = 1;
      kernel.open(networkWords(seed, ensemble.index, network, purpose.quenched));
      kernel.ignite();
      while (!kernel.finished()) {
        const rows = kernel.advance();
        for (let r = 0; r < rows.length; r++) {
          const slot = rows.slot[r]!;
          if (wanted[slot] === 0) continue;
          out.push(first + slot, rows.layer[r]!, rows.strength[r]!);
          if (out.full) yield out.take();
        }
      }
    }
    if (out.length > 0) yield out.take();
  },
};
