import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { moveUnaccepted } from '../acceptance/index.ts';
import {
  ALL_ADMIN_RIGHTS,
  AdminRight,
  carryFormer,
  countBots,
  CHAT_ADMIN_RIGHTS,
  ChannelFlag,
  type ChannelMemberRow,
  type ChannelRow,
  type ChatMemberRow,
  findChatMembers,
  findChatRows,
  insertChannel,
  moveRetention,
  nextChannelId,
  plainMember,
} from '../chats/index.ts';
import { findDialogs, followChannel, listPinned, moveDraftsTo, projectPinned, projectPinnedOrder, type ReadWhole, replaceInFilters, saveReadWhole, type Succession, takeOverDialogs } from '../dialogs/index.ts';
import { MessageFlag, packMessageExtra, type PostRow } from '../events/index.ts';
import { keepChatPhoto } from '../collections/index.ts';
import { changeGroup, type GroupActing, type GroupChange, type GroupChangeDeps, type GroupOutcome } from '../groups/index.ts';
import { carryEntrances, ensurePermanentInvite } from '../invites/index.ts';
import { orderSeeingAll, projectTtl } from '../messages/index.ts';
import { copyNotifySettings, projectNotifyUpdate } from '../notifications/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import type { DomainConfig } from '../shared/index.ts';
import { type ChannelChangeDeps, checkChannelCount, insertPosts, newPostUpdate, saveCheckOrdinal } from '../channel-state/index.ts';

/** The dependencies of making supergroups of basic groups. */
export interface MigrationDeps extends GroupChangeDeps, Pick<ChannelChangeDeps, 'db' | 'chats'> {
  accessHashes: Pick<AccessHashes, 'of'>;
  config: Pick<DomainConfig, 'channelsPerUserMax' | 'homeDcId'>;
}

/** What the creator of a basic group learns when it becomes a supergroup. */
export interface Migration extends GroupOutcome {
  /** Marked id of the supergroup. */
  peerId: bigint;
  /** Its first message; undefined if the group had become a supergroup before. */
  first: PostRow | undefined;
}

const findDeleted = defineStatement<{ user_id: bigint }>('find_deleted_people', 'SELECT user_id FROM users WHERE user_id = ANY ($1::bigint[]) AND deleted');

/**
 * Turns a basic group into a supergroup with the same members, in one transaction. Users who were removed from the group are banned from the supergroup.
 * The last message of the group names the supergroup, and the first message of the supergroup names the group. Afterwards nothing can be written or edited in the
 * group, and all of it counts as read. A repeat returns the same supergroup.
 * @throws RpcError 400 CHAT_ID_INVALID, CHAT_ADMIN_REQUIRED, CHANNELS_TOO_MUCH, 403 CHAT_WRITE_FORBIDDEN
 */
export async function doMigrateGroup(deps: MigrationDeps, acting: GroupActing): Promise<Migration> {
  const earlier = await deps.db.transact('find-migrated-group', (tx) => findMigrated(tx, acting));
  if (earlier !== undefined) return migratedBefore(earlier);
  // If the id turns out not to be needed, it is never used.
  const channelId = await nextChannelId(deps.db.q, deps.config.homeDcId);
  const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
  let migration: Migration | undefined;
  const outcome = await changeGroup(deps, 'migrate-group', { ...acting, opened: [peerId] }, async (group) => {
    const meanwhile = await findMigrated(group.tx, acting);
    if (meanwhile !== undefined) {
      migration = migratedBefore(meanwhile);
      return;
    }
    group.check('migrate');
    // Only the actor's number of channels is checked. The other members were in the group already, so they are added even beyond their limit.
    await checkChannelCount(group.tx, acting.actorId, [acting.actorId], deps.config.channelsPerUserMax);
    migration = { updates: [], notice: undefined, peerId, first: await migrate(deps, group, acting, channelId) };
  });
  const { first } = migration!;
  if (first === undefined) return migration!;
  return { ...migration!, notice: outcome.notice, updates: [...outcome.updates, newPostUpdate(first, acting.actorId)] };
}

function migratedBefore(channelId: bigint): Migration {
  const updates: tl.Update[] = [{ _: 'updateChannel', channel_id: channelId }];
  return { updates, notice: undefined, first: undefined, peerId: markPeer({ _: 'peerChannel', channel_id: channelId }) };
}

/** The id of the supergroup that a group became, if it was the actor's; undefined if it did not become one. */
async function findMigrated(tx: Tx, { actorId, chatId }: GroupActing): Promise<bigint | undefined> {
  const [[row], [actor]] = await Promise.all([findChatRows(tx, [chatId]), findChatMembers(tx, [{ id: chatId, userId: actorId }])]);
  if (row === undefined || actor === undefined || row.migrated_to === null) return undefined;
  if (actor.status !== 'member' || actor.role !== 'creator') throw rpcError('CHAT_ID_INVALID');
  return row.migrated_to;
}

