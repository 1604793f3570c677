import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { endUnaccepted } from '../acceptance/index.ts';
import {
  type ChatAction,
  type ChatMemberRow,
  type ChatRow,
  type Chats,
  checkRight,
  countBots,
  findChatMembers,
  findChatRows,
  listMembers,
  mayDo,
  projectChatParticipants,
  saveChatMembers,
  type Standing,
  standingIn,
  updateChat,
} from '../chats/index.ts';
import { type Boxes, type BoxWriter, type MessageRow, type OpenBoxes, type Origin, packMessageExtra } from '../events/index.ts';
import { announceRequests, type RequestNotices, revokeInvitesOf, settleEntrances } from '../invites/index.ts';
import { addNotice, placesInChat, projectMessage } from '../messages/index.ts';
import type { ChargeNotice, SendLimits } from '../moderation/index.ts';
import { refuseWait, type Wait } from '../shared/index.ts';
import { tellBotsOfMembers } from './tell-bots-of-group-members.ts';

/** What changes of groups are built from. */
export interface GroupChangeDeps extends Pick<BoxWriter, 'writeFoundBoxes'> {
  random: Random;
  chats: Pick<Chats, 'chatChanged'>;
  requestNotices: Pick<RequestNotices, 'changed'>;
  sendLimits: Pick<SendLimits, 'openNotices'>;
}

/** The person who changes a group, and the group. */
export interface Acting {
  actorId: bigint;
  /** As TL has it, not marked. */
  chatId: bigint;
  /** The session of the call, if the answer of the call contains the updates; if absent, that session gets them pushed like all others. */
  origin: Origin | undefined;
}

/** What the caller learns of a change. */
export interface GroupOutcome {
  /** The events of the caller's own box, in their order. */
  updates: tl.Update[];
  /** The caller's copy of the service message that says what happened, if there is one. */
  notice: MessageRow | undefined;
}

/** The rows of a group as read under the lock of its counter. */
interface FoundGroup {
  row: ChatRow;
  /** Everybody who is in the group, by user id. */
  members: ChatMemberRow[];
  /** The rows of the users whom the change names, including former members. */
  named: Map<bigint, ChatMemberRow>;
}

/** How a service message is added. */
export interface Saying {
  /** Whether the lifetime of messages in the group applies to it. */
  expires?: boolean;
  /** The one who did it, if it was not the actor, whose session then gets the message pushed like all others. */
  authorId?: bigint;
  /** It says what the server does by itself or what happens once, and counts for nobody. */
  isFree?: boolean;
}

/**
 * Runs a transaction that changes a basic group. Its counter and those of all members are locked, so that changes of the group and messages in it happen
 * one after the other.
 * @param acting.named users whose rows are read and whose boxes are opened even if they are not members; the actor always is
 * @param acting.opened marked ids of channels that are written, too
 * @param acting.mayEnter the actor may be somebody who was never in the group
 * @throws RpcError 400 CHAT_ID_INVALID for a group that does not exist or that the actor was never in
 */
export async function changeGroup(
  deps: GroupChangeDeps,
  name: string,
  acting: Acting & { named?: readonly bigint[]; opened?: readonly bigint[]; mayEnter?: boolean },
  change: (group: GroupChange) => Promise<void>,
): Promise<GroupOutcome> {
  const { actorId, chatId, named = [], opened = [], mayEnter = false } = acting;
  const peerId = markPeer({ _: 'peerChat', chat_id: chatId });
  const find = async (tx: Tx): Promise<FoundGroup> => {
    const ids = [...new Set([actorId, ...named])];
    const [[row], members, namedRows] = await Promise.all([
      findChatRows(tx, [chatId]),
      listMembers(tx, chatId),
      findChatMembers(tx, ids.map((userId) => ({ id: chatId, userId }))),
    ]);
    const found = new Map(namedRows.map((member) => [member.user_id, member]));
    if (row === undefined || !(mayEnter || found.has(actorId))) throw rpcError('CHAT_ID_INVALID');
    return { row, members, named: found };
  };
  // Read before the transaction, which must not wait for another connection while it holds locks.
  const chargeNotice = await deps.sendLimits.openNotices(actorId);
  const ownersOf = ({ members }: FoundGroup): bigint[] => [peerId, actorId, ...named, ...opened, ...members.map((member) => member.user_id)];
  return deps.writeFoundBoxes(name, { find, ownersOf, gates: [peerId, ...opened.filter((id) => id < 0n)] }, async (tx, boxes, date, found) => {
    const group = new GroupChange(deps, { tx, boxes, date }, acting, { ...found, chargeNotice });
    await change(group);
    return group.save();
  });
}

