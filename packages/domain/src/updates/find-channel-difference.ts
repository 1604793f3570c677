import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedChannel } from '../access/index.ts';
import { sightOf } from '../chats/index.ts';
import { type PeerProjector, PeerSet } from '../peers/index.ts';
import type { DomainConfig } from '../shared/index.ts';
import type { MessageFiller } from '../documents/index.ts';
import { type ChannelSlice, findChannelPts, listChannelEvents, markUnseen, projectChannelEvent } from './channel-events.ts';

/** Maximum number of events that a client may want. */
const LIMIT_MAX = 100_000;
/** Maximum number of events in one slice. */
const SLICE = 500;
/** Seconds after which a client without membership asks again (rule P26, channel differences). */
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

/** The dependencies of {@link findChannelDifference}. */
export interface ChannelDifferenceDeps extends Pick<PeerProjector, 'projectPeers'> {
  db: Database;
  clock: { now(): number };
  config: Pick<DomainConfig, 'channelBehindMax'>;
  messageFiller: MessageFiller;
  /** Projects the channel's dialog with its top message, for a client that is too far behind. */
  projectDialog(viewerId: bigint, channel: ResolvedChannel): Promise<{ dialog: tl.dialog; messages: tl.Message[]; users: tl.User[]; chats: tl.Chat[] }>;
}

/**
 * Returns what a client missed in a channel since `pts`: slices of events, or the newest message to a client that is too far behind (rule P27, too far behind).
 * @throws RpcError 400 PERSISTENT_TIMESTAMP_EMPTY for a pts below 1
 */
export async function findChannelDifference(
  deps: ChannelDifferenceDeps,
  viewerId: bigint,
  channel: ResolvedChannel,
  { pts, limit: wanted }: ChannelDifferenceRequest,
): Promise<ChannelDifferenceOutcome> {
  if (pts < 1) throw rpcError('PERSISTENT_TIMESTAMP_EMPTY');
  const limit = wanted <= 0 ? SLICE : Math.min(wanted, LIMIT_MAX);
  const behind = (await findChannelPts(deps.db, channel.peerId)) - pts;
  // A client that does not know a channel asks with pts 1 and limit 1.
  const isProbe = pts === 1 && limit === 1;
  if (behind > (isProbe ? 1 : Math.max(deps.config.channelBehindMax, limit))) return answerTooLong(deps, viewerId, channel);
  const slice = await listChannelEvents(deps.db, channel.peerId, pts, Math.min(limit, SLICE));
  if (pts < slice.cutPts) return answerTooLong(deps, viewerId, channel);
  if (slice.events.length === 0 && slice.pts <= pts) {
    return { difference: { _: 'updates.channelDifferenceEmpty', final: true, pts, timeout: TIMEOUT_S }, pts, isFinal: true };
  }
  return { difference: await projectSlice(deps, viewerId, channel, slice), pts: slice.pts, isFinal: !slice.more };
}

async function answerTooLong(deps: ChannelDifferenceDeps, viewerId: bigint, channel: ResolvedChannel): Promise<ChannelDifferenceOutcome> {
  const content = await deps.projectDialog(viewerId, channel);
  return { difference: { _: 'updates.channelDifferenceTooLong', final: true, timeout: TIMEOUT_S, ...content }, pts: content.dialog.pts ?? 1, isFinal: true };
}

async function projectSlice(deps: ChannelDifferenceDeps, viewerId: bigint, { peerId, row, member }: ResolvedChannel, { events, pts, more }: ChannelSlice): Promise<tl.updates.channelDifference> {
  const peers = new PeerSet([peerId]);
  const new_messages: tl.Message[] = [];
  const other_updates: tl.Update[] = [];
  const sight = sightOf(row, member);
  for (const event of await markUnseen(deps.db.q, viewerId, events, deps.clock.now())) {
    const update = projectChannelEvent(event, viewerId, sight);
    if (update === undefined) continue;
    peers.addObject(update);
    if (update._ === 'updateNewChannelMessage') new_messages.push(update.message);
    else other_updates.push(update);
  }
  const final = more ? undefined : true;
  await Promise.all([deps.messageFiller.fill(new_messages, viewerId, peers), deps.messageFiller.fillUpdates(other_updates, { viewerId, named: peers })]);
  const named = await deps.projectPeers(viewerId, peers);
  return { _: 'updates.channelDifference', final, pts, timeout: final && TIMEOUT_S, new_messages, other_updates, ...named };
}