/** @returns the first message of the supergroup */
async function migrate(deps: MigrationDeps, group: GroupChange, { actorId, chatId, origin }: GroupActing, channelId: bigint): Promise<PostRow> {
  const { tx, boxes, date } = group;
  const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
  const { rows: deleted } = await tx.run(findDeleted, [group.memberIds]);
  const gone = new Set(deleted.map((row) => row.user_id));
  const living = group.members.filter((member) => !gone.has(member.user_id));
  const userIds = living.map((member) => member.user_id);
  // Registered before the hints are published, because the channel is projected along with the events.
  tx.afterCommit(() => deps.chats.chatChanged(peerId, userIds));
  const row = await newRow(group, { actorId, channelId, members: living.length });
  await insertChannel(tx, row, living.map((member) => asChannelMember(member, row)));
  if (row.photo_id !== null) await keepChatPhoto(tx, peerId, row.photo_id);
  // Users who were removed from the group must not come back by an invite link of the supergroup, and whoever left must not be added by strangers.
  await carryFormer(tx, { chatId, channelId, bannedBy: row.creator_id });

  await group.say({ _: 'messageActionChatMigrateTo', channel_id: channelId }, group.memberIds, { expires: false, isFree: true });
  await readAll(group);
  group.set({ deactivated: true, migrated_to: channelId });
  await carryEntrances(tx, group.peerId, peerId);
  // Clients show the owner's permanent link without asking for a new one.
  await ensurePermanentInvite({ tx, date, peerId, actorId }, { random: deps.random, homeDcId: deps.config.homeDcId });
  await moveRetention(tx, { fromPeerId: group.peerId, toPeerId: peerId });
  group.nextVersion();
  group.tell(group.memberIds, { _: 'updateChatParticipants', participants: { _: 'chatParticipantsForbidden', chat_id: chatId } });
  group.tell(userIds, { _: 'updateChannel', channel_id: channelId });
  if (row.ttl_period !== null) group.tell(userIds, projectTtl(peerId, row.ttl_period));

  const extra = packMessageExtra({ action: { _: 'messageActionChannelMigrateFrom', title: row.title, chat_id: chatId } });
  const content = { text: '', extra, flags: MessageFlag.service, reply_to_msg_id: null, edit_date: null, ttl_period: null, signature: null, top_id: null, top_ordinal: null };
  const first = boxes.addPost(peerId, { ...content, from_id: actorId, poster_id: actorId, ordinal: 1, date }, origin);
  insertPosts(tx, { channelId, rows: [first], sent: [], slowModeUntil: 0 });
  // The first message counts as read, because the last message of the old group says the same.
  const read = { readMaxId: first.msg_id, readOrdinal: first.ordinal };
  await followChannel(tx, { peerId, date, pts: first.pts - 1 }, userIds.map((userId) => ({ userId, ...read, ownAtRead: userId === actorId ? 1 : 0 })));
  await takeOverPlaces(group, userIds, { channelId, succession: { fromPeerId: group.peerId, toPeerId: peerId }, ordinal: first.ordinal });
  await takeOver(deps, group, userIds, { chatId, channelId, succession: { fromPeerId: group.peerId, toPeerId: peerId } });
  return first;
}

/**
 * Marks the whole group as read for everybody in it: nobody looks for news there any more. Its authors are not told, because nobody has read it. What was not seen
 * of it may be much, so a job follows for those who have some.
 */
async function readAll({ tx, boxes, date, peerId, memberIds }: GroupChange): Promise<void> {
  const dialogs = memberIds.map((ownerId): ReadWhole => {
    // Everybody has just got the last message.
    const maxId = boxes.readArrivals(ownerId, peerId)!;
    const pts = boxes.addUpdate(ownerId, { ptsCount: 1, date, origin: undefined }, (at) => ({
      _: 'updateReadHistoryInbox',
      peer: unmarkPeer(peerId),
      max_id: maxId,
      still_unread_count: 0,
      pts: at,
      pts_count: 1,
    }));
    return { ownerId, maxId, pts };
  });
  await saveReadWhole(tx, peerId, dialogs);
  await orderSeeingAll(tx, peerId, memberIds);
}

