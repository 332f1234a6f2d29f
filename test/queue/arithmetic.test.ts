import { expect, it } from 'vitest';
import { arithmetic, mathDigest } from '../../src/queue/arithmetic.ts';
import { difference } from '../../src/queue/refusal.ts';

it('finds the same digest of Math’s functions interpreted and compiled', () => {
  const digests = new Set(Array.from({ length: 60 }, mathDigest));
  expect(digests.size).toBe(1);
});

it('says in a sentence what differs between two machines, where bits could', async () => {
  const ours = await arithmetic();
  expect(difference({ ...ours, node: '99.0.0' }, ours)).toBeUndefined();
  expect(difference({ ...ours, crackle: '9.9.9' }, ours)).toMatch(/crackle 9.9.9, this worker is /);
  const built = { ...ours, build: 'a' };
  expect(difference({ ...ours, build: 'b' }, built)).toMatch(
    /another build of crackle .* \(b\) than .* \(a\): install/,
  );
  expect(difference(ours, built)).toBeUndefined();
  expect(difference({ ...ours, kernel: 'relaxed-simd-unfused' }, ours)).toMatch(/kernel relaxed-simd-unfused, this/);
  const onCard = `${ours.kernel}; webgpu on nvidia hopper, subgroups`;
  const other = { ...ours, kernel: `${ours.kernel}; webgpu on amd rdna-3, workgroups` };
  expect(difference({ ...ours, kernel: onCard }, other)).toMatch(/on nvidia hopper, subgroups, this .* workgroups$/);
  expect(difference({ ...ours, math: 'other', node: '99.0.0' }, ours)).toMatch(/rounds .* otherwise than Node 99.0.0/);
  expect(difference({ ...ours, clones: 99 }, ours)).toMatch(/different formats/);
});
