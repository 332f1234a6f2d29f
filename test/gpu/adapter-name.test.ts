import { expect, it } from 'vitest';
import { adapterName } from '../../src/gpu/adapter-name.ts';
import { peakOf } from './peaks.ts';

/** As the package webgpu has it: vendor, architecture and device in lower case with dashes, the driver in its own words. */
const h200 = { vendor: 'nvidia', architecture: '', device: 'nvidia-h200', description: 'NVIDIA: 580.65.06 580.65.6.0' };
const m1 = {
  vendor: 'apple',
  architecture: 'common-3',
  device: 'apple-m1-max',
  description: 'Metal driver on macOS Version 14.5 (Build 23F79)',
};

it('names the model of a card, whose architecture may be unknown or common to many, and its driver', () => {
  expect(adapterName(h200)).toBe('nvidia-h200 NVIDIA: 580.65.06 580.65.6.0');
  expect(adapterName({ ...h200, device: 'nvidia-h100-80gb-hbm3' })).not.toBe(adapterName(h200));
  expect(adapterName({ ...m1, device: 'apple-m4' })).not.toBe(adapterName(m1));
  expect(adapterName(m1)).toBe('common-3 apple-m1-max Metal driver on macOS Version 14.5 (Build 23F79)');
  const software = { vendor: 'google', architecture: 'swiftshader', device: 'swiftshader-device-subzero-' };
  expect(adapterName({ ...software, description: 'SwiftShader driver 5.0.0' })).toBe(
    'google swiftshader-device-subzero SwiftShader driver 5.0.0',
  );
  expect(adapterName({ vendor: '', architecture: '', device: '', description: '' })).toBe('an adapter without a name');
});

it('knows the float32 peak of a card by its model', () => {
  const models = ['nvidia-h200', 'nvidia-h100-80gb-hbm3', 'nvidia-h100-pcie', 'nvidia-a100-sxm4-40gb', 'tesla-t4'];
  expect(models.map(peakOf)).toEqual([67, 67, 51, 19.5, 8.1]);
  expect(['apple-m1-max', 'nvidia-rtx-a1000-laptop-gpu', ''].map(peakOf)).toEqual([undefined, undefined, undefined]);
});
