import type { Clock } from '@aerogram/runtime';

import { findChannelViews } from '../chats/index.ts';
import { listVisibleChannels, type VisibleChannelsDeps } from './list-visible.ts';

/** A channel counts as inactive after so many seconds without a message. */
const INACTIVE_S = 30 * 86_400;
/** Maximum number of channels in one answer. */
const LISTED_MAX = 100;

/** A channel in which nobody has written for long. */
export interface InactiveChannel {
  /** Marked. */
  peerId: bigint;
  /** Of the newest message. */
  date: number;
}

/** Lists those of a viewer's channels in which nobody has written for long, the longest first. */
export async function listInactiveChannels(deps: VisibleChannelsDeps & { clock: Pick<Clock, 'now'> }, viewerId: bigint): Promise<InactiveChannel[]> {
  const peerIds = (await listVisibleChannels(deps, viewerId, undefined)).map(({ peerId }) => peerId);
  const views = await findChannelViews(deps.db.q, viewerId, peerIds);
  const before = deps.clock.now() - INACTIVE_S;
  return [...views.values()]
    .filter((view) => view.top_date < before)
    .map((view) => ({ peerId: view.peer_id, date: view.top_date }))
    .toSorted((a, b) => a.date - b.date)
    .slice(0, LISTED_MAX);
}
