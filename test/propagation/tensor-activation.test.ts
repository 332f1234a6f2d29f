import { describe, expect, it } from 'vitest';
import { phiError } from './phi-error.ts';

describe.each(['wasm', 'cpu'])('tensorActivation(tensors, activation) on %s', (backend) => {
  it.each(['tanh', 'erf', 'sin', 'silu'])('is φ(x) to 2e-6 of itself at any size of x: %s', async (name) => {
    expect(await phiError(backend, name)).toBeLessThan(2e-6);
  });
});
