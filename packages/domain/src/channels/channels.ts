import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Bus } from '@aerogram/bus';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedChannel } from '../access/index.ts';
import { ChannelFlag, type ChannelMemberRow, type Chats, checkRight, countDeleted, findChannelMembers, findChannelViews, mayDo, standingIn } from '../chats/index.ts';
import { type BoxWriter, type PostRow, publishTransient } from '../events/index.ts';
import { findInvitees } from '../groups/index.ts';
import { type PeerProjector, PeerSet, type UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { DomainConfig, DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { type Acting, changeChannel, type ChangeScope, type ChannelChange } from './channel-change.ts';
import { addInvitees, addSelf, removeSelf } from './channel-members.ts';
import { type AdminEdit, type BanEdit, editAdmin, editBanned } from './channel-rights.ts';
import { editAbout, editDefaultRights, editTitle, setSignatures, setSlowMode } from './channel-settings.ts';
import { type CreatedChannel, doCreateChannel, type NewChannel } from './create-channel.ts';
import { deletePosts, editPost, type PostEdit } from './edit-posts.ts';
import { findFullChannel } from './full-channel.ts';
import { listParticipants, type ParticipantPage, projectParticipant } from './participants.ts';
import { findPosts, listPosts, type PostWindow } from './post-store.ts';
import { projectPost } from './project-post.ts';
import { doReadChannel } from './read-marks.ts';
import { doSendPost, type NewPost } from './send-post.ts';

/** What the caller of a change learns of it. */
export interface ChannelOutcome {
  updates: tl.Update[];
  /** How far the updates move the channel; undefined if they contain no event with a pts. */
  step: ChannelStep | undefined;
}

/** The pts that a channel reached by a change, and by how much. */
export interface ChannelStep {
  pts: number;
  ptsCount: number;
}

/** What comes of adding people to a channel. */
export interface ChannelInvitation extends ChannelOutcome {
  /** Those who could not be added because their privacy settings do not allow it. */
  missing: tl.missingInvitee[];
}

/** Participants with everybody whom they name. */
export interface ParticipantList {
  participants: tl.ChannelParticipant[];
  count: number;
}

/**
 * One channel: the only way to its rows. Arguments and results are plain data, because the channel may be kept in another data centre.
 */
export interface ChannelDoor {
  /** Posts a message. Throws as {@link doSendPost}. */
  doSend(post: NewPost): Promise<PostRow>;
  /** Adds people. @throws RpcError 400 CHAT_ADMIN_REQUIRED, USERS_TOO_MUCH, USER_KICKED, USER_BLOCKED, USER_NOT_MUTUAL_CONTACT, USER_ID_INVALID */
  doInvite(acting: Acting, users: readonly UserRow[]): Promise<ChannelInvitation>;
  /** Adds the actor. @throws RpcError 400 CHANNEL_PRIVATE, USER_ALREADY_PARTICIPANT, USERS_TOO_MUCH */
  doJoin(acting: Acting): Promise<ChannelOutcome>;
  /** Takes the actor out. @throws RpcError 400 USER_NOT_PARTICIPANT, USER_CREATOR */
  doLeave(acting: Acting): Promise<ChannelOutcome>;
  /** Edits the text of a message. Throws as {@link editPost}. */
  doEdit(edit: PostEdit): Promise<{ row: PostRow; pts: number }>;
  /** Deletes messages. Throws as {@link deletePosts}. */
  doDelete(acting: Acting, msgIds: readonly number[]): Promise<ChannelStep>;
  /** Throws as {@link editTitle}. */
  doEditTitle(acting: Acting, title: string): Promise<ChannelOutcome>;
  /** Throws as {@link editAbout}. */
  doEditAbout(acting: Acting, about: string): Promise<void>;
  /** Throws as {@link editDefaultRights}. */
  doEditDefaultRights(acting: Acting, rights: tl.chatBannedRights): Promise<ChannelOutcome>;
  /** Throws as {@link editAdmin}. */
  doEditAdmin(edit: AdminEdit): Promise<ChannelOutcome>;
  /** Throws as {@link editBanned}. */
  doEditBanned(edit: BanEdit): Promise<ChannelOutcome>;
  /** Throws as {@link setSlowMode}. */
  doSetSlowMode(acting: Acting, seconds: number): Promise<ChannelOutcome>;
  /** Throws as {@link setSignatures}. */
  doSetSignatures(acting: Acting, signatures: { shows: boolean; links: boolean }): Promise<ChannelOutcome>;
  /** Marks everything up to a message as read, and tells the reader's devices and the authors. People who are not members have no mark. */
  doRead(userId: bigint, maxId: number): Promise<void>;
  /** Finds messages by id. Ids that do not exist are left out. */
  find(msgIds: readonly number[]): Promise<Map<number, PostRow>>;
  /** Reads a page of the history, newest first. */
  listHistory(window: PostWindow): Promise<readonly PostRow[]>;
  /** The pts of the channel and the number of its messages. */
  findState(): Promise<{ pts: number; count: number }>;
  /** Lists members. @throws RpcError 400 CHAT_ADMIN_REQUIRED if the viewer may not see them */
  listParticipants(viewerId: bigint, page: ParticipantPage): Promise<ParticipantList>;
  /** A member or former member. @throws RpcError 400 USER_NOT_PARTICIPANT, CHAT_ADMIN_REQUIRED */
  findParticipant(viewerId: bigint, userId: bigint): Promise<tl.ChannelParticipant>;
}

/** Supergroups and broadcast channels. */
export interface Channels {
  /** @param channelId the plain id */
  at(channelId: bigint): ChannelDoor;
  /** Creates a channel. Throws as {@link doCreateChannel}. */
  doCreate(channel: NewChannel): Promise<CreatedChannel>;
  /** Everything about a channel that the viewer may see. */
  findFull(viewerId: bigint, channel: ResolvedChannel): Promise<tl.channelFull>;
  /** Projects messages of channels as a viewer sees them, with all peers that they name. */
  project(viewerId: bigint, rows: readonly PostRow[]): Promise<{ messages: tl.Message[]; users: tl.User[]; chats: tl.Chat[] }>;
}

/** The dependencies of channels. */
export interface ChannelsDeps extends BoxWriter, Pick<DomainDeps, 'clock'>, Pick<PeerProjector, 'projectPeers'> {
  db: Database;
  bus: Bus;
  config: Pick<DomainConfig, 'homeDcId' | 'supergroupMembersMax'>;
  chats: Chats;
  users: Pick<Users, 'findRelation' | 'findRows'>;
  privacy: Pick<Privacy, 'mayInvite'>;
  notifications: { findPeerSettings(ownerId: bigint, peerIds: readonly bigint[]): Promise<Map<bigint, tl.peerNotifySettings>> };
}

/** Creates the operations on channels. */
export function createChannels(deps: ChannelsDeps): Channels {
  return {
    at: (channelId) => new LocalDoor(deps, channelId),
    doCreate: (channel) => doCreateChannel({ ...deps, homeDcId: deps.config.homeDcId }, channel),
    findFull: (viewerId, channel) => findFullChannel(deps, viewerId, channel),
    async project(viewerId, rows) {
      const peers = new PeerSet();
      const messages = rows.map((row) => {
        const message = projectPost(row, viewerId);
        peers.addMessage(row);
        if (row.extra !== null) peers.addObject(message);
        return message;
      });
      return { messages, ...(await deps.projectPeers(viewerId, peers)) };
    },
  };
}

/** A channel whose rows are in this database. */
class LocalDoor implements ChannelDoor {
  readonly #deps: ChannelsDeps;
  readonly #channelId: bigint;
  readonly #peerId: bigint;

  constructor(deps: ChannelsDeps, channelId: bigint) {
    this.#deps = deps;
    this.#channelId = channelId;
    this.#peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
  }

  doSend(post: NewPost): Promise<PostRow> {
    return doSendPost(this.#deps, this.#channelId, post);
  }

  async doInvite(acting: Acting, users: readonly UserRow[]): Promise<ChannelInvitation> {
    const unique = new Map(users.map((user) => [user.user_id, user]));
    const invitees = await findInvitees(this.#deps, acting.actorId, [...unique.values()]);
    const outcome = await this.#change('invite-to-channel', acting, { opened: [...unique.keys()] }, async (channel) => {
      await addInvitees(channel, acting, invitees, this.#deps.config.supergroupMembersMax);
      return [];
    });
    return { ...outcome, missing: invitees.flatMap((invitee) => invitee.missing ?? []) };
  }

  doJoin(acting: Acting): Promise<ChannelOutcome> {
    return this.#change('join-channel', acting, { opened: [acting.actorId] }, (channel) => addSelf(channel, acting, this.#deps.config.supergroupMembersMax));
  }

  doLeave(acting: Acting): Promise<ChannelOutcome> {
    return this.#change('leave-channel', acting, { opened: [acting.actorId] }, (channel) => removeSelf(channel, acting));
  }

  doEdit(edit: PostEdit): Promise<{ row: PostRow; pts: number }> {
    return this.#open('edit-post', edit, {}, (channel) => editPost(channel, edit));
  }

  doDelete(acting: Acting, msgIds: readonly number[]): Promise<ChannelStep> {
    return this.#open('delete-posts', acting, {}, (channel) => deletePosts(channel, acting, msgIds));
  }

  doEditTitle(acting: Acting, title: string): Promise<ChannelOutcome> {
    return this.#change('edit-channel-title', acting, {}, (channel) => editTitle(channel, title));
  }

  async doEditAbout(acting: Acting, about: string): Promise<void> {
    await this.#change('edit-channel-about', acting, {}, (channel) => editAbout(channel, about));
  }

  doEditDefaultRights(acting: Acting, rights: tl.chatBannedRights): Promise<ChannelOutcome> {
    return this.#change('edit-channel-rights', acting, {}, (channel) => editDefaultRights(channel, rights));
  }

  doEditAdmin(edit: AdminEdit): Promise<ChannelOutcome> {
    return this.#change('edit-channel-admin', edit, { opened: [edit.userId] }, (channel) => editAdmin(channel, edit));
  }

  doEditBanned(edit: BanEdit): Promise<ChannelOutcome> {
    return this.#change('edit-channel-ban', edit, { opened: [edit.userId] }, (channel) => editBanned(channel, edit));
  }

  doSetSlowMode(acting: Acting, seconds: number): Promise<ChannelOutcome> {
    return this.#change('set-slow-mode', acting, {}, (channel) => setSlowMode(channel, seconds));
  }

  doSetSignatures(acting: Acting, signatures: { shows: boolean; links: boolean }): Promise<ChannelOutcome> {
    return this.#change('set-signatures', acting, {}, (channel) => setSignatures(channel, signatures));
  }

  async doRead(userId: bigint, maxId: number): Promise<void> {
    const read = await doReadChannel(this.#deps, { userId, channelId: this.#channelId, peerId: this.#peerId, maxId });
    if (read === undefined) return;
    const channel_id = this.#channelId;
    const { bus } = this.#deps;
    publishTransient(bus, userId, {
      _: 'updateReadChannelInbox',
      folder_id: read.folderId === 0 ? undefined : read.folderId,
      channel_id,
      max_id: read.maxId,
      still_unread_count: read.unread,
      pts: read.pts,
    });
    for (const authorId of read.authorIds) publishTransient(bus, authorId, { _: 'updateReadChannelOutbox', channel_id, max_id: read.maxId });
  }

  find(msgIds: readonly number[]): Promise<Map<number, PostRow>> {
    return findPosts(this.#deps.db.q, this.#channelId, msgIds);
  }

  listHistory(window: PostWindow): Promise<readonly PostRow[]> {
    return listPosts(this.#deps.db.q, this.#channelId, window);
  }

  async findState(): Promise<{ pts: number; count: number }> {
    const views = await findChannelViews(this.#deps.db.q, 0n, [this.#peerId]);
    const view = views.get(this.#peerId);
    const deleted = await countDeleted(this.#deps.db.q, this.#channelId);
    return { pts: view?.pts ?? 1, count: (view?.ordinal ?? 0) - deleted };
  }

  async listParticipants(viewerId: bigint, page: ParticipantPage): Promise<ParticipantList> {
    const { row, standing, canEdit } = await this.#accessMembers(viewerId, page.filter.kind !== 'admins');
    const isAdmin = standing.status === 'member' && standing.role !== 'member';
    if ((page.filter.kind === 'kicked' || page.filter.kind === 'banned') && !isAdmin) throw rpcError('CHAT_ADMIN_REQUIRED');
    const findNames = (userIds: readonly bigint[]) => this.#deps.users.findRows(userIds);
    const { rows, count } = await listParticipants(this.#deps.db, this.#channelId, page, { memberCount: row.members, findNames });
    return { participants: rows.map((member) => projectParticipant(member, viewerId, row.creator_id, canEdit(member))), count: Math.max(count, rows.length) };
  }

  async findParticipant(viewerId: bigint, userId: bigint): Promise<tl.ChannelParticipant> {
    const { row, canEdit } = await this.#accessMembers(viewerId, userId !== viewerId);
    const [member] = await findChannelMembers(this.#deps.db, [{ id: this.#channelId, userId }]);
    if (member === undefined || member.status === 'left') throw rpcError('USER_NOT_PARTICIPANT');
    return projectParticipant(member, viewerId, row.creator_id, canEdit(member));
  }

  /** Checks that the viewer may see members. @param others whether people other than the viewer and the admins are meant */
  async #accessMembers(viewerId: bigint, others: boolean) {
    const { chats, clock } = this.#deps;
    const [row, member] = await Promise.all([chats.findRow(this.#peerId), chats.findMember(this.#peerId, viewerId)]);
    if (row === undefined || !('kind' in row)) throw rpcError('CHANNEL_INVALID');
    const standing = standingIn(row, member, clock.now());
    const isAdmin = standing.status === 'member' && standing.role !== 'member';
    if (others) {
      if (standing.status === 'member') checkRight(standing, 'view_members');
      else if (row.kind === 'broadcast') throw rpcError('CHAT_ADMIN_REQUIRED');
      if ((row.flags & ChannelFlag.participantsHidden) !== 0 && !isAdmin) throw rpcError('CHAT_ADMIN_REQUIRED');
    }
    const canEdit = (target: ChannelMemberRow): boolean =>
      target.role === 'admin' && target.user_id !== viewerId && mayDo(standing, 'add_admins') && (standing.role === 'creator' || target.promoted_by === viewerId);
    return { row, standing, canEdit };
  }

  #open<T>(name: string, acting: Acting, scope: ChangeScope, change: (channel: ChannelChange) => Promise<T>): Promise<T> {
    return changeChannel(this.#deps, { name, channelId: this.#channelId, acting }, scope, change);
  }

  #change(name: string, acting: Acting, scope: ChangeScope, change: (channel: ChannelChange) => tl.Update[] | Promise<tl.Update[]>): Promise<ChannelOutcome> {
    return this.#open(name, acting, scope, async (channel) => {
      const updates = await change(channel);
      const last = channel.posts.at(-1);
      const step = last && { pts: last.pts, ptsCount: channel.posts.length };
      return { updates: [...updates, ...channel.posts.map((row) => newPostUpdate(row, acting.actorId))], step };
    });
  }
}

/** The update about a new message, for its author. Pure. */
export function newPostUpdate(row: PostRow, viewerId: bigint): tl.updateNewChannelMessage {
  return { _: 'updateNewChannelMessage', message: projectPost(row, viewerId), pts: row.pts, pts_count: 1 };
}
