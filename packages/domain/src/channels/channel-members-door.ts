import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { findGiven } from '../acceptance/index.ts';
import { ChannelFlag, type ChannelMemberRow, type Chats, checkRight, findChannelMembers, findChannelRows, isAdmin, isAnonymous, isChatRow, kindOf, mayDo, standingIn } from '../chats/index.ts';
import { findInvitees, type Invitee, type InviteeDeps, projectMissingInvitees } from '../groups/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { DomainConfig, DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import type { FindReadId } from '../channel-posts/index.ts';
import { type Acting, type ChannelChangeDeps, ChannelChanger, type ChannelIds, type ChannelOutcome, projectParticipant, type RecentMembers } from '../channel-state/index.ts';
import { addInvitees, addSelf, endMembership, removeSelf } from './channel-members.ts';
import { type ChannelHandOver, findChannelHeir, transferChannel } from './channel-owner.ts';
import { enterByFolder, type FolderInvitation } from './channel-entries.ts';
import { type AdminEdit, type BanEdit, type ChannelBanEdit, editAdmin, editBanned, editBannedChannel, editRank, hasPowerOver } from './channel-rights.ts';
import { hideNames } from './hide-names.ts';
import { createNameSearch } from './name-search.ts';
import { countOnlineMembers, listParticipants, type ParticipantPage } from './participants.ts';
import { findSender, listSendAs, saveSendAs } from './send-as.ts';

/** The result of adding people to a channel. */
export interface ChannelInvitation extends ChannelOutcome {
  /** Those who could not be added because of their privacy settings or because of the limits of strangers. */
  missing: tl.missingInvitee[];
}

/** A page of a channel's members. */
export interface ParticipantList {
  participants: tl.ChannelParticipant[];
  /** Number of all that match. */
  count: number;
}

/** Operations on the members of one channel. */
export interface ChannelMembersDoor {
  /** Adds people. @throws RpcError 400 CHAT_ADMIN_REQUIRED, USERS_TOO_MUCH, USER_KICKED, USER_BLOCKED, USER_NOT_MUTUAL_CONTACT, USER_ID_INVALID, USER_CHANNELS_TOO_MUCH, USER_BOT, BOT_GROUPS_BLOCKED, BOTS_TOO_MUCH */
  doInvite(acting: Acting, users: readonly UserRow[]): Promise<ChannelInvitation>;
  /** Adds the actor. @throws RpcError 420 FLOOD_WAIT, 400 CHANNEL_PRIVATE, USER_ALREADY_PARTICIPANT, USERS_TOO_MUCH, CHANNELS_TOO_MUCH, INVITE_REQUEST_SENT (the request is stored) */
  doJoin(acting: Acting): Promise<ChannelOutcome>;
  /**
   * Adds the actor to a channel that somebody shares by a folder.
   * @param invitation lets the actor into a private channel if the sharer may make invite links now
   * @throws RpcError as {@link ChannelMembersDoor.doJoin}
   */
  doJoinShared(acting: Acting, invitation: FolderInvitation): Promise<ChannelOutcome>;
  /** Takes the actor out. @throws RpcError 400 USER_NOT_PARTICIPANT */
  doLeave(acting: Acting): Promise<ChannelOutcome>;
  /** Takes somebody out who has no account any more, without a service message. A repeat changes nothing. */
  doEndMembership(userId: bigint): Promise<void>;
  /** Takes somebody out whom a stranger has added, without a service message. Does nothing if they have accepted their place. */
  doLeaveUnaccepted(userId: bigint): Promise<void>;
  /** Makes another member the owner. Throws as {@link transferChannel}. */
  doTransfer(acting: Acting, user: UserRow): Promise<ChannelOutcome>;
  /** Who becomes the owner if the viewer, who is the owner, leaves; undefined: nobody. @throws RpcError 400 CHAT_ADMIN_REQUIRED */
  findFutureOwner(viewerId: bigint): Promise<bigint | undefined>;
  /** Throws as {@link editAdmin}. @param bot the user, if it is a bot */
  doEditAdmin(edit: Omit<AdminEdit, 'bot'>, bot?: UserRow): Promise<ChannelOutcome>;
  /** Throws as {@link editRank}. */
  doEditRank(edit: Acting & { userId: bigint; rank: string }): Promise<ChannelOutcome>;
  /** Throws as {@link editBanned}. */
  doEditBanned(edit: BanEdit): Promise<ChannelOutcome>;
  /** Throws as {@link editBannedChannel}. */
  doEditBannedChannel(edit: ChannelBanEdit): Promise<ChannelOutcome>;
  /** Lists the marked ids of the peers in whose name the viewer may write. @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE */
  listSendAs(viewerId: bigint): Promise<bigint[]>;
  /** Chooses in whose name the actor writes from now on. @throws RpcError 400 SEND_AS_PEER_INVALID, CHANNEL_PRIVATE */
  doSaveSendAs(acting: Acting, asId: bigint): Promise<void>;
  /** Whether somebody may read the channel: a member, or everybody else if it is public, except those who are banned. */
  mayRead(userId: bigint): Promise<boolean>;
  /** Lists members. @throws RpcError 400 CHAT_ADMIN_REQUIRED if the viewer may not see them */
  list(viewerId: bigint, page: ParticipantPage): Promise<ParticipantList>;
  /** How many members are online now: at least 1. Viewers who may not see the members of a broadcast channel get 1. */
  countOnline(viewerId: bigint): Promise<number>;
  /** A member or former member, or a banned channel. @param memberId marked. @throws RpcError 400 USER_NOT_PARTICIPANT, CHAT_ADMIN_REQUIRED */
  find(viewerId: bigint, memberId: bigint): Promise<tl.ChannelParticipant>;
}

