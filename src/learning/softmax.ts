/**
 * Softmax cross-entropy of rows of logits.
 * @param logits rows × classes; becomes the gradient of factor · Σ loss
 * @returns Σ loss over the rows (nats), and how many have their largest logit at the label
 */
export function crossEntropy(
  logits: Float32Array,
  labels: Uint8Array,
  rows: number,
  classes: number,
  factor: number,
): { loss: number; hits: number } {
  let loss = 0;
  let hits = 0;
  for (let r = 0; r < rows; r++) {
    const at = r * classes;
    const label = labels[r]!;
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[at + c]! > logits[at + best]!) best = c;
    const largest = logits[at + best]!;
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(logits[at + c]! - largest);
    const own = Math.log(sum) + largest - logits[at + label]!;
    loss += own;
    if (best === label && Number.isFinite(own)) hits++;
    for (let c = 0; c < classes; c++) {
      const share = Math.exp(logits[at + c]! - largest) / sum;
      logits[at + c] = factor * (share - (c === label ? 1 : 0));
    }
  }
  return { loss, hits };
}
