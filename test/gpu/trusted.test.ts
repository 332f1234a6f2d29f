import { describe, expect, it } from 'vitest';
import { type Gpu, openGpu } from '../../src/gpu/device.ts';
import { trusted } from '../../src/gpu/self-test.ts';
import { withoutGpu } from './adapter.ts';

const skip = await withoutGpu();
const lanes = skip === undefined ? (await openGpu()).subgroup : 1;

/** This adapter, as a card whose workgroups add by subgroups of so many lanes. */
async function cardOf(subgroup: number): Promise<Gpu> {
  return Object.assign(await openGpu(), { software: false, subgroup, lanes: 'workgroups' });
}

// Of 32 lanes twice as many add up as 32 do.
describe.skipIf(skip !== undefined || lanes === 1 || lanes >= 32)(
  'trusted(gpu) (needs an adapter of few lanes)',
  () => {
    it('adds by subgroups where these add right, found out once', async () => {
      const card = await cardOf(lanes);
      const [first, second] = await Promise.all([trusted(card), trusted(card)]);
      expect([first, second]).toEqual([card, card]);
      expect(card).toMatchObject({ subgroup: lanes, lanes: 'workgroups' });
      card.device.destroy();
      await card.device.lost;
    });

    it('adds without subgroups where they have fewer lanes than the driver says', async () => {
      const card = await cardOf(2 * lanes);
      expect(await trusted(card)).toBe(card);
      expect(card).toMatchObject({ subgroup: 1, lanes: 'workgroups without subgroups', lost: undefined });
      card.device.destroy();
      await card.device.lost;
    });
  },
);
