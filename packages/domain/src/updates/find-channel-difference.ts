import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedChannel } from '../access/index.ts';
import { type PeerProjector, PeerSet } from '../peers/index.ts';
import { type ChannelSlice, findChannelPts, listChannelEvents, projectChannelEvent } from './channel-events.ts';

/** A client that is further behind than this is given the channel's newest message instead of the events (rule P27). */
const BEHIND_MAX = 1000;
/** Maximum number of events in one slice. */
const SLICE = 500;
/** Seconds after which a client without membership asks again (rule P26). */
const TIMEOUT_S = 30;

/** What a client has of a channel. */
export interface ChannelDifferenceRequest {
  pts: number;
  /** Maximum number of events that the client wants. */
  limit: number;
}

/** The answer, and the pts that the client reaches with it. */
export interface ChannelDifferenceOutcome {
  difference: tl.updates.ChannelDifference;
  pts: number;
  /** Whether the client has everything now. */
  isFinal: boolean;
}

export interface ChannelDifferenceDeps extends Pick<PeerProjector, 'projectPeers'> {
  db: Database;
  /** Projects the channel's dialog with its top message, for a client that is too far behind. */
  projectDialog(viewerId: bigint, channel: ResolvedChannel): Promise<{ dialog: tl.dialog; messages: tl.Message[]; users: tl.User[]; chats: tl.Chat[] }>;
}

/**
 * Returns what a client missed in a channel since `pts`.
 * @throws RpcError 400 PERSISTENT_TIMESTAMP_EMPTY for a pts below 1
 */
export async function findChannelDifference(
  deps: ChannelDifferenceDeps,
  viewerId: bigint,
  channel: ResolvedChannel,
  { pts, limit }: ChannelDifferenceRequest,
): Promise<ChannelDifferenceOutcome> {
  if (pts < 1) throw rpcError('PERSISTENT_TIMESTAMP_EMPTY');
  const behind = (await findChannelPts(deps.db, channel.peerId)) - pts;
  // A client that does not know a channel asks with pts 1 and limit 1.
  if (behind > BEHIND_MAX || (pts === 1 && limit === 1 && behind > 1)) {
    const content = await deps.projectDialog(viewerId, channel);
    return { difference: { _: 'updates.channelDifferenceTooLong', final: true, timeout: TIMEOUT_S, ...content }, pts: content.dialog.pts ?? 1, isFinal: true };
  }
  const slice = await listChannelEvents(deps.db, channel.peerId, pts, Math.min(Math.max(limit, 1), SLICE));
  if (slice.events.length === 0 && slice.pts <= pts) {
    return { difference: { _: 'updates.channelDifferenceEmpty', final: true, pts, timeout: TIMEOUT_S }, pts, isFinal: true };
  }
  return { difference: await projectSlice(deps, viewerId, channel, slice), pts: slice.pts, isFinal: !slice.more };
}

async function projectSlice(deps: ChannelDifferenceDeps, viewerId: bigint, { peerId }: ResolvedChannel, { events, pts, more }: ChannelSlice): Promise<tl.updates.channelDifference> {
  const peers = new PeerSet([peerId]);
  const new_messages: tl.Message[] = [];
  const other_updates: tl.Update[] = [];
  for (const event of events) {
    const update = projectChannelEvent(event, viewerId);
    peers.addObject(update);
    if (update._ === 'updateNewChannelMessage') new_messages.push(update.message);
    else other_updates.push(update);
  }
  const final = more ? undefined : true;
  const named = await deps.projectPeers(viewerId, peers);
  return { _: 'updates.channelDifference', final, pts, timeout: final && TIMEOUT_S, new_messages, other_updates, ...named };
}
