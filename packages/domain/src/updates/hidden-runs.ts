import { RecentMap } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { BoxEvent } from '../events/index.ts';
import { fillHole } from './channel-events.ts';

/** Events of a channel, one after the other, that are hidden from a viewer. */
interface Run {
  fromPts: number;
  toPts: number;
}

/** Maximum number of runs kept, about 150 bytes each. Without its run a bot notices a gap, and asks for the difference. */
const MAX_RUNS = 50_000;

const startOf = (event: BoxEvent): number => event.pts - event.ptsCount;

/**
 * What is hidden from bots, and was not pushed. Hidden events are pushed to nobody; one update that only advances the pts stands for all of them, before the next
 * event that the bot sees.
 */
export class HiddenRuns {
  readonly #runs = new RecentMap<string, Run>(MAX_RUNS);

  /**
   * The updates to push to a bot.
   * @param peerId marked id of the channel
   * @param shown the update of each event; undefined for a hidden one
   * @returns undefined if all are hidden
   */
  merge(viewerId: bigint, peerId: bigint, events: readonly BoxEvent[], shown: readonly (tl.Update | undefined)[]): tl.Update[] | undefined {
    const [first, last] = [events[0], events.at(-1)];
    if (first === undefined || last === undefined) return [];
    const key = `${viewerId}:${peerId}`;
    const run = this.#runs.get(key);
    const start = startOf(first);
    // Called once for each session of the bot with the same events, so the run may contain them already.
    let reached = run !== undefined && run.fromPts <= start && start <= run.toPts ? run.fromPts : start;
    const updates: tl.Update[] = [];
    for (const [at, event] of events.entries()) {
      const update = shown[at];
      if (update === undefined) continue;
      if (startOf(event) > reached) updates.push(fillHole(peerId, startOf(event), startOf(event) - reached));
      updates.push(update);
      reached = event.pts;
    }
    if (reached < last.pts) this.#runs.set(key, { fromPts: reached, toPts: Math.max(last.pts, updates.length === 0 ? (run?.toPts ?? 0) : 0) });
    return updates.length === 0 ? undefined : updates;
  }
}
