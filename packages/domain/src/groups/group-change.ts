import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import {
  type ChatAction,
  type ChatMemberRow,
  type ChatRow,
  type Chats,
  checkRight,
  findChatMembers,
  findChatRows,
  listMembers,
  projectChatParticipants,
  saveChatMembers,
  standingIn,
  updateChat,
} from '../chats/index.ts';
import { type Boxes, type BoxWriter, type MessageRow, type OpenBoxes, type Origin, packMessageExtra } from '../events/index.ts';
import { addNotice, placesInChat, projectMessage } from '../messages/index.ts';

/** What changes of groups are built from. */
export interface GroupChangeDeps extends Pick<BoxWriter, 'writeFoundBoxes'> {
  random: Random;
  chats: Pick<Chats, 'chatChanged'>;
}

/** The person who changes a group, and the group. */
export interface Acting {
  actorId: bigint;
  /** As TL has it, not marked. */
  chatId: bigint;
  /** The session of the call if its answer brings what happens; without it, that session gets the updates pushed, too. */
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

/**
 * Runs a transaction that changes a basic group. Its counter and those of all members are locked, so that changes of the group and messages in it happen
 * one after the other.
 * @param acting.named users whose rows are read and whose boxes are opened even if they are not members; the actor always is
 * @throws RpcError 400 CHAT_ID_INVALID for a group that does not exist or that the actor was never in
 */
export function changeGroup(
  deps: GroupChangeDeps,
  name: string,
  acting: Acting & { named?: readonly bigint[] },
  change: (group: GroupChange) => Promise<void>,
): Promise<GroupOutcome> {
  const { actorId, chatId, named = [] } = acting;
  const peerId = markPeer({ _: 'peerChat', chat_id: chatId });
  const find = async (tx: Tx): Promise<FoundGroup> => {
    const ids = [...new Set([actorId, ...named])];
    const [[row], members, namedRows] = await Promise.all([
      findChatRows(tx, [chatId]),
      listMembers(tx, chatId),
      findChatMembers(tx, ids.map((userId) => ({ id: chatId, userId }))),
    ]);
    const found = new Map(namedRows.map((member) => [member.user_id, member]));
    if (row === undefined || !found.has(actorId)) throw rpcError('CHAT_ID_INVALID');
    return { row, members, named: found };
  };
  const ownersOf = ({ members }: FoundGroup): bigint[] => [peerId, actorId, ...named, ...members.map((member) => member.user_id)];
  return deps.writeFoundBoxes(name, { find, ownersOf }, async (tx, boxes, date, found) => {
    const group = new GroupChange(deps, { tx, boxes, date }, acting, found);
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
  readonly #found: FoundGroup;
  readonly #changes: Partial<Omit<ChatRow, 'chat_id'>> = {};
  readonly #saved = new Map<bigint, ChatMemberRow>();
  readonly #updates: tl.Update[] = [];
  #notice: MessageRow | undefined;

  constructor(deps: GroupChangeDeps, { tx, boxes, date }: OpenBoxes, acting: Acting, found: FoundGroup) {
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

  /** The row of the actor. */
  get actor(): ChatMemberRow {
    // `changeGroup` refuses whoever has none.
    return this.memberOf(this.#acting.actorId)!;
  }

  /** Checks a right of the actor. @throws RpcError CHAT_WRITE_FORBIDDEN, CHAT_ADMIN_REQUIRED and the other errors of {@link checkRight} */
  check(action: ChatAction): void {
    checkRight(standingIn(this.row, this.actor, this.date), action);
  }

  /** Changes columns of the group. */
  set(changes: Partial<Omit<ChatRow, 'chat_id' | 'version' | 'members'>>): void {
    Object.assign(this.#changes, changes);
  }

  /** Changes or adds members, as one change. @returns the new version of the group, which the update about it carries (rule P20) */
  setMembers(...members: ChatMemberRow[]): number {
    for (const member of members) this.#saved.set(member.user_id, member);
    return this.nextVersion();
  }

  /** Counts a change of members, admins or default rights (rule P20). @returns the new version */
  nextVersion(): number {
    this.#changes.version = this.row.version + 1;
    this.#changes.members = this.members.length;
    return this.#changes.version;
  }

  /** Sends an update without pts to all devices of these users. */
  tell(userIds: readonly bigint[], update: tl.Update): void {
    const { actorId, origin } = this.#acting;
    for (const userId of userIds) {
      this.boxes.addLoose(userId, this.date, userId === actorId ? origin : undefined, [update]);
      if (userId === actorId) this.#updates.push(update);
    }
  }

  /** The update with the whole list of members. */
  projectParticipants(): tl.updateChatParticipants {
    return { _: 'updateChatParticipants', participants: projectChatParticipants(this.row, this.memberIds[0] ?? 0n, this.members) };
  }

  /** Adds a service message that says what happened. @param userIds whose boxes get it; the actor may have left before */
  async say(action: tl.MessageAction, userIds: readonly bigint[]): Promise<void> {
    const { actorId, origin } = this.#acting;
    const isTold = userIds.includes(actorId);
    const places = placesInChat(actorId, this.peerId, userIds).filter((place) => !place.isOwn || isTold);
    const extra = packMessageExtra({ action });
    const row = await addNotice(this, this.#deps.random, { authorId: actorId, places, extra, expires: true, origin });
    if (!isTold) return;
    this.#notice = row;
    this.#updates.push({ _: 'updateNewMessage', message: projectMessage(row), pts: row.pts, pts_count: 1 });
  }

  /** Writes the changed rows, and drops them from the caches after the commit. */
  async save(): Promise<GroupOutcome> {
    const { chatId } = this.#acting;
    const saved = [...this.#saved.values()];
    // Registered before the boxes publish, because the group is sent along with the published updates.
    this.tx.afterCommit(() => this.#deps.chats.chatChanged(this.peerId, saved.map((member) => member.user_id)));
    if (Object.keys(this.#changes).length > 0) await updateChat(this.tx, chatId, this.#changes);
    await saveChatMembers(this.tx, saved);
    return { updates: this.#updates, notice: this.#notice };
  }
}