/** The dependencies of the members of channels. */
export interface ChannelMembersDeps extends ChannelChangeDeps, InviteeDeps, Pick<DomainDeps, 'clock'> {
  config: Pick<DomainConfig, 'adminLogEvents' | 'adminLogBytes' | 'supergroupMembersMax' | 'channelsPerUserMax' | 'botsPerGroupMax'>;
  chats: Pick<Chats, 'chatChanged' | 'findMember' | 'findRow'>;
  users: Pick<Users, 'findRelation' | 'findRows'>;
  handOver: Pick<ChannelHandOver, 'announce'>;
  recentMembers: Pick<RecentMembers, 'find'>;
  findReadId: FindReadId;
  sendLimits: Pick<SendLimits, 'checkAdding' | 'checkMayAdd' | 'openNotices' | 'checkPublic'>;
}

/** Creates the operations on the members of a channel whose rows are in this database. */
export function openChannelMembers(deps: ChannelMembersDeps, ids: ChannelIds): ChannelMembersDoor {
  const { channelId } = ids;
  const changer = new ChannelChanger(deps, ids);
  const inviteesOf = async (actorId: bigint, users: readonly UserRow[]): Promise<Invitee[]> => {
    const row = await deps.chats.findRow(ids.peerId);
    return findInvitees(deps, actorId, users, row !== undefined && kindOf(row) === 'broadcast' ? 'channels' : 'groups');
  };
  return {
    async doInvite(acting, users) {
      const unique = new Map(users.map((user) => [user.user_id, user]));
      const invitees = await inviteesOf(acting.actorId, [...unique.values()]);
      // Whom the operator limits, brings no bots here either.
      await deps.sendLimits.checkPublic(acting.actorId, ids.peerId);
      let refusedIds: ReadonlySet<bigint> = new Set();
      const outcome = await changer.change('invite-to-channel', acting, { opened: users.flatMap((user) => (user.elsewhere ? [] : [user.user_id])) }, async (channel) => {
        refusedIds = await addInvitees(channel, acting, invitees, deps.config);
        return [];
      });
      return { ...outcome, missing: projectMissingInvitees(invitees, refusedIds) };
    },
    doJoin: async (acting) => changer.enter('join-channel', acting, { readId: await deps.findReadId(acting.actorId, channelId) }, (channel) => addSelf(channel, acting, deps.config)),
    doJoinShared: (acting, invitation) =>
      changer.enter('join-shared-channel', acting, { named: [invitation.sharerId] }, (channel) => enterByFolder(channel, acting, invitation, deps.config)),
    doLeave: (acting) => changer.change('leave-channel', acting, { opened: [acting.actorId] }, (channel) => removeSelf(channel, acting, deps.handOver)),
    async doEndMembership(userId) {
      const acting = { actorId: userId, origin: undefined };
      await changer.open('end-channel-membership', acting, { opened: [userId] }, (channel) => endMembership(channel, userId, deps.handOver));
    },
    async doLeaveUnaccepted(userId) {
      const acting = { actorId: userId, origin: undefined };
      await changer.open('leave-unaccepted-channel', acting, { opened: [userId] }, async (channel) => {
        if (channel.memberOf(userId)?.status !== 'member') return;
        if ((await findGiven(channel.tx, { ownerId: userId, peerId: ids.peerId })) === undefined) return;
        await endMembership(channel, userId, deps.handOver);
        channel.tellChannelChanged([userId]);
      });
    },
    doTransfer: (acting, user) =>
      changer.change('transfer-channel', acting, { opened: [acting.actorId, user.user_id] }, (channel) => transferChannel(channel, acting, user)),
    async findFutureOwner(viewerId) {
      const { standing } = await accessMembers(deps, ids, viewerId, 'self');
      checkRight(standing, 'transfer');
      return findChannelHeir(deps.db, channelId, viewerId);
    },
    async doEditAdmin(edit, user) {
      const [bot] = user?.bot === true ? await inviteesOf(edit.actorId, [user]) : [];
      if (bot !== undefined && (await deps.chats.findMember(ids.peerId, edit.userId))?.status !== 'member') await deps.sendLimits.checkPublic(edit.actorId, ids.peerId);
      return changer.change('edit-channel-admin', edit, { opened: [edit.userId] }, (channel) => editAdmin(channel, { ...edit, bot }, deps.config));
    },
    doEditRank: (edit) => changer.change('edit-channel-rank', edit, { named: [edit.userId] }, (channel) => editRank(channel, edit)),
    doEditBanned: (edit) => changer.change('edit-channel-ban', edit, { opened: [edit.userId] }, (channel) => editBanned(channel, edit)),
    doEditBannedChannel: (edit) => changer.change('ban-author-channel', edit, { named: [edit.authorId] }, (channel) => editBannedChannel(channel, edit)),
    listSendAs: async (viewerId) => listSendAs(deps.db, await findSender(deps, ids, viewerId)),
    doSaveSendAs: async (acting, asId) => changer.open('save-send-as', acting, { opened: [acting.actorId], readId: await deps.findReadId(acting.actorId, channelId) }, (channel) => saveSendAs(channel, acting, asId)),
    async mayRead(userId) {
      const [[row], [member]] = await Promise.all([findChannelRows(deps.db, [channelId]), findChannelMembers(deps.db, [{ id: channelId, userId }])]);
      return row !== undefined && mayDo(standingIn(row, member, deps.clock.now()), 'view_messages');
    },
    async list(viewerId, page) {
      const { row, standing, canEdit, viewer } = await accessMembers(deps, ids, viewerId, page.filter.kind === 'admins' ? 'admins' : 'all');
      if ((page.filter.kind === 'kicked' || page.filter.kind === 'banned') && !isAdmin(standing)) throw rpcError('CHAT_ADMIN_REQUIRED');
      const context = { ...createNameSearch(deps, viewerId), memberCount: row.members, ordinaryId: isAdmin(standing) ? undefined : viewerId, recent: deps.recentMembers, nowDate: deps.clock.now() };
      const { rows, count } = await listParticipants(deps.db, channelId, page, context);
      const shown = await hideNames(deps.db, viewer, rows);
      return { participants: shown.map((member) => projectParticipant(member, viewerId, row.creator_id, canEdit(member))), count: Math.max(count, rows.length) };
    },
    async countOnline(viewerId) {
      const [row, member] = await Promise.all([deps.chats.findRow(ids.peerId), deps.chats.findMember(ids.peerId, viewerId)]);
      if (row === undefined || isChatRow(row)) throw rpcError('CHANNEL_INVALID');
      const nowDate = deps.clock.now();
      const ordinaryId = isAdmin(standingIn(row, member, nowDate)) ? undefined : viewerId;
      if (row.kind === 'broadcast' && ordinaryId !== undefined) return 1;
      return Math.max(1, await countOnlineMembers(deps.db, ids, viewerId, { memberCount: row.members, nowDate, ordinaryId, recent: deps.recentMembers }));
    },
    async find(viewerId, memberId) {
      const { row, standing, canEdit, viewer } = await accessMembers(deps, ids, viewerId, memberId === viewerId ? 'self' : 'all');
      const [member] = await findChannelMembers(deps.db, [{ id: channelId, userId: memberId }]);
      if (member === undefined || member.status === 'left') throw rpcError('USER_NOT_PARTICIPANT');
      const isHidden = memberId !== viewerId && !isAdmin(standing) && isAnonymous(standingIn(row, member, viewer.nowDate));
      if (isHidden) throw rpcError('USER_NOT_PARTICIPANT');
      const [shown] = await hideNames(deps.db, viewer, [member]);
      return projectParticipant(shown!, viewerId, row.creator_id, canEdit(member));
    },
  };
}

