import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { addPlaces } from '../acceptance/index.ts';
import { allFromAtJoin, type BotTerms, type ChatMemberRow, type ChatRow, type Chats, insertChat, nextChatId, projectChatParticipants, saveChatMembers } from '../chats/index.ts';
import { saveTtl } from '../dialogs/index.ts';
import { type BoxWriter, type MessageRow, type OpenBoxes, type Origin, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import { addNotice, findSendKeys, logTtl, placesInChat, projectMessage, projectTtl } from '../messages/index.ts';
import { type Adder, checkMayCreate } from '../moderation/index.ts';
import type { GroupOutcome } from './group-change.ts';

/** The dependencies of creating groups. */
export interface CreateGroupDeps extends Pick<BoxWriter, 'writeBoxes'> {
  db: Database;
  random: Random;
  chats: Pick<Chats, 'chatChanged'>;
  /** The data centre whose ids new groups get. */
  homeDcId: number;
}

/** A basic group that is to be created. */
export interface NewGroup {
  creatorId: bigint;
  /** Checked. */
  title: string;
  /** The other members, whose privacy settings have been checked, and what the creator is to each of them. */
  people: readonly { userId: bigint; adder: Adder; bot: BotTerms | undefined }[];
  /** Seconds after which its messages are deleted; 0: never. Checked. */
  ttlPeriod: number;
  /** A repeat of the same call has the same number, so that it creates no second group; not 0. */
  randomId: bigint;
  origin: Origin;
}

/** The outcome of {@link doCreateGroup}. */
export interface CreatedGroup extends GroupOutcome {
  /** Those of the people who are not in the group, because of the limits of strangers. */
  notAdded: ReadonlySet<bigint>;
}

/**
 * Creates a basic group. A repeat with the same `randomId` gets the answer of the first call.
 * @returns one updateMessageID and one new message, and the members (rule P25, creation answers)
 * @throws RpcError 403 USER_RESTRICTED, 400 RANDOM_ID_DUPLICATE for a repeat after the first message of the group was deleted
 */
export async function doCreateGroup(deps: CreateGroupDeps, group: NewGroup): Promise<CreatedGroup> {
  const { creatorId, people, randomId } = group;
  // An id that turns out not to be needed is never used.
  const chatId = await nextChatId(deps.db.q, deps.homeDcId);
  const peerId = markPeer({ _: 'peerChat', chat_id: chatId });
  return deps.writeBoxes('create-group', [peerId, creatorId, ...people.map((one) => one.userId)], async (tx, boxes, date) => {
    const [earlier] = (await findSendKeys(tx, [{ owner: creatorId, randomId }])).values();
    if (earlier !== undefined && earlier.message === undefined) throw rpcError('RANDOM_ID_DUPLICATE');
    if (earlier?.message !== undefined) return { ...outcomeOf(earlier.message, randomId, []), notAdded: leftOut(group, createdWith(earlier.message)) };

    await checkMayCreate(tx, creatorId, 'groups', date);
    const { refusedIds: notAdded } = await addPlaces({ tx, boxes, date }, { adderId: creatorId, peerId, people, ordinal: 0 });
    const userIds = people.map((one) => one.userId).filter((userId) => !notAdded.has(userId));
    const row = newRow(chatId, group, userIds, date);
    const members = newMembers(row, userIds, people);
    // Registered before the boxes publish, because the group is sent along with the published updates.
    tx.afterCommit(() => deps.chats.chatChanged(peerId, members.map((member) => member.user_id)));
    await insertChat(tx, row);
    await saveChatMembers(tx, members);
    const notice = await say({ tx, boxes, date }, deps.random, group, members);
    return { ...outcomeOf(notice, randomId, tellMembers({ boxes, date }, group, row, members)), notAdded };
  });
}

/** The members with whom a group was created, by its first message. */
function createdWith({ extra }: MessageRow): readonly bigint[] {
  const { action } = unpackMessageExtra(extra);
  return action?._ === 'messageActionChatCreate' ? action.users : [];
}

function leftOut({ people }: NewGroup, memberIds: readonly bigint[]): ReadonlySet<bigint> {
  const members = new Set(memberIds);
  return new Set(people.map((one) => one.userId).filter((userId) => !members.has(userId)));
}

function newRow(chatId: bigint, { creatorId, title, people }: NewGroup, userIds: readonly bigint[], date: number): ChatRow {
  return {
    chat_id: chatId,
    title,
    about: '',
    creator_id: creatorId,
    date,
    version: 1,
    members: userIds.length + 1,
    bots: people.filter((one) => one.bot !== undefined && userIds.includes(one.userId)).length,
    default_rights: 0,
    noforwards: false,
    deactivated: false,
    migrated_to: null,
    last_bot_id: null,
    photo_id: null,
    photo_stripped: null,
    photo_has_video: false,
    available_reactions: null,
    reactions_limit: null,
  };
}

function newMembers({ chat_id, creator_id: inviter_id, date }: ChatRow, userIds: readonly bigint[], people: NewGroup['people']): ChatMemberRow[] {
  const common = { chat_id, status: 'member', rank: '', inviter_id, date } as const;
  const bots = new Map(people.map(({ userId, bot }) => [userId, bot]));
  const sightOf = (bot: BotTerms | undefined): number | null => (bot === undefined ? null : allFromAtJoin(bot, 0));
  const others = userIds.map((user_id): ChatMemberRow => ({ ...common, user_id, role: 'member', all_from: sightOf(bots.get(user_id)) }));
  return [{ ...common, user_id: inviter_id, role: 'creator', all_from: null }, ...others];
}

/** Adds the first message of the group to the boxes of all members. @returns the copy of the creator */
async function say({ tx, boxes, date }: OpenBoxes, random: Random, group: NewGroup, members: readonly ChatMemberRow[]): Promise<MessageRow> {
  const { creatorId, title, ttlPeriod, randomId, origin } = group;
  const users = members.map((member) => member.user_id);
  const peerId = markPeer({ _: 'peerChat', chat_id: members[0]!.chat_id });
  const places = placesInChat(creatorId, peerId, users);
  const extra = packMessageExtra({ action: { _: 'messageActionChatCreate', title, users } });
  // It does not expire, because a dialog without messages is not listed.
  const notice = await addNotice({ tx, boxes, date }, random, { authorId: creatorId, places, extra, expires: false, origin });
  boxes.noteSent(randomId, notice);
  // A lifetime given at creation is not announced by a second message (rule P25, creation answers).
  if (ttlPeriod > 0) await saveTtl(tx, places, ttlPeriod);
  return notice;
}

/** Sends the list of members and the lifetime to all devices of the members. @returns the updates of the creator */
function tellMembers({ boxes, date }: Pick<OpenBoxes, 'boxes' | 'date'>, { creatorId, ttlPeriod, origin }: NewGroup, row: ChatRow, members: readonly ChatMemberRow[]): tl.Update[] {
  const peerId = markPeer({ _: 'peerChat', chat_id: row.chat_id });
  const update: tl.Update = { _: 'updateChatParticipants', participants: projectChatParticipants(row, creatorId, members) };
  for (const { user_id: ownerId } of members) {
    const session = ownerId === creatorId ? origin : undefined;
    boxes.addLoose(ownerId, date, session, [update]);
    if (ttlPeriod > 0) logTtl(boxes, { ownerId, peerId }, { period: ttlPeriod, date }, session);
  }
  return ttlPeriod > 0 ? [update, projectTtl(peerId, ttlPeriod)] : [update];
}

function outcomeOf(notice: MessageRow, randomId: bigint, updates: readonly tl.Update[]): GroupOutcome {
  const news: tl.Update = { _: 'updateNewMessage', message: projectMessage(notice), pts: notice.pts, pts_count: 1 };
  return { updates: [{ _: 'updateMessageID', id: notice.msg_id, random_id: randomId }, ...updates, news], notice };
}
