import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedChannel } from '../access/index.ts';
import { type Chats, findSight, isChatRow, standingIn } from '../chats/index.ts';
import { type FollowedChannel, listFollowedChannels } from '../dialogs/index.ts';
import { type BoxEvent, type BoxPosition, channelIdOf } from '../events/index.ts';
import { PeerSet } from '../peers/index.ts';
import { createAcquaintances } from '../relations/index.ts';
import { fillHole, listChannelEvents, markUnseen, mayHear, projectChannelEvent, readChannelPts } from './channel-events.ts';
import { type ChannelDifferenceDeps, type ChannelDifferenceOutcome, type ChannelDifferenceRequest, findChannelDifference } from './find-channel-difference.ts';
import { HiddenRuns } from './hidden-runs.ts';
import { createMemberViews, type MemberViewsDeps } from './member-views.ts';
import { projectClasses, type PushClasses, type PushClassesDeps } from './push-classes.ts';

/** Maximum number of channels whose events are pushed to one person; bots have more. Clients ask for the others when they show them. */
const FOLLOWED_MAX = 500;

/** The event sequences of channels, in the form that devices get. Channels are given by their marked ids. */
export interface ChannelUpdates extends Disposable {
  /** Answers `updates.getChannelDifference`. @throws RpcError 400 PERSISTENT_TIMESTAMP_EMPTY */
  findDifference(viewerId: bigint, channel: ResolvedChannel, request: ChannelDifferenceRequest): Promise<ChannelDifferenceOutcome>;
  /** Lists the channels that a user follows, each with its pts before the user joined. */
  listFollowed(userId: bigint): Promise<FollowedChannel[]>;
  /** Reads the positions of channels. */
  readPositions(peerIds: readonly bigint[]): Promise<Map<bigint, BoxPosition>>;
  /** Reads the counter first, then at most `limit` events after a pts. */
  listEventsSince(peerId: bigint, pts: number, limit: number): Promise<BoxPosition & { events: BoxEvent[]; more: boolean }>;
  /** Projects events for a member's devices, with every peer they mention; undefined for somebody who is not a member any more, and for a bot that sees none of them. */
  projectEvents(viewerId: bigint, peerId: bigint, events: readonly BoxEvent[]): Promise<tl.updates | undefined>;
  /** Projects events for many members at once. Throws nothing that {@link ChannelUpdates.projectEvents} does not throw. See {@link projectClasses}. */
  projectClasses(viewerIds: readonly bigint[], peerId: bigint, events: readonly BoxEvent[]): Promise<PushClasses | undefined>;
  /** Projects an update that is not stored, such as typing. */
  projectTransient(viewerId: bigint, peerId: bigint, update: tl.Update): Promise<tl.updates | undefined>;
  /** Tells a member's devices to ask for the difference of a channel. */
  projectTooLong(viewerId: bigint, peerId: bigint, pts: number): Promise<tl.updates | undefined>;
  /** The update for events of which nothing is left, such as a message that was deleted meanwhile. Pure. */
  fillHole(peerId: bigint, pts: number, ptsCount: number): tl.Update;
}

/** The dependencies of {@link createChannelUpdates}. */
export interface ChannelUpdatesDeps extends ChannelDifferenceDeps, Omit<PushClassesDeps, 'db' | 'memberViews' | 'acquaintances' | 'privacy' | 'onHidden'>, MemberViewsDeps {
  db: Database;
  chats: Pick<Chats, 'findRow' | 'findMember' | 'findMemberships'>;
  clock: { now(): number };
}

/** Creates the reader of channels' event sequences. Disposing ends the subscriptions of its caches. */
export function createChannelUpdates(deps: ChannelUpdatesDeps): ChannelUpdates {
  const { db, chats, clock } = deps;
  const memberViews = createMemberViews(deps);
  const acquaintances = createAcquaintances(deps);
  const hiddenRuns = new HiddenRuns();
  const onHidden = (botId: bigint, peerId: bigint, events: readonly BoxEvent[]): void => void hiddenRuns.merge(botId, peerId, events, []);
  const isMember = async (viewerId: bigint, peerId: bigint): Promise<boolean> => {
    const [row, member] = await Promise.all([chats.findRow(peerId), chats.findMember(peerId, viewerId)]);
    if (row === undefined || isChatRow(row)) return false;
    const { status, closed } = standingIn(row, member, clock.now());
    return status === 'member' && !closed;
  };
  const wrap = async (viewerId: bigint, peerId: bigint, updates: tl.Update[]): Promise<tl.updates | undefined> => {
    if (!(await isMember(viewerId, peerId))) return undefined;
    const peers = new PeerSet([peerId]);
    for (const update of updates) peers.addObject(update);
    await deps.messageFiller.fillUpdates(updates, { viewerId, named: peers });
    const { users, chats: named } = await deps.projectPeers(viewerId, peers);
    return { _: 'updates', updates, users, chats: named, date: clock.now(), seq: 0 };
  };
  return {
    findDifference: (viewerId, channel, request) => findChannelDifference(deps, viewerId, channel, request),
    listFollowed: (userId) => listFollowedChannels(db, userId, FOLLOWED_MAX),
    async readPositions(peerIds) {
      const found = await readChannelPts(db, peerIds);
      return new Map([...found].map(([peerId, pts]) => [peerId, { pts, looseSeq: 0 }]));
    },
    async listEventsSince(peerId, pts, limit) {
      const slice = await listChannelEvents(db, peerId, pts, limit);
      // A session for which a part of the log is missing asks for the difference itself.
      return { events: slice.events, pts: slice.pts, looseSeq: 0, more: slice.more || pts < slice.cutPts };
    },
    async projectEvents(viewerId, peerId, events) {
      const sight = await findSight(chats, peerId, viewerId);
      const shown = (await markUnseen(db.q, viewerId, events, clock.now())).map((event) => projectChannelEvent(event, viewerId, sight));
      if (sight.bot !== undefined) {
        const updates = hiddenRuns.merge(viewerId, peerId, events, shown);
        return updates && wrap(viewerId, peerId, updates);
      }
      // Hidden events advance the pts, too, so an empty update takes their place.
      return wrap(viewerId, peerId, shown.map((update, at) => update ?? fillHole(peerId, events[at]!.pts, events[at]!.ptsCount)));
    },
    projectClasses: (viewerIds, peerId, events) => projectClasses({ ...deps, memberViews, acquaintances, onHidden }, viewerIds, peerId, events),
    projectTransient: async (viewerId, peerId, update) => (mayHear(update, await findSight(chats, peerId, viewerId)) ? wrap(viewerId, peerId, [update]) : undefined),
    projectTooLong: (viewerId, peerId, pts) => wrap(viewerId, peerId, [{ _: 'updateChannelTooLong', channel_id: channelIdOf(peerId), pts }]),
    fillHole,
    [Symbol.dispose]() {
      memberViews[Symbol.dispose]();
      acquaintances[Symbol.dispose]();
    },
  };
}