async function newRow(group: GroupChange, { actorId, channelId, members }: { actorId: bigint; channelId: bigint; members: number }): Promise<ChannelRow> {
  const { title, about, creator_id, default_rights, noforwards, chat_id, photo_id, photo_stripped, photo_has_video, available_reactions, reactions_limit } = group.row;
  const [dialog] = await findDialogs(group.tx.q, actorId, [group.peerId]);
  return {
    channel_id: channelId,
    kind: 'megagroup',
    title,
    about,
    username: null,
    creator_id,
    date: group.date,
    version: 1,
    // As in the basic group, new members do not see what was written before they joined, until an admin changes that.
    flags: ChannelFlag.hiddenPrehistory | (noforwards ? ChannelFlag.noforwards : 0),
    default_rights,
    slow_mode_seconds: 0,
    ttl_period: dialog?.ttl_period || null,
    migrated_from_chat_id: chat_id,
    color: null,
    profile_color: null,
    emoji_status_id: null,
    emoji_status_until: null,
    color_emoji_id: null,
    profile_color_emoji_id: null,
    sticker_set_id: null,
    emoji_set_id: null,
    main_tab: null,
    photo_id,
    photo_stripped,
    photo_has_video,
    available_reactions,
    linked_chat_id: null,
    link_number: 0,
    verified: false,
    scam: false,
    fake: false,
    restriction_reason: null,
    restriction_text: null,
    reactions_limit,
    members,
    bots: countBots(group.members),
  };
}

/** A member of the basic group as member of the supergroup. Admins keep the rights that they had. */
function asChannelMember({ user_id, role, rank, inviter_id, date, all_from }: ChatMemberRow, { channel_id, creator_id }: ChannelRow): ChannelMemberRow {
  const admin_rights = role === 'creator' ? ALL_ADMIN_RIGHTS & ~AdminRight.anonymous : role === 'admin' ? CHAT_ADMIN_RIGHTS : 0;
  const promoted_by = role === 'admin' ? creator_id : null;
  return { ...plainMember(channel_id, user_id, date), status: 'member', role, admin_rights, rank, inviter_id, promoted_by, all_from };
}

/** Members who have not accepted their places in the group have not accepted those in the supergroup either. */
async function takeOverPlaces({ tx }: GroupChange, userIds: readonly bigint[], { channelId, succession, ordinal }: { channelId: bigint; succession: Succession; ordinal: number }): Promise<void> {
  const hasSome = await moveUnaccepted(tx, userIds, succession, ordinal);
  // What is left of the budgets is found out at the next post.
  if (hasSome) saveCheckOrdinal(tx, channelId, { isOrdered: false, next: ordinal + 1 });
}

/** Gives the supergroup the places that the group has in the members' lists of chats. */
async function takeOver(
  { accessHashes }: MigrationDeps,
  group: GroupChange,
  userIds: readonly bigint[],
  { chatId, channelId, succession }: { chatId: bigint; channelId: bigint; succession: Succession },
): Promise<void> {
  const { tx } = group;
  const { fromPeerId, toPeerId } = succession;
  const peer: tl.Peer = { _: 'peerChannel', channel_id: channelId };
  for (const { ownerId, folderId, wasPinned, wasMarked } of await takeOverDialogs(tx, userIds, succession)) {
    if (folderId !== 0) {
      const folder_peers: tl.folderPeer[] = [{ _: 'folderPeer', peer, folder_id: folderId }];
      group.tell([ownerId], { _: 'updateFolderPeers', folder_peers, pts: group.boxes.pts(ownerId), pts_count: 0 });
    }
    if (wasMarked) {
      group.tell([ownerId], { _: 'updateDialogUnreadMark', peer: { _: 'dialogPeer', peer: unmarkPeer(fromPeerId) } });
      group.tell([ownerId], { _: 'updateDialogUnreadMark', unread: true, peer: { _: 'dialogPeer', peer } });
    }
    if (!wasPinned) continue;
    const order = (await listPinned(tx.q, ownerId, folderId)).map((dialog) => dialog.peer_id);
    const [unpinned] = projectPinned(folderId, fromPeerId, false, order);
    const [pinned] = projectPinned(folderId, toPeerId, true, order);
    for (const update of [unpinned!, pinned!, projectPinnedOrder(folderId, order)]) group.tell([ownerId], update);
  }
  for (const { ownerId, draft } of await moveDraftsTo(tx, userIds, succession, group.date)) {
    group.tell([ownerId], { _: 'updateDraftMessage', peer: unmarkPeer(fromPeerId), draft: { _: 'draftMessageEmpty', date: group.date } });
    if (draft !== undefined) group.tell([ownerId], { _: 'updateDraftMessage', peer, draft });
  }
  for (const settings of await copyNotifySettings(tx, userIds, succession)) group.tell([settings.owner_id], projectNotifyUpdate({ peer }, settings));
  const inputOf = (ownerId: bigint): tl.InputPeer => ({ _: 'inputPeerChannel', channel_id: channelId, access_hash: accessHashes.of('channel', ownerId, channelId) });
  for (const { ownerId, id, filter } of await replaceInFilters(tx, userIds, chatId, inputOf)) group.tell([ownerId], { _: 'updateDialogFilter', id, filter });
}
