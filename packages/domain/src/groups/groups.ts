import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { JobKind } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { findGiven, isUnaccepted, listUnmet } from '../acceptance/index.ts';
import { type Chats, checkRight, findChatMembers, findChatRows, listMembers, packDefaultRights, projectBannedRights, standingIn } from '../chats/index.ts';
import { checkTtlPeriod } from '../dialogs/index.ts';
import type { BoxWriter, Origin } from '../events/index.ts';
import { createInvitePurge, type InvitesDoor } from '../invites/index.ts';
import { actionOfPhoto, findKnownEmoji } from '../documents/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { DomainConfig, DomainDeps } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { customEmojiAllowed, packReactionSettings, sameReactions } from './allowed-reactions.ts';
import { checkedGroupAbout, checkedRank, checkedTitle } from './check-group-text.ts';
import { createClearJob } from './clear-group.ts';
import { doCreateGroup } from './create-group.ts';
import { findFullGroup, findGroupRows, type FullGroupDeps } from './full-group.ts';
import { type Acting, changeGroup, type GroupChangeDeps, type GroupOutcome } from './group-change.ts';
import { openGroupInvites } from './group-invites-door.ts';
import { createGroupOperator, type GroupOperator } from './group-operator.ts';
import { createHandOver, findHeir } from './hand-over.ts';
import { checkBots, findInvitees, type Invitee, type InviteeDeps, peopleOf, projectMissingInvitees } from './invitees.ts';
import { addMember, checkAdding, endMembership, mayRemove } from './members.ts';
import { createRetainGroupsJob } from './retain-groups.ts';
import { setPhoto } from './set-photo.ts';

/** The result of adding people. */
export interface Invitation extends GroupOutcome {
  /** Those who could not be added, because of their privacy settings or because of the limits of strangers. */
  missing: tl.missingInvitee[];
}

/** The dependencies of the operations on groups. */
export interface GroupsDeps extends BoxWriter, InviteeDeps, FullGroupDeps, Pick<DomainDeps, 'clock' | 'random'>, Pick<GroupChangeDeps, 'requestNotices'> {
  sendLimits: Pick<SendLimits, 'checkAdding' | 'checkMayAdd' | 'openNotices'>;
  config: Pick<DomainConfig, 'homeDcId' | 'groupMembersMax' | 'botsPerGroupMax' | 'ownerReturnDays'>;
  chats: Chats;
  users: Pick<Users, 'findRelation' | 'findRows'>;
}

/** Operations on basic groups, except sending messages to them. */
export class Groups {
  readonly #deps: GroupsDeps;
  readonly #clearJob: ReturnType<typeof createClearJob>;
  readonly #invitePurge: ReturnType<typeof createInvitePurge>;
  readonly #handOver: ReturnType<typeof createHandOver>;
  /** For the operator of the server only. */
  readonly operator: GroupOperator;
  readonly jobKinds: readonly JobKind[];