/** One change of a basic group, with the boxes of all its members open. Messages are written at once, everything else by {@link GroupChange.save}. */
export class GroupChange implements OpenBoxes {
  readonly tx: Tx;
  readonly boxes: Boxes;
  readonly date: number;
  readonly peerId: bigint;
  readonly #deps: GroupChangeDeps;
  readonly #acting: Acting;
  readonly #found: FoundGroup & { chargeNotice: ChargeNotice };
  readonly #changes: Partial<Omit<ChatRow, 'chat_id'>> = {};
  readonly #saved = new Map<bigint, ChatMemberRow>();
  readonly #updates: tl.Update[] = [];
  readonly #links = new Map<bigint, tl.ExportedChatInvite>();
  #notice: MessageRow | undefined;

  constructor(deps: GroupChangeDeps, { tx, boxes, date }: OpenBoxes, acting: Acting, found: FoundGroup & { chargeNotice: ChargeNotice }) {
    this.tx = tx;
    this.boxes = boxes;
    this.date = date;
    this.peerId = markPeer({ _: 'peerChat', chat_id: acting.chatId });
    this.#deps = deps;
    this.#acting = acting;
    this.#found = found;
  }

  /** The group, with what was changed so far. */
  get row(): ChatRow {
    return { ...this.#found.row, ...this.#changes };
  }

  /** Everybody who is in the group, with what was changed so far. */
  get members(): ChatMemberRow[] {
    const rows = new Map(this.#found.members.map((member) => [member.user_id, member]));
    for (const [id, member] of this.#saved) rows.set(id, member);
    return [...rows.values()].filter((member) => member.status === 'member');
  }

  /** The ids of everybody who is in the group. */
  get memberIds(): bigint[] {
    return this.members.map((member) => member.user_id);
  }

  /** The row of the actor or of somebody else whom the change names; undefined if they were never in the group. */
  memberOf(userId: bigint): ChatMemberRow | undefined {
    return this.#saved.get(userId) ?? this.#found.named.get(userId);
  }

  /** The row of the actor, who is or was in the group. */
  get actor(): ChatMemberRow {
    // `changeGroup` refuses whoever has none, unless the actor may enter.
    return this.memberOf(this.#acting.actorId)!;
  }

  /** Checks a right of the actor. @throws RpcError CHAT_WRITE_FORBIDDEN, CHAT_ADMIN_REQUIRED and the other errors of {@link checkRight} */
  check(action: ChatAction): void {
    checkRight(this.standing, action);
  }

  /** The actor's standing, which decides what the actor may do. */
  get standing(): Standing {
    return standingIn(this.row, this.memberOf(this.#acting.actorId), this.date);
  }

  /** Whether the actor has a right. */
  may(action: ChatAction): boolean {
    return mayDo(this.standing, action);
  }

  /** Changes columns of the group. */
  set(changes: Partial<Omit<ChatRow, 'chat_id' | 'version' | 'members' | 'bots'>>): void {
    Object.assign(this.#changes, changes);
  }

  /** Changes or adds members, as one change. @returns the new version of the group, which the update about it carries (rule P20, group versions) */
  setMembers(...members: ChatMemberRow[]): number {
    for (const member of members) this.#saved.set(member.user_id, member);
    return this.nextVersion();
  }

  /** Notes by which link somebody comes into the group by this change, for the bots that are told of it. */
  noteLink(userId: bigint, link: tl.ExportedChatInvite): void {
    this.#links.set(userId, link);
  }

  /** Counts a change of members, admins or default rights (rule P20, group versions). @returns the new version */
  nextVersion(): number {
    this.#changes.version = this.row.version + 1;
    const { members } = this;
    this.#changes.members = members.length;
    this.#changes.bots = countBots(members);
    return this.#changes.version;
  }

  /** Sends an update without pts to all devices of these users. It counts for no quota; {@link GroupChange.announce} does. */
  tell(userIds: readonly bigint[], update: tl.Update): void {
    const { actorId, origin } = this.#acting;
    for (const userId of userIds) {
      this.boxes.addLoose(userId, this.date, userId === actorId ? origin : undefined, [update]);
      if (userId === actorId) this.#updates.push(update);
    }
  }

  /**
   * Tells all members of a change that adds no service message. It counts for the quota of the actor as if it added one, because it writes as much.
   * @throws RpcError 420 FLOOD_WAIT_%d
   */
  async announce(update: tl.Update): Promise<void> {
    await this.#charge();
    this.tell(this.memberIds, update);
  }

  /** The update with the whole list of members. */
  projectParticipants(): tl.updateChatParticipants {
    return { _: 'updateChatParticipants', participants: projectChatParticipants(this.row, this.memberIds[0] ?? 0n, this.members) };
  }

  /**
   * Adds a service message that says what happened. It counts for the quota of whoever did it.
   * @param userIds whose boxes get it; the actor may have left before
   * @throws RpcError 420 FLOOD_WAIT_%d
   */
  async say(action: tl.MessageAction, userIds: readonly bigint[], saying: Saying = {}): Promise<void> {
    if (saying.isFree !== true) await this.#charge(saying.authorId);
    await this.#addNotice(action, userIds, saying);
  }

  /** Same as {@link say}, for what must not fail because of a quota: if the quota is used up, no message is added. */
  async sayIfRoom(action: tl.MessageAction, userIds: readonly bigint[], saying: Omit<Saying, 'isFree'> = {}): Promise<void> {
    if ((await this.#findWait(saying.authorId)) === 0) await this.#addNotice(action, userIds, saying);
  }

  async #charge(userId?: bigint): Promise<void> {
    await refuseWait(this.#findWait(userId));
  }

  #findWait(userId = this.#acting.actorId): Wait {
    return this.#found.chargeNotice(userId, this.peerId);
  }

  async #addNotice(action: tl.MessageAction, userIds: readonly bigint[], { expires = true, authorId = this.#acting.actorId }: Saying): Promise<void> {
    const { actorId } = this.#acting;
    const origin = authorId === actorId ? this.#acting.origin : undefined;
    const isTold = userIds.includes(authorId);
    const places = placesInChat(authorId, this.peerId, userIds).filter((place) => !place.isOwn || isTold);
    const extra = packMessageExtra({ action });
    const row = await addNotice(this, this.#deps.random, { authorId, places, extra, expires, origin });
    if (!isTold || authorId !== actorId) return;
    this.#notice = row;
    this.#updates.push({ _: 'updateNewMessage', message: projectMessage(row), pts: row.pts, pts_count: 1 });
  }

  /** Tells the admins who may let people in, after the commit, how many ask for it. */
  announceRequests(): void {
    announceRequests(this.tx, this.#deps.requestNotices, this.peerId);
  }

  /**
   * Updates links and requests after members have changed: a member who left frees a place of the link by which they came, a new or removed member has no
   * pending request any more, and the links of a removed user are revoked.
   */
  async #settleEntrances(): Promise<void> {
    const before = new Map(this.#found.members.map((member) => [member.user_id, member]));
    const changed = [...this.#saved.values()].filter((member) => (member.status === 'member') !== before.has(member.user_id));
    if (changed.length === 0) return;
    const goneIds = changed.filter((member) => member.status !== 'member').map((member) => member.user_id);
    const answeredIds = changed.filter((member) => member.status !== 'left').map((member) => member.user_id);
    endUnaccepted(this.tx, this.peerId, goneIds, this.date);
    if ((await settleEntrances(this.tx, this.peerId, { goneIds, answeredIds })) > 0) this.announceRequests();
    await revokeInvitesOf(this.tx, this.peerId, changed.filter((member) => member.status === 'banned').map((member) => member.user_id));
  }

  /** Writes the changed rows, and drops them from the caches after the commit. */
  async save(): Promise<GroupOutcome> {
    const { chatId } = this.#acting;
    const saved = [...this.#saved.values()];
    // Registered before the boxes publish, because the group is sent along with the published updates.
    this.tx.afterCommit(() => this.#deps.chats.chatChanged(this.peerId, saved.map((member) => member.user_id)));
    if (Object.keys(this.#changes).length > 0) await updateChat(this.tx, chatId, this.#changes);
    await Promise.all([saveChatMembers(this.tx, saved), this.#settleEntrances()]);
    const { tx, date, members, row: { bots } } = this;
    await tellBotsOfMembers({ tx, date, chatId, actorId: this.#acting.actorId, members, bots, links: this.#links }, this.#found.members, saved);
    return { updates: this.#updates, notice: this.#notice };
  }
}
