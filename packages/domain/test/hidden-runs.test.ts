import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { expect, it } from 'vitest';
import type { BoxEvent } from '../src/events/index.ts';
import { HiddenRuns } from '../src/updates/hidden-runs.ts';

const PEER = markPeer({ _: 'peerChannel', channel_id: 18n });
const BOT = 7n;

const event = (pts: number, ptsCount = 1): BoxEvent => ({ kind: 'update', pts, ptsCount, date: 1, update: { _: 'updateChannel', channel_id: 18n }, looseSeq: 0 });
const seen = (pts: number): tl.Update => ({ _: 'updateDeleteChannelMessages', channel_id: 18n, messages: [pts], pts, pts_count: 1 });
const hole = (pts: number, pts_count: number): tl.Update => ({ _: 'updateDeleteChannelMessages', channel_id: 18n, messages: [], pts, pts_count });

it('pushes nothing for hidden events, and one update for all of them before the next that is seen', () => {
  const runs = new HiddenRuns();
  // Both sessions of the bot get each push.
  for (const pts of [5, 6, 7]) for (const _ of [1, 2]) expect(runs.merge(BOT, PEER, [event(pts)], [undefined])).toBeUndefined();
  for (const _ of [1, 2]) expect(runs.merge(BOT, PEER, [event(8)], [seen(8)])).toEqual([hole(7, 3), seen(8)]);
  expect(runs.merge(BOT, PEER, [event(9)], [seen(9)])).toEqual([seen(9)]);
});

it('merges within a push, and keeps what is hidden at its end', () => {
  const runs = new HiddenRuns();
  expect(runs.merge(BOT, PEER, [event(5), event(7, 2), event(8), event(9)], [undefined, undefined, seen(8), undefined])).toEqual([hole(7, 3), seen(8)]);
  expect(runs.merge(BOT, PEER, [event(10), event(11)], [undefined, seen(11)])).toEqual([hole(10, 2), seen(11)]);
});

it('keeps bots apart, and begins anew after a gap', () => {
  const runs = new HiddenRuns();
  expect(runs.merge(BOT, PEER, [event(5)], [undefined])).toBeUndefined();
  expect(runs.merge(8n, PEER, [event(6)], [seen(6)])).toEqual([seen(6)]);
  expect(runs.merge(BOT, PEER, [event(9)], [seen(9)])).toEqual([seen(9)]);
});
