/** Float32 peaks in TFLOP/s, outside of tensor cores, as makers state them, by what the adapter calls its model: the first that fits. */
const peaks: readonly (readonly [RegExp, number])[] = [
  [/\bh100-pcie\b/, 51],
  [/\bh100-nvl\b/, 60],
  [/\bg?h[12]00\b/, 67],
  [/\ba100\b/, 19.5],
  [/\bl40s\b/, 91.6],
  [/\bl4\b/, 30.3],
  [/\bt4\b/, 8.1],
  [/\brtx-4090\b/, 82.6],
];

/** The peak of a card's model, as `GPUAdapterInfo.device` has it: in lower case, with dashes between words. Undefined where it isn't known. */
export const peakOf = (device: string): number | undefined => peaks.find(([name]) => name.test(device))?.[1];
