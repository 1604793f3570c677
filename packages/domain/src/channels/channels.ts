import { markPeer } from '@aerogram/cluster';
import type { JobKind } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Acceptance } from '../acceptance/index.ts';
import type { ResolvedChannel } from '../access/index.ts';
import { type Chats, findSight, isSeen } from '../chats/index.ts';
import type { BoxWriter, PostRow } from '../events/index.ts';
import type { GroupActing } from '../groups/index.ts';
import type { InvitesDoor } from '../invites/index.ts';
import { createNamesPeer, type Naming } from '../messages/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import { type PeerProjector, PeerSet } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { MessageFiller } from '../documents/index.ts';
import type { DomainConfig, DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import type { WebPages } from '../web-pages/index.ts';
import { createForgetJob } from '../messages/index.ts';
import { AwaitedCopies, type ChannelPostsDeps, type ChannelPostsDoor, createChannelReadJob, createComments, createExpireJob, createRetainChannelsJob, openChannelPosts } from '../channel-posts/index.ts';
import { channelIdsOf, type CommentOrders, createPlaceChecks, listPostsAt, projectPost, RecentMembers, removeHeard, unpublishJob, withUnseen } from '../channel-state/index.ts';
import type { PostReactions, PostReactionsDoor } from '../post-reactions/index.ts';
import { type ChannelTopicsDoor, createTopicClearing, listTopicsOf, openChannelTopics } from '../channel-topics/index.ts';
import { openChannelInvites } from './channel-invites-door.ts';
import { type ChannelLogDeps, type ChannelLogDoor, createLogPruneJob, openChannelLog } from './channel-log-door.ts';
import { type ChannelMembersDeps, type ChannelMembersDoor, openChannelMembers } from './channel-members-door.ts';
import { type ChannelOperatorDoor, openChannelOperator } from './channel-operator-door.ts';
import { createChannelHandOver } from './channel-owner.ts';
import { ChannelSettings } from './channel-settings.ts';
import { type CreatedChannel, doCreateChannel, type NewChannel } from './create-channel.ts';
import { createChannelDeletion } from './delete-channel.ts';
import { createDiscussions, type Discussions } from './discussions.ts';
import { createFindReadId } from './find-read-id.ts';
import { findFullChannel, type FullChannelDeps } from './full-channel.ts';
import { type InactiveChannel, listInactiveChannels } from './list-inactive.ts';
import { listDiscussionGroups } from './list-discussion-groups.ts';
import { listLeftChannels } from './list-left.ts';
import { listVisibleChannels, type VisibleChannel } from './list-visible.ts';
import { doMigrateGroup, type Migration, type MigrationDeps } from './migrate-group.ts';
import { createPersonalChannels, type PersonalChannels, type PersonalChannelsDeps } from './personal-channel.ts';
import { type ChatNameQuery, type FoundChats, searchChats } from './search-chats.ts';
import { createRecommendations, type Recommendations } from './recommendations.ts';
import { checkPublicCount, listPublicChannels } from './public-name.ts';

/**
 * The operations on one channel. Other code reads and writes its rows only through them. Arguments and results are plain data, because the
 * channel may be kept in another data centre.
 */
export interface ChannelDoor {
  readonly posts: ChannelPostsDoor;
  readonly topics: ChannelTopicsDoor;
  readonly reactions: PostReactionsDoor;
  readonly members: ChannelMembersDoor;
  readonly settings: ChannelSettings;
  /** What happened lately, for admins. */
  readonly log: ChannelLogDoor;
  readonly invites: InvitesDoor;
  /** For the operator of the server only. */
  readonly operator: ChannelOperatorDoor;
}

/** Supergroups and broadcast channels. */
export interface Channels {
  /** @param channelId the plain id */
  at(channelId: bigint): ChannelDoor;
  /** Creates a channel. Throws as {@link doCreateChannel}. */
  doCreate(channel: NewChannel): Promise<CreatedChannel>;
  /** Lists the channels that a viewer is a member of. @param folderId only those in this folder of the chat list; undefined for all */
  listVisible(viewerId: bigint, folderId: number | undefined): Promise<VisibleChannel[]>;
  /** Lists those of a viewer's channels in which nobody has written for long. See {@link listInactiveChannels}. */
  listInactive(viewerId: bigint): Promise<InactiveChannel[]>;
  /** See {@link listLeftChannels}. */
  listLeft(userId: bigint, offset: number): Promise<{ peerIds: bigint[]; count: number }>;
  /** Same as {@link searchChats}. */
  searchChats(viewerId: bigint, query: ChatNameQuery): Promise<FoundChats>;
  /** Finds messages of any channels, given by their marked ids. Those that do not exist are left out. */
  findPosts(places: readonly { peerId: bigint; msgId: number }[]): Promise<PostRow[]>;
  /** Whether a message of a channel that the viewer may read is not hidden from the viewer, and names the peer. All ids are marked. */
  namesPeer(viewerId: bigint, naming: Omit<Naming, 'ownerId'>): Promise<boolean>;
  /** Makes a supergroup of a basic group. Throws as {@link doMigrateGroup}. */
  doMigrate(acting: GroupActing): Promise<Migration>;
  /** Lists the public channels and groups that a user owns, newest first. @returns marked ids */
  listPublic(ownerId: bigint): Promise<bigint[]>;
  /** Throws as {@link checkPublicCount}. */
  checkPublicCount(ownerId: bigint): Promise<void>;
  /** Everything about a channel that the viewer may see. */
  findFull(viewerId: bigint, channel: ResolvedChannel): Promise<tl.channelFull>;
  /** Notes in messages whether the viewer has seen that they mention the viewer, and whether the viewer has played them. */
  markUnseen(viewerId: bigint, rows: readonly PostRow[]): Promise<PostRow[]>;
  /**
   * Projects messages of channels as a viewer sees them, with the topics to which they belong and all peers that they name.
   * @param besides marked ids of further peers that are sent along
   */
  project(viewerId: bigint, rows: readonly PostRow[], besides?: readonly bigint[]): Promise<{ messages: tl.Message[]; topics: tl.ForumTopic[]; users: tl.User[]; chats: tl.Chat[] }>;
  /** Lists the topics to which messages of channels belong. See {@link listTopicsOf}. */
  listTopicsOf(viewerId: bigint, rows: readonly PostRow[]): Promise<tl.ForumTopic[]>;
  readonly personal: PersonalChannels;
  readonly discussions: Omit<Discussions, 'endIn' | 'jobKinds'>;
  /** Lists the groups that a viewer can make discussion groups. See {@link listDiscussionGroups}. */
  listDiscussionGroups(viewerId: bigint): Promise<bigint[]>;
  /** The channel whose comments a user reads in a group without being in it; see `FindReadId`. */
  findReadId: ChannelPostsDeps['findReadId'];
  readonly recommendations: Recommendations;
  readonly jobKinds: readonly JobKind[];
}

/** The dependencies of channels. */
export interface ChannelsDeps extends BoxWriter, PersonalChannelsDeps, Omit<ChannelMembersDeps, 'handOver' | 'recentMembers'>, FullChannelDeps, MigrationDeps, Pick<PeerProjector, 'projectPeers'>, Pick<DomainDeps, 'random'> {
  users: Users;
  privacy: Pick<Privacy, 'mayInvite' | 'showsReadDates'>;
  webPages: WebPages;
  polls: ChannelPostsDeps['polls'];
  config: Pick<DomainConfig, 'adminLogEvents' | 'adminLogBytes' | 'adminLogHours' | 'homeDcId' | 'supergroupMembersMax' | 'channelsPerUserMax' | 'botsPerGroupMax' | 'gigagroupMembersMin' | 'ownerReturnDays'>;
  chats: Chats;
  findReadId: ChannelPostsDeps['findReadId'];
  sendLimits: SendLimits;
  acceptance: Acceptance;
  listPostsOf: ChannelPostsDeps['listPostsOf'];
  messageFiller: MessageFiller;
  media: ChannelLogDeps['media'];
  postReactions: Pick<PostReactions, 'open'>;
}

/** Creates the operations on channels. @param given.orderAnswers see {@link createComments} */
export function createChannels({ orderAnswers, ...given }: Omit<ChannelsDeps, 'placeChecks' | 'comments' | 'findReadId'> & { orderAnswers: CommentOrders['bring'] }): Channels {
  const placeChecks = createPlaceChecks(given);
  const comments = createComments({ ...given, placeChecks, orderAnswers });
  const findReadId = createFindReadId({ ...given, mayRead: (channelId, userId) => channels.at(channelId).members.mayRead(userId) });
  const deps: ChannelsDeps = { ...given, placeChecks, findReadId, comments: comments.orders };
  const postsDeps = { ...deps, awaitedCopies: new AwaitedCopies(deps) };
  const handOver = createChannelHandOver(deps, deps.config.ownerReturnDays * 86_400);
  const discussions = createDiscussions(deps);
  const deletion = createChannelDeletion({ ...deps, discussions });
  const settingsDeps = { ...deps, deletion, discussions };
  const recommendations = createRecommendations(deps);
  const topicClearing = createTopicClearing(deps);
  const topicsDeps = { ...deps, topicClearing };
  const membersDeps = { ...deps, handOver, recentMembers: new RecentMembers(deps.db) };
  const namesPeer = createNamesPeer({
    list: (places) => listPostsAt(deps.db, places.map(({ owner, msgId }) => ({ peerId: owner, msgId }))),
    // Which peers a post names does not depend on who sees it.
    project: (row: PostRow) => projectPost(row, 0n),
  });
  const channels: Channels = {
    at(channelId) {
      const ids = channelIdsOf(channelId);
      return {
        posts: openChannelPosts(postsDeps, ids),
        topics: openChannelTopics(topicsDeps, ids),
        reactions: deps.postReactions.open(ids, findReadId),
        members: openChannelMembers(membersDeps, ids),
        settings: new ChannelSettings(settingsDeps, ids),
        log: openChannelLog(deps, ids),
        invites: openChannelInvites(deps, ids),
        operator: openChannelOperator(settingsDeps, ids),
      };
    },
    doCreate: (channel) => doCreateChannel({ ...deps, ...deps.config }, channel),
    listVisible: (viewerId, folderId) => listVisibleChannels(deps, viewerId, folderId),
    listLeft: (userId, offset) => listLeftChannels(deps.db, userId, offset),
    listInactive: (viewerId) => listInactiveChannels(deps, viewerId),
    searchChats: (viewerId, query) => searchChats(deps, viewerId, query),
    findPosts: (places) => listPostsAt(deps.db, places),
    async namesPeer(viewerId, naming) {
      const { peerId, msgId } = naming;
      const sight = await findSight(deps.chats, peerId, viewerId);
      if (msgId <= sight.hidden) return false;
      if (sight.bot !== undefined && !(await listPostsAt(deps.db, [{ peerId, msgId }])).some((post) => isSeen(sight, post))) return false;
      return namesPeer({ ...naming, ownerId: peerId });
    },
    doMigrate: (acting) => doMigrateGroup(deps, acting),
    listPublic: async (ownerId) => (await listPublicChannels(deps.db, ownerId)).map((channel_id) => markPeer({ _: 'peerChannel', channel_id })),
    checkPublicCount: (ownerId) => checkPublicCount(deps.db, ownerId, deps.clock.now()),
    findFull: (viewerId, channel) => findFullChannel(deps, viewerId, channel),
    markUnseen: (viewerId, rows) => withUnseen(deps.db.q, viewerId, rows, deps.clock.now()),
    async project(viewerId, rows, besides) {
      const peers = new PeerSet(besides);
      const messages = (await withUnseen(deps.db.q, viewerId, rows, deps.clock.now())).map((row) => {
        const message = projectPost(row, viewerId);
        peers.addMessage(row);
        if (row.extra !== null) peers.addObject(message);
        return message;
      });
      const [topics] = await Promise.all([listTopicsOf(deps, viewerId, rows), deps.messageFiller.fill(messages, viewerId, peers)]);
      for (const topic of topics) peers.addObject(topic);
      return { messages, topics, ...(await deps.projectPeers(viewerId, peers)) };
    },
    listTopicsOf: (viewerId, rows) => listTopicsOf(deps, viewerId, rows),
    personal: createPersonalChannels(deps),
    discussions,
    listDiscussionGroups: (viewerId) => listDiscussionGroups(deps, viewerId),
    findReadId,
    recommendations,
    jobKinds: [placeChecks.jobKind, recommendations.jobKind, createExpireJob(deps), handOver.jobKind, deletion.jobKind, ...discussions.jobKinds, ...comments.jobKinds, createChannelReadJob(deps), createForgetJob(deps, 'forget-heard-posts', removeHeard), createLogPruneJob(deps), createRetainChannelsJob(deps), unpublishJob, topicClearing.jobKind],
  };
  return channels;
}
