import { markPeer, unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import type { AccessHashes } from '../peers/index.ts';
import { definePort, type DomainDeps, LoadingCache, onAccountHint, publishDecision } from '../shared/index.ts';
import { findChannelMembers } from './channel-store.ts';
import { type ChannelMemberRow, type ChannelRow, type ChatMemberRow, type ChatRow, isChatRow } from './chat-row.ts';
import { listCommonChats } from './common-chats.ts';
import { findChatMembers, type Reader } from './chat-store.ts';
import { findGroupRows, findMembershipsIn, listPresent, type Memberships } from './memberships.ts';
import { projectChannel, projectChat, projectCommentedGroup, projectLinkedChannel } from './project-chat.ts';
import { mayDo, seesCommentsOnly, type Standing, standingIn, withComments } from './rights.ts';

/**
 * Basic groups, supergroups and channels, by marked id. The results come from caches and may only be used for display: code that writes
 * must read the rows again under the lock of the chat's counter.
 */
export interface Chats extends Disposable {
  findRow(markedId: bigint): Promise<ChatRow | ChannelRow | undefined>;
  /** Returns rows by marked id. Ids without a row are left out. */
  findRows(markedIds: Iterable<bigint>): Promise<Map<bigint, ChatRow | ChannelRow>>;
  /** Returns the row of a present or former member; its `status` tells which. */
  findMember(markedId: bigint, userId: bigint): Promise<MemberRow | undefined>;
  /** Returns which of these groups each of the people is in. @param markedIds marked ids of groups */
  findMemberships(userIds: readonly bigint[], markedIds: readonly bigint[]): Promise<Memberships>;
  /** The standing of a user in a supergroup or channel, with what follows from reading the linked channel. @param member the user's row; undefined if there is none */
  findStanding(userId: bigint, row: ChannelRow, member: ChannelMemberRow | undefined): Promise<Standing>;
  /** Projects each of these groups and channels once, as `viewerId` may see it. Users are left out. */
  projectChats(viewerId: bigint, markedIds: Iterable<bigint>): Promise<tl.Chat[]>;
  /** Same as {@link Chats.projectChats}, for a viewer who has a link by which these channels can be joined. */
  projectLinked(viewerId: bigint, markedIds: Iterable<bigint>): Promise<tl.Chat[]>;
  /**
   * The groups that both are in, the highest id first.
   * @param page.maxId only groups with a smaller id, as TL has it; 0n for the first page
   * @returns marked ids of the page, and how many groups there are in all
   */
  listCommon(viewerId: bigint, userId: bigint, page: { maxId: bigint; limit: number }): Promise<{ markedIds: bigint[]; count: number }>;
  /** How many groups both are in. */
  countCommon(viewerId: bigint, userId: bigint): Promise<number>;
  /** After the commit, drops the chat's row and the rows of these members from all caches and publishes a hint. */
  chatChanged(markedId: bigint, userIds?: readonly bigint[]): Promise<void>;
}

/** Maximum number of cached rows, about 400 bytes each. */
const MAX_ROWS = 50_000;
/** Maximum number of cached members, about 300 bytes each: those who are viewing a chat now. Others cost one read by primary key. */
const MAX_MEMBERS = 100_000;
/** So many pairs of a user and a group are looked up in the cache; more are read with one statement, which names each user and group only once. */
const CACHED_PAIRS = 1000;

type MemberRow = ChatMemberRow | ChannelMemberRow;

/** The cache key of a member of a group or channel. */
const memberKey = (markedId: bigint, userId: bigint): string => `${markedId}:${userId}`;

/** Reads members by cache key. Each key is the chat's marked id and the user id. */
async function findMembers(reader: Reader, keys: readonly string[]): Promise<Map<string, MemberRow>> {
  const inChats: { id: bigint; userId: bigint }[] = [];
  const inChannels: { id: bigint; userId: bigint }[] = [];
  for (const key of keys) {
    const [markedId, userId] = key.split(':').map(BigInt) as [bigint, bigint];
    const peer = unmarkPeer(markedId);
    if (peer._ === 'peerChat') inChats.push({ id: peer.chat_id, userId });
    if (peer._ === 'peerChannel') inChannels.push({ id: peer.channel_id, userId });
  }
  const [chats, channels] = await Promise.all([findChatMembers(reader, inChats), findChannelMembers(reader, inChannels)]);
  const found = new Map<string, MemberRow>();
  for (const row of chats) found.set(memberKey(markPeer({ _: 'peerChat', chat_id: row.chat_id }), row.user_id), row);
  for (const row of channels) found.set(memberKey(markPeer({ _: 'peerChannel', channel_id: row.channel_id }), row.user_id), row);
  return found;
}

/** Whether a user is a bot, which only `users` knows. */
export const IS_BOT = definePort<(userId: bigint) => Promise<boolean>>('chats.isBot');

/** What is known of users where groups and channels are shown to them. */
interface Viewers {
  accessHashes: AccessHashes;
  isBot(userId: bigint): Promise<boolean>;
}

/** Creates the operations on groups and channels. Disposing ends the bus subscriptions. */
export function createChats({ db, bus, clock }: Pick<DomainDeps, 'db' | 'bus' | 'clock'>, { accessHashes, isBot }: Viewers): Chats {
  const rows = new LoadingCache<bigint, ChatRow | ChannelRow>({
    maxEntries: MAX_ROWS,
    load: (markedIds) => findGroupRows(db, markedIds),
  });

  const members = new LoadingCache<string, MemberRow>({ maxEntries: MAX_MEMBERS, load: (keys) => findMembers(db, keys) });

  const invalidate = (markedId: bigint, userIds: readonly bigint[]): void => {
    rows.invalidate(markedId);
    for (const userId of userIds) members.invalidate(memberKey(markedId, userId));
  };
  const subscription = onAccountHint(bus, (hint) => {
    if (hint.kind === 'chat') invalidate(hint.markedId, hint.userIds);
  });
  const reconnected = bus.onReconnect(() => {
    rows.clear();
    members.clear();
  });

  const findMember: Chats['findMember'] = (markedId, userId) => members.get(memberKey(markedId, userId));

  const listMembers = async (userIds: readonly bigint[], markedIds: readonly bigint[]): Promise<{ userId: bigint; markedId: bigint }[]> => {
    if (userIds.length * markedIds.length > CACHED_PAIRS) return listPresent(db, userIds, markedIds);
    const pairs = userIds.flatMap((userId) => markedIds.map((markedId) => ({ userId, markedId })));
    const found = await members.getMany(pairs.map(({ markedId, userId }) => memberKey(markedId, userId)));
    return pairs.filter(({ markedId, userId }) => found.get(memberKey(markedId, userId))?.status === 'member');
  };

  const findStanding: Chats['findStanding'] = async (userId, row, member) => {
    const standing = standingIn(row, member, clock.now());
    // Bots read and write nothing where they are no members.
    if (row.linked_chat_id === null || row.kind === 'broadcast' || standing.status !== 'left' || (await isBot(userId))) return standing;
    const markedId = markPeer({ _: 'peerChannel', channel_id: row.linked_chat_id });
    const [channel, reader] = await Promise.all([rows.get(markedId), findMember(markedId, userId)]);
    const reads = channel !== undefined && mayDo(standingIn(channel, reader, clock.now()), 'view_messages');
    return withComments(standing, row, reads ? row.linked_chat_id : undefined);
  };

  const projectAll = async (viewerId: bigint, markedIds: Iterable<bigint>, projectOne: typeof projectChannel): Promise<tl.Chat[]> => {
    const wanted = [...new Set(markedIds)].filter((markedId) => markedId < 0n);
    if (wanted.length === 0) return [];
    const [found, mine] = await Promise.all([
      rows.getMany(wanted),
      members.getMany(wanted.map((markedId) => memberKey(markedId, viewerId))),
    ]);
    const view = { nowDate: clock.now(), hashOf: (channelId: bigint) => accessHashes.of('channel', viewerId, channelId) };
    const commented = await listCommented(viewerId, found, mine);
    return wanted.flatMap((markedId) => {
      const row = found.get(markedId);
      if (row === undefined) return [];
      const member = mine.get(memberKey(markedId, viewerId));
      // The casts are safe: the member and the chat were read by the same marked id, so they are of the same kind.
      if (isChatRow(row)) return [projectChat(view, row, member as ChatMemberRow | undefined)];
      return [(commented.has(markedId) ? projectCommentedGroup : projectOne)(view, row, member as ChannelMemberRow | undefined)];
    });
  };

  /** The private discussion groups among these of which the viewer may read the comments only. Most answers name no discussion group, so that nothing more is read. */
  const listCommented = async (viewerId: bigint, found: ReadonlyMap<bigint, ChatRow | ChannelRow>, mine: ReadonlyMap<string, MemberRow>): Promise<Set<bigint>> => {
    const groups = [...found].filter((one): one is [bigint, ChannelRow] => !isChatRow(one[1]) && one[1].linked_chat_id !== null && one[1].kind !== 'broadcast');
    const commented = await Promise.all(
      groups.map(async ([markedId, row]) => {
        const standing = await findStanding(viewerId, row, mine.get(memberKey(markedId, viewerId)) as ChannelMemberRow | undefined);
        return seesCommentsOnly(standing) ? [markedId] : [];
      }),
    );
    return new Set(commented.flat());
  };

  return {
    findRow: (markedId) => rows.get(markedId),
    findRows: (markedIds) => rows.getMany(markedIds),
    findMember,
    findMemberships: (userIds, markedIds) => findMembershipsIn({ findRows: (ids) => rows.getMany(ids), listPresent: listMembers }, userIds, markedIds),
    findStanding,
    projectChats: (viewerId, markedIds) => projectAll(viewerId, markedIds, projectChannel),
    projectLinked: (viewerId, markedIds) => projectAll(viewerId, markedIds, projectLinkedChannel),
    async listCommon(viewerId, userId, { maxId, limit }) {
      const all = await listCommonChats(db, viewerId, userId);
      const page = all.filter(({ id }) => maxId <= 0n || id < maxId).slice(0, limit);
      return { markedIds: page.map(({ markedId }) => markedId), count: all.length };
    },
    countCommon: async (viewerId, userId) => (await listCommonChats(db, viewerId, userId)).length,
    chatChanged(markedId, userIds = []) {
      invalidate(markedId, userIds);
      return publishDecision(bus, { kind: 'chat', markedId, userIds });
    },
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
    },
  };
}