  constructor(deps: GroupsDeps) {
    this.#deps = deps;
    this.#clearJob = createClearJob(deps);
    this.#invitePurge = createInvitePurge(deps.db);
    this.#handOver = createHandOver(deps, deps.config.ownerReturnDays * 86_400);
    this.operator = createGroupOperator(deps, this.#clearJob, this.#invitePurge);
    this.jobKinds = [this.#clearJob, this.#handOver.jobKind, this.#invitePurge, createRetainGroupsJob(deps)];
  }

  /**
   * Creates a group. People are left out if their privacy settings do not let them be added, or if the creator is a stranger to them who is beyond a limit.
   * @param group.users those to add; the creator is a member anyway
   * @param group.randomId the same for a repeat of the same call; not 0
   * @throws RpcError 400 CHAT_TITLE_EMPTY, USERS_TOO_MUCH, INPUT_USER_DEACTIVATED, USER_ID_INVALID, TTL_PERIOD_INVALID, RANDOM_ID_DUPLICATE, BOT_GROUPS_BLOCKED, BOTS_TOO_MUCH
   */
  async doCreate({ creatorId, title, users, ttlPeriod, randomId, origin }: { creatorId: bigint; title: string; users: readonly UserRow[]; ttlPeriod: number; randomId: bigint; origin: Origin }): Promise<Invitation> {
    const clean = checkedTitle(title);
    checkTtlPeriod(ttlPeriod);
    const others = new Map(users.filter((user) => user.user_id !== creatorId).map((user) => [user.user_id, user]));
    if (others.size + 1 > this.#deps.config.groupMembersMax) throw rpcError('USERS_TOO_MUCH');
    const invitees = await findInvitees(this.#deps, creatorId, [...others.values()], 'groups');
    checkBots(invitees, 0, this.#deps.config.botsPerGroupMax);
    const { notAdded, ...outcome } = await doCreateGroup({ ...this.#deps, homeDcId: this.#deps.config.homeDcId }, { creatorId, title: clean, people: peopleOf(invitees), ttlPeriod, randomId, origin });
    return { ...outcome, missing: projectMissingInvitees(invitees, notAdded) };
  }

  /**
   * Adds somebody, or brings back the actor after they left.
   * @param forwarded number of the last messages that are copied to the new member
   * @throws RpcError 400 USER_ALREADY_PARTICIPANT, USERS_TOO_MUCH, CHAT_ADMIN_REQUIRED, USER_NOT_MUTUAL_CONTACT (only mutual contacts may bring back
   *   people who left), YOU_BLOCKED_USER, INPUT_USER_DEACTIVATED, BOT_GROUPS_BLOCKED, BOTS_TOO_MUCH, 403 CHAT_WRITE_FORBIDDEN
   */
  async doAddUser(acting: Acting, user: UserRow, forwarded: number): Promise<Invitation> {
    const invitee = await this.#findInvitee(acting.actorId, user);
    let refusedIds: ReadonlySet<bigint> = new Set();
    const outcome = await changeGroup(this.#deps, 'add-to-group', { ...acting, named: user.elsewhere ? [] : [user.user_id] }, async (group) => {
      checkAdding(group, acting, invitee, this.#deps.config);
      refusedIds = await addMember(group, acting, invitee, forwarded);
    });
    return { ...outcome, missing: projectMissingInvitees([invitee], refusedIds) };
  }

  /**
   * Removes a member, or leaves. Admins may remove members, and members may remove people whom they added.
   * @throws RpcError 400 USER_NOT_PARTICIPANT, CHAT_ADMIN_REQUIRED
   */
  doRemoveUser(acting: Acting, userId: bigint, revokesHistory: boolean): Promise<GroupOutcome> {
    return changeGroup(this.#deps, 'remove-from-group', { ...acting, named: [userId] }, async (group) => {
      const { actorId, chatId } = acting;
      const target = group.memberOf(userId);
      if (group.row.migrated_to !== null) throw rpcError('CHAT_ID_INVALID');
      if (target?.status !== 'member' || group.row.deactivated) throw rpcError('USER_NOT_PARTICIPANT');
      if (userId !== actorId && !mayRemove(group.actor, target)) throw rpcError('CHAT_ADMIN_REQUIRED');
      // Whoever added a member may remove them, but not what they wrote in the boxes of all others.
      if (revokesHistory && userId !== actorId && !group.may('delete_messages')) throw rpcError('CHAT_ADMIN_REQUIRED');
      const before = group.memberIds;
      await group.sayIfRoom({ _: 'messageActionChatDeleteUser', user_id: userId }, before);
      const status = userId === actorId ? 'left' : 'banned';
      const version = group.setMembers({ ...target, status, role: 'member', date: group.date });
      group.tell(group.memberIds, { _: 'updateChatParticipantDelete', chat_id: chatId, user_id: userId, version });
      // Nobody removes the creator, so that they have left.
      if (target.role === 'creator') await this.#handOver.announce(group, acting);
      if (revokesHistory) for (const ownerId of before) await group.tx.job(this.#clearJob.order(ownerId, { peerId: group.peerId, authorId: userId, untilDate: group.date }));
    });
  }

  /** Deletes a group with its messages for all members. @throws RpcError 400 CHAT_ADMIN_REQUIRED */
  async doDelete(acting: Acting): Promise<void> {
    await changeGroup(this.#deps, 'delete-group', this.#untold(acting), async (group) => {
      // A repeat changes nothing more.
      if (group.row.deactivated && group.row.migrated_to === null && group.row.creator_id === acting.actorId) return;
      group.check('delete_chat');
      const before = group.members;
      group.set({ deactivated: true });
      await setPhoto(group, undefined);
      group.setMembers(...before.map((member) => ({ ...member, status: 'banned' as const, date: group.date })));
      group.tell(before.map((member) => member.user_id), { _: 'updateChatParticipants', participants: { _: 'chatParticipantsForbidden', chat_id: acting.chatId } });
      for (const { user_id: ownerId } of before) await group.tx.job(this.#clearJob.order(ownerId, { peerId: group.peerId, authorId: null, untilDate: null }));
      await group.tx.job(this.#invitePurge.order(acting.actorId, { peerId: group.peerId }));
    });
  }

  /** @throws RpcError 400 CHAT_TITLE_EMPTY, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
  async doEditTitle(acting: Acting, title: string): Promise<GroupOutcome> {
    const clean = checkedTitle(title);
    return changeGroup(this.#deps, 'edit-group-title', acting, async (group) => {
      group.check('change_info');
      if (group.row.title === clean) throw rpcError('CHAT_NOT_MODIFIED');
      group.set({ title: clean });
      await group.say({ _: 'messageActionChatEditTitle', title: clean }, group.memberIds);
    });
  }

  /** @throws RpcError 400 CHAT_ABOUT_TOO_LONG, CHAT_ABOUT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED, 420 FLOOD_WAIT_%d */
  async doEditAbout(acting: Acting, about: string): Promise<void> {
    const clean = checkedGroupAbout(about);
    await changeGroup(this.#deps, 'edit-group-about', this.#untold(acting), async (group) => {
      group.check('change_info');
      if (group.row.about === clean) throw rpcError('CHAT_ABOUT_NOT_MODIFIED');
      group.set({ about: clean });
      await group.announce({ _: 'updateChat', chat_id: acting.chatId });
    });
  }

  /**
   * Sets which reactions members may use, and how many different ones a message may have. Those that were given before stay.
   * @param limit undefined: as many as the server allows
   * @throws RpcError 400 REACTION_INVALID, LIMIT_PER_POST_INVALID, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED
   */
  async doSetReactions(acting: Acting, reactions: tl.ChatReactions, limit: number | undefined): Promise<GroupOutcome> {
    const known = await findKnownEmoji(this.#deps.db, customEmojiAllowed(reactions));
    return changeGroup(this.#deps, 'set-group-reactions', acting, async (group) => {
      const packed = packReactionSettings(reactions, limit, known);
      group.check('change_info');
      if (sameReactions(group.row, packed)) throw rpcError('CHAT_NOT_MODIFIED');
      group.set(packed);
      await group.announce({ _: 'updateChat', chat_id: acting.chatId });
    });
  }

  /** Sets the photo, or removes it. @throws RpcError 400 CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
  doEditPhoto(acting: Acting, photo: tl.photo | undefined): Promise<GroupOutcome> {
    return changeGroup(this.#deps, 'edit-group-photo', acting, async (group) => {
      group.check('change_info');
      if (group.row.photo_id === (photo?.id ?? null)) throw rpcError('CHAT_NOT_MODIFIED');
      await setPhoto(group, photo);
      await group.say(actionOfPhoto(photo), group.memberIds);
    });
  }

  /** Makes a member an admin, or an ordinary member again. A repeat changes nothing. @throws RpcError 400 USER_NOT_PARTICIPANT, USER_ID_INVALID, CHAT_ADMIN_REQUIRED, 420 FLOOD_WAIT_%d */
  async doEditAdmin(acting: Acting, userId: bigint, isAdmin: boolean): Promise<void> {
    await changeGroup(this.#deps, 'edit-group-admin', { ...this.#untold(acting), named: [userId] }, async (group) => {
      group.check('add_admins');
      const target = group.memberOf(userId);
      if (target?.status !== 'member') throw rpcError('USER_NOT_PARTICIPANT');
      if (target.role === 'creator') throw rpcError('USER_ID_INVALID');
      const role = isAdmin ? 'admin' : 'member';
      if (target.role === role) return;
      const version = group.setMembers({ ...target, role });
      await group.announce({ _: 'updateChatParticipantAdmin', chat_id: acting.chatId, user_id: userId, is_admin: isAdmin, version });
    });
  }

  /** Sets the title that is shown beside a member's name; '' for none. @throws RpcError 400 ADMIN_RANK_INVALID, ADMIN_RANK_EMOJI_NOT_ALLOWED, USER_NOT_PARTICIPANT, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
  async doEditRank(acting: Acting, userId: bigint, rank: string): Promise<GroupOutcome> {
    const clean = checkedRank(rank);
    return changeGroup(this.#deps, 'edit-group-rank', { ...acting, named: [userId] }, async (group) => {
      group.check(userId === acting.actorId ? 'edit_own_rank' : 'manage_ranks');
      const target = group.memberOf(userId);
      if (target?.status !== 'member') throw rpcError('USER_NOT_PARTICIPANT');
      if (target.role === 'creator' && userId !== acting.actorId) throw rpcError('CHAT_ADMIN_REQUIRED');
      if (target.rank === clean) throw rpcError('CHAT_NOT_MODIFIED');
      const version = group.setMembers({ ...target, rank: clean });
      await group.announce({ _: 'updateChatParticipantRank', chat_id: acting.chatId, user_id: userId, rank: clean, version });
    });
  }

  /** Sets what ordinary members may not do. @throws RpcError 400 BANNED_RIGHTS_INVALID, UNTIL_DATE_INVALID, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED */
  async doEditDefaultRights(acting: Acting, rights: tl.chatBannedRights): Promise<GroupOutcome> {
    const default_rights = packDefaultRights(rights);
    return changeGroup(this.#deps, 'edit-group-rights', acting, async (group) => {
      group.check('ban_users');
      if (group.row.default_rights === default_rights) throw rpcError('CHAT_NOT_MODIFIED');
      group.set({ default_rights });
      const peer: tl.Peer = { _: 'peerChat', chat_id: acting.chatId };
      const version = group.nextVersion();
      await group.announce({ _: 'updateChatDefaultBannedRights', peer, default_banned_rights: projectBannedRights(default_rights), version });
    });
  }

  /** Protects the content of a group or no longer: nothing can be forwarded out of it. @throws RpcError 400 CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
  doToggleNoForwards(acting: Acting, enabled: boolean): Promise<GroupOutcome> {
    return changeGroup(this.#deps, 'toggle-group-protection', acting, async (group) => {
      group.check('toggle_noforwards');
      if (group.row.noforwards === enabled) throw rpcError('CHAT_NOT_MODIFIED');
      group.set({ noforwards: enabled });
      // The new flag travels with the update, in `chats`.
      await group.announce({ _: 'updateChat', chat_id: acting.chatId });
    });
  }

  /**
   * Makes another member the creator; the old one becomes an admin. The caller checks the password before. A repeat changes nothing more.
   * @throws RpcError 400 CHAT_ADMIN_REQUIRED, USER_ID_INVALID (a bot, or oneself), USER_NOT_PARTICIPANT, INPUT_USER_DEACTIVATED, 403 CHAT_WRITE_FORBIDDEN,
   *   USER_PRIVACY_RESTRICTED (a stranger has added the member, who has not accepted that)
   */
  doEditCreator(acting: Acting, { user_id: userId, bot, deleted }: UserRow): Promise<GroupOutcome> {
    return changeGroup(this.#deps, 'transfer-group', { ...acting, named: [userId] }, async (group) => {
      const { actor } = group;
      if (group.row.creator_id === userId && actor.status === 'member' && userId !== acting.actorId) return;
      group.check('transfer');
      if (bot || userId === acting.actorId) throw rpcError('USER_ID_INVALID');
      if (deleted) throw rpcError('INPUT_USER_DEACTIVATED');
      const target = group.memberOf(userId);
      if (target?.status !== 'member') throw rpcError('USER_NOT_PARTICIPANT');
      // Nobody becomes responsible for a group without having agreed to be in it.
      if (await isUnaccepted(group.tx, userId, group.peerId)) throw rpcError('USER_PRIVACY_RESTRICTED');
      group.set({ creator_id: userId });
      group.setMembers({ ...target, role: 'creator' }, { ...actor, role: 'admin' });
      // Two members changed in one step, so all members get the whole list.
      await group.announce(group.projectParticipants());
    });
  }

  /** Who becomes the creator if the viewer, who is the creator, leaves; undefined: nobody. @throws RpcError 400 CHAT_ADMIN_REQUIRED, CHAT_ID_INVALID */
  findFutureCreator(viewerId: bigint, chatId: bigint): Promise<bigint | undefined> {
    return this.#deps.db.transact('find-future-creator', async (tx) => {
      const [[row], [viewer], members] = await Promise.all([findChatRows(tx, [chatId]), findChatMembers(tx, [{ id: chatId, userId: viewerId }]), listMembers(tx, chatId)]);
      if (row === undefined || viewer === undefined) throw rpcError('CHAT_ID_INVALID');
      checkRight(standingIn(row, viewer, this.#deps.clock.now()), 'transfer');
      return (await findHeir(tx, members, viewerId))?.user_id;
    });
  }

  /**
   * Takes somebody out who has no account any more, without a service message. A repeat, or somebody who was never in the group, changes nothing.
   * @returns the id of the supergroup, if the group has become one
   * @throws RpcError 400 CHAT_ID_INVALID
   */
  async doEndMembership(acting: Acting): Promise<bigint | undefined> {
    let migratedTo: bigint | undefined;
    await changeGroup(this.#deps, 'end-group-membership', { ...acting, mayEnter: true }, async (group) => {
      const actor = group.memberOf(acting.actorId);
      migratedTo = group.row.migrated_to ?? undefined;
      if (actor?.status === 'member' && !group.row.deactivated) await endMembership(group, acting, this.#handOver);
    });
    return migratedTo;
  }

  /**
   * The actor leaves a group to which a stranger has added them, without a service message. Does nothing if the actor has accepted the place.
   * @returns the id of the supergroup, if the group has become one
   * @throws RpcError 400 CHAT_ID_INVALID
   */
  async doLeaveUnaccepted(acting: Acting): Promise<bigint | undefined> {
    let migratedTo: bigint | undefined;
    await changeGroup(this.#deps, 'leave-unaccepted-group', acting, async (group) => {
      const { actorId: ownerId, chatId: chat_id } = acting;
      migratedTo = group.row.migrated_to ?? undefined;
      if (group.actor.status !== 'member' || group.row.deactivated) return;
      if ((await findGiven(group.tx, { ownerId, peerId: group.peerId })) === undefined) return;
      await endMembership(group, acting, this.#handOver);
      group.tell([ownerId], { _: 'updateChatParticipants', participants: { _: 'chatParticipantsForbidden', chat_id } });
    });
    return migratedTo;
  }

  /** The full information about a group, for present and former members. @throws RpcError 400 CHAT_ID_INVALID */
  findFull(viewerId: bigint, chatId: bigint): Promise<tl.chatFull> {
    return findFullGroup(this.#deps, viewerId, chatId);
  }

  /** How many members are online now, without those who have not accepted their places and to whom the viewer is a stranger. @throws RpcError 400 CHAT_ID_INVALID, 403 CHAT_WRITE_FORBIDDEN for former members */
  async countOnline(viewerId: bigint, chatId: bigint): Promise<number> {
    const { members } = await findGroupRows(this.#deps.db, viewerId, chatId);
    const rows = await this.#deps.users.findRows(members.map((member) => member.user_id));
    const nowDate = this.#deps.clock.now();
    const onlineIds = [...rows.values()].filter((row) => row.user_id === viewerId || row.online_date > nowDate).map((row) => row.user_id);
    const unmet = await listUnmet(this.#deps.db, markPeer({ _: 'peerChat', chat_id: chatId }), onlineIds, viewerId);
    return onlineIds.length - unmet.size;
  }

  /** The invite links and join requests of a group. @param chatId as TL has it, not marked */
  invitesOf(chatId: bigint): InvitesDoor {
    return openGroupInvites(this.#deps, chatId);
  }

  /** The privacy settings of people who come back by themselves are not asked. */
  async #findInvitee(actorId: bigint, user: UserRow): Promise<Invitee> {
    if (user.user_id === actorId) return { userId: actorId, adder: 'known', isMutual: true, refusal: undefined, bot: undefined };
    const [invitee] = await findInvitees(this.#deps, actorId, [user], 'groups');
    return invitee!;
  }

  /** For calls whose answer contains no updates: the calling session gets them pushed like all others. */
  #untold(acting: Acting): Acting {
    return { ...acting, origin: undefined };
  }
}
