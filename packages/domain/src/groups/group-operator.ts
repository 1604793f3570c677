import { rpcError } from '@aerogram/errors';
import { type Database, defineStatement, type JobKind, type NewJob } from '@aerogram/storage';

import { findChatRows, removeOperatorSettings } from '../chats/index.ts';
import type { BoxWriter } from '../events/index.ts';
import type { createInvitePurge } from '../invites/index.ts';
import type { Clearing } from './clear-group.ts';
import { changeGroup, type GroupChange, type GroupChangeDeps } from './group-change.ts';
import { findHeir, findLivingIds } from './hand-over.ts';
import { setPhoto } from './set-photo.ts';

/** What the operator of the server does in basic groups, whatever rights anybody has there. */
export interface GroupOperator {
  /**
   * Deletes a group, and its messages in the boxes of all present and former members, in the background. Of a group that became a supergroup only the
   * messages are deleted. A repeat does no harm.
   * @throws RpcError 400 CHAT_ID_INVALID
   */
  doDelete(chatId: bigint): Promise<void>;
  /**
   * Makes a member the creator. The old one becomes an admin if they are still there. A repeat changes nothing.
   * @param userId undefined if the creator is gone: the next admin becomes it, or else the member who has been there for the longest time
   * @returns the creator from now on; undefined if nobody can become it
   * @throws RpcError 400 CHAT_ID_INVALID, USER_NOT_PARTICIPANT
   */
  doGive(chatId: bigint, userId: bigint | undefined): Promise<bigint | undefined>;
}

/** The dependencies of what operators do in basic groups. */
export interface GroupOperatorDeps extends GroupChangeDeps, Pick<BoxWriter, 'writeFoundBoxes'> {
  db: Database;
}

const listOwners = defineStatement<{ user_id: bigint }>('list_group_boxes', 'SELECT user_id FROM chat_members WHERE chat_id = $1 ORDER BY user_id');

/** Creates what the operator does in basic groups. */
export function createGroupOperator(deps: GroupOperatorDeps, clearJob: JobKind & { order(ownerId: bigint, clearing: Clearing): NewJob }, invitePurge: ReturnType<typeof createInvitePurge>): GroupOperator {
  /** The creator acts: the row of a group always names one, whether they are still there or not. */
  const change = async (name: string, chatId: bigint, run: (group: GroupChange, creatorId: bigint) => Promise<boolean>): Promise<void> => {
    for (let isDone = false; !isDone; ) {
      const [row] = await findChatRows(deps.db, [chatId]);
      if (row === undefined) throw rpcError('CHAT_ID_INVALID');
      await changeGroup(deps, name, { actorId: row.creator_id, chatId, origin: undefined }, async (group) => {
        isDone = group.row.creator_id === row.creator_id && (await run(group, row.creator_id));
      });
    }
  };
  return {
    doDelete: (chatId) =>
      change('operator-delete-group', chatId, async (group) => {
        const before = group.members;
        await setPhoto(group, undefined);
        if (!group.row.deactivated) {
          group.set({ deactivated: true });
          group.setMembers(...before.map((member) => ({ ...member, status: 'banned' as const, date: group.date })));
          group.tell(before.map((member) => member.user_id), { _: 'updateChatParticipants', participants: { _: 'chatParticipantsForbidden', chat_id: chatId } });
        }
        if (group.row.migrated_to === null) await removeOperatorSettings(group.tx, group.peerId, false);
        await group.tx.job(invitePurge.order(group.row.creator_id, { peerId: group.peerId }));
        const { rows } = await group.tx.run(listOwners, [chatId]);
        for (const { user_id: ownerId } of rows) await group.tx.job(clearJob.order(ownerId, { peerId: group.peerId, authorId: null, untilDate: null }));
        return true;
      }),
    async doGive(chatId, userId) {
      let given: bigint | undefined;
      await change('operator-give-group', chatId, async (group, creatorId) => {
        if (group.row.deactivated) throw rpcError('CHAT_ID_INVALID');
        const target = userId === undefined ? await findRescuer(group, creatorId) : group.members.find((member) => member.user_id === userId);
        if (target === undefined && userId !== undefined) throw rpcError('USER_NOT_PARTICIPANT');
        given = target?.user_id;
        if (target === undefined || target.user_id === creatorId) return true;
        const old = group.members.find((member) => member.user_id === creatorId);
        group.set({ creator_id: target.user_id });
        group.setMembers({ ...target, role: 'creator' }, ...(old === undefined ? [] : [{ ...old, role: 'admin' as const }]));
        group.tell(group.memberIds, group.projectParticipants());
        await group.say({ _: 'messageActionChangeCreator', new_creator_id: target.user_id }, group.memberIds, { isFree: true });
        return true;
      });
      return given;
    },
  };
}

/**
 * The creator, if they are still there. Otherwise the member who gets the group: an admin, if there is one; of several the one who has been there for the
 * longest time.
 */
async function findRescuer(group: GroupChange, creatorId: bigint): Promise<ReturnType<GroupChange['memberOf']>> {
  const { members } = group;
  const living = await findLivingIds(group.tx, members.map((member) => member.user_id));
  const creator = members.find((member) => member.user_id === creatorId);
  if (creator !== undefined && living.has(creatorId)) return creator;
  const heir = await findHeir(group.tx, members, creatorId);
  if (heir !== undefined) return heir;
  const others = members.filter((member) => member.user_id !== creatorId && living.has(member.user_id));
  return others.toSorted((a, b) => a.date - b.date || (a.user_id < b.user_id ? -1 : 1))[0];
}
