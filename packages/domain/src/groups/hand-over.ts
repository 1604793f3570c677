import { markPeer } from '@aerogram/cluster';
import { defineJobKind, defineStatement, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';

import { findUnaccepted } from '../acceptance/index.ts';
import type { ChatMemberRow } from '../chats/index.ts';
import { type Acting, changeGroup, type GroupChange, type GroupChangeDeps } from './group-change.ts';

const findLiving = defineStatement<{ user_id: bigint }>(
  'find_living_people',
  'SELECT user_id FROM users WHERE user_id = ANY ($1::bigint[]) AND NOT deleted AND NOT bot',
);

/**
 * The member who becomes the creator when the creator leaves: of the admins, the one who has been in the group for the longest time. Undefined if
 * the group has no other admin; it then has no creator until the old one comes back. Nobody who was added by a stranger and has not accepted that.
 */
export async function findHeir(tx: Tx, members: readonly ChatMemberRow[], creatorId: bigint): Promise<ChatMemberRow | undefined> {
  const admins = members.filter((member) => member.status === 'member' && member.role === 'admin' && member.user_id !== creatorId);
  if (admins.length === 0) return undefined;
  const places = admins.map((member) => ({ ownerId: member.user_id, peerId: markPeer({ _: 'peerChat', chat_id: member.chat_id }) }));
  const [living, unaccepted] = await Promise.all([findLivingIds(tx, places.map((place) => place.ownerId)), findUnaccepted(tx, places)]);
  const unasked = new Set(unaccepted.map((place) => place.owner_id));
  const candidates = admins.filter((member) => living.has(member.user_id) && !unasked.has(member.user_id));
  return candidates.toSorted((a, b) => a.date - b.date || (a.user_id < b.user_id ? -1 : 1))[0];
}

/** Those of these users who are people with an account. */
export async function findLivingIds(tx: Tx, userIds: readonly bigint[]): Promise<ReadonlySet<bigint>> {
  const { rows } = await tx.run(findLiving, [userIds]);
  return new Set(rows.map((row) => row.user_id));
}

/** What happens to the groups of a creator who has left. */
export interface HandOver {
  /**
   * Announces who becomes the creator unless the old one, who has just left, comes back in time, and orders it. Does nothing if there is no
   * other admin.
   */
  announce(group: GroupChange, acting: Acting): Promise<void>;
  readonly jobKind: JobKind;
}

/** Who left, and when, in unix seconds. */
interface Absence {
  chatId: bigint;
  leftDate: number;
}

/**
 * Creates the handing over of basic groups.
 * @param waitS how long a creator who has left may come back, in seconds
 */
export function createHandOver(deps: GroupChangeDeps, waitS: number): HandOver {
  const jobKind = defineJobKind<Absence>({
    kind: 'hand-over-group',
    codec: jsonCodec(),
    clockNeed: 'steady',
    async run({ chatId, leftDate }, { ownerId }) {
      await changeGroup(deps, 'hand-over-group', { actorId: ownerId, chatId, origin: undefined }, async (group) => {
        const { row, actor } = group;
        const cameBack = actor.status === 'member' || (actor.status === 'left' && actor.date !== leftDate);
        if (row.creator_id === ownerId && !row.deactivated && !cameBack) await handOver(group, ownerId);
      });
    },
  });
  return {
    jobKind,
    async announce(group, { actorId, chatId }) {
      const heir = await findHeir(group.tx, group.members, actorId);
      if (heir === undefined) return;
      if (waitS === 0) return handOver(group, actorId);
      await group.sayIfRoom({ _: 'messageActionNewCreatorPending', new_creator_id: heir.user_id }, group.memberIds);
      await group.tx.job(jobKind.order(actorId, { chatId, leftDate: group.date }, (group.date + waitS) * 1000));
    },
  };
}

/** Makes the next admin the creator of a group that its creator has left. Does nothing if there is none. */
async function handOver(group: GroupChange, creatorId: bigint): Promise<void> {
  const heir = await findHeir(group.tx, group.members, creatorId);
  if (heir === undefined) return;
  group.set({ creator_id: heir.user_id });
  group.setMembers({ ...heir, role: 'creator' });
  group.tell(group.memberIds, group.projectParticipants());
  await group.say({ _: 'messageActionChangeCreator', new_creator_id: heir.user_id }, group.memberIds, { isFree: true });
}