/**
 * Checks that the viewer may see members of a channel. In a broadcast channel, ordinary members only see themselves.
 * @param which `self`: the viewer's own membership; `admins`: the admins, whom all members of a group may see; `all`: all members, whom only admins may see if the group hides its members
 */
async function accessMembers({ chats, clock }: ChannelMembersDeps, { peerId }: ChannelIds, viewerId: bigint, which: 'self' | 'admins' | 'all') {
  const [row, member] = await Promise.all([chats.findRow(peerId), chats.findMember(peerId, viewerId)]);
  if (row === undefined || isChatRow(row)) throw rpcError('CHANNEL_INVALID');
  const nowDate = clock.now();
  const standing = standingIn(row, member, nowDate);
  if (which !== 'self') {
    if (standing.status === 'member') checkRight(standing, 'view_members');
    else if (row.kind === 'broadcast') throw rpcError('CHAT_ADMIN_REQUIRED');
    if (which === 'all' && (row.flags & ChannelFlag.participantsHidden) !== 0 && !isAdmin(standing)) throw rpcError('CHAT_ADMIN_REQUIRED');
  }
  const canEdit = (target: ChannelMemberRow): boolean =>
    target.role === 'admin' && target.user_id !== viewerId && mayDo(standing, 'add_admins') && hasPowerOver(standing, viewerId, target);
  return { row, standing, canEdit, viewer: { viewerId, row, standing, nowDate } };
}
