import type { AvalancheColumns, FollowedBatch, Sums } from '../shortcut.ts';
import { AvalancheRows } from './avalanche-rows.ts';
import type { DetectorSettings } from './detector-options.ts';

/** Makes avalanches of perturbations that were followed where their signals were: what the detector would have found in these. */
export class FollowedAvalanches {
  readonly #sums: Sums;
  readonly #settings: DetectorSettings;
  readonly #rows: AvalancheRows;

  /** @param sums where tallies and sums are counted on */
  constructor(settings: DetectorSettings, sums: Sums) {
    this.#settings = settings;
    this.#sums = sums;
    this.#rows = new AvalancheRows(settings.points, 'single');
  }

  take({ ids, at, profiles }: FollowedBatch): AvalancheColumns {
    const { tally, branching } = this.#sums;
    const { drive, scale, leavesOut, points } = this.#settings;
    const rows = this.#rows;
    for (let i = 0; i < ids.length; i++) {
      const { ending, duration, layers, peak, first, final, sum, excess, left } = at(i);
      if (drive !== undefined && (layers > 1 || ending !== 'not-finite')) {
        branching.ancestors += drive;
        branching.descendants += first;
      }
      if (ending === 'not-finite') {
        tally.nonFinite++;
        continue;
      }
      if (duration > 0) {
        const whole = sum + (leavesOut ? left : 0);
        branching.ancestors += ending === 'below' ? whole : whole - final;
        branching.descendants += whole - first + (ending === 'below' ? final : 0);
      }
      const counted = duration - (leavesOut && duration > 0 ? 1 : 0);
      if (counted === 0) {
        tally.dead++;
        continue;
      }
      const censored = ending === 'depth';
      const row = rows.add();
      rows.words[2 * row] = ids[i]! | 0;
      rows.words[2 * row + 1] = Math.floor(ids[i]! / 2 ** 32);
      rows.start[row] = 1;
      rows.duration[row] = counted;
      rows.size[row] = scale * excess;
      rows.signalSize[row] = scale * sum;
      rows.peak[row] = peak;
      rows.censored[row] = censored ? 1 : 0;
      if (censored) tally.censored++;
      else tally.valid++;
      if (points === 0) continue;
      if (censored) rows.profile.fill(Number.NaN, row * points, (row + 1) * points);
      else rows.profile.set(profiles.subarray(i * points, (i + 1) * points), row * points);
    }
    return rows.take();
  }
}
