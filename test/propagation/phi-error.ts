import { activation } from '../../src/network/activation.ts';
import { chooseBackend } from '../../src/propagation/backend/choose.ts';
import { tensorActivation } from '../../src/propagation/backend/tensor-activation.ts';
import { use } from '../../src/propagation/backend/tensorflow.ts';

/** Largest error of φ on a backend's tensors, relative to φ(x), for |x| from 1e-20 to 3, in rows that are divisible by four and that aren't. */
export async function phiError(backend: string, name: string): Promise<number> {
  const tensors = (await chooseBackend(backend)).tensors!;
  const { tf, engine } = tensors;
  use(tf, engine);
  const known = activation(name);
  const phi = tensorActivation(tensors, known);
  let worst = 0;
  for (const [rows, columns] of [
    [5, 64],
    [9, 33],
  ] as const) {
    const x = Float32Array.from({ length: rows * columns }, (_, i) => (-1) ** i * 3 * 10 ** (-i / 14));
    const given = tf.tensor2d(x, [rows, columns]);
    const made = phi(given);
    const values = await made.data();
    tf.dispose([given, made]);
    x.forEach((at, i) => {
      worst = Math.max(worst, Math.abs(values[i]! / known.phi(at) - 1));
    });
  }
  return worst;
}
