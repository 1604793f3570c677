import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { defineJobKind, defineStatement, type JobKind, jsonCodec, type Queries } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { isUnaccepted } from '../acceptance/index.ts';
import { ALL_ADMIN_RIGHTS, AdminRight, type ChannelMemberRow, findChannelMembers } from '../chats/index.ts';
import type { UserRow } from '../peers/index.ts';
import { type Acting, changeChannel, type ChannelChange, type ChannelChangeDeps } from '../channel-state/index.ts';

const findNext = defineStatement<{ user_id: bigint }>(
  'find_channel_heir',
  `SELECT m.user_id FROM channel_members m JOIN users u ON u.user_id = m.user_id AND NOT u.deleted AND NOT u.bot
    WHERE m.channel_id = $1 AND m.user_id <> $2 AND m.status = 'member' AND m.role = 'admin'
      AND NOT EXISTS (SELECT FROM unaccepted_places AS p WHERE p.owner_id = m.user_id AND p.peer_id = ${-CHANNEL_OFFSET} - m.channel_id AND p.ended_date IS NULL AND NOT p.adder_known)
    ORDER BY m.date, m.user_id LIMIT 1`,
);

/**
 * The member who becomes the owner of a channel when the owner leaves: of the admins, the one who has been in the channel for the longest time. Nobody who was
 * added by a stranger and has not accepted that.
 * Undefined if the channel has no other admin; it then has no owner until the old one comes back.
 */
export async function findChannelHeir(reader: Pick<Queries, 'run'>, channelId: bigint, ownerId: bigint): Promise<bigint | undefined> {
  const { rows } = await reader.run(findNext, [channelId, ownerId]);
  return rows[0]?.user_id;
}

/** All rights, without anonymity unless the member has chosen it. */
export function ownerRights({ admin_rights }: ChannelMemberRow): number {
  return (ALL_ADMIN_RIGHTS & ~AdminRight.anonymous) | (admin_rights & AdminRight.anonymous);
}

/** The row of a member who becomes the owner. The owner has no restrictions. */
export function asOwner(member: ChannelMemberRow): ChannelMemberRow {
  return { ...member, role: 'creator', admin_rights: ownerRights(member), banned_rights: 0, until_date: 0, banned_by: null, promoted_by: null };
}

/**
 * Makes another member the owner; the old one becomes an admin with all rights. The caller checks the password before. A repeat changes nothing.
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED, USER_ID_INVALID (a bot, or oneself), USER_NOT_PARTICIPANT, INPUT_USER_DEACTIVATED, 403 USER_PRIVACY_RESTRICTED (a stranger
 * has added the member, who has not accepted that), 420 FLOOD_WAIT_%d
 */
export async function transferChannel(channel: ChannelChange, { actorId }: Acting, { user_id: userId, bot, deleted }: UserRow): Promise<tl.Update[]> {
  const actor = channel.memberOf(actorId);
  if (channel.row.creator_id === userId && actor?.status === 'member' && userId !== actorId) return [];
  channel.check('transfer');
  if (bot || userId === actorId) throw rpcError('USER_ID_INVALID');
  if (deleted) throw rpcError('INPUT_USER_DEACTIVATED');
  const target = channel.memberOf(userId);
  if (target?.status !== 'member') throw rpcError('USER_NOT_PARTICIPANT');
  // Nobody becomes responsible for a channel without having agreed to be in it.
  if (await isUnaccepted(channel.tx, userId, channel.peerId)) throw rpcError('USER_PRIVACY_RESTRICTED');
  await channel.charge();
  channel.set({ creator_id: userId });
  channel.setMember(asOwner(target));
  channel.setMember({ ...actor!, role: 'admin', admin_rights: ownerRights(actor!), promoted_by: userId });
  return [channel.tellChannelChanged([actorId, userId])];
}

/**
 * Whether a service message may say who becomes the owner in whose place: subscribers of a broadcast channel do not know its admins, and members of a
 * group do not know the anonymous ones.
 */
export async function maySayOwners({ tx, row }: ChannelChange, userIds: readonly bigint[]): Promise<boolean> {
  if (row.kind === 'broadcast') return false;
  const members = await findChannelMembers(tx, userIds.map((userId) => ({ id: row.channel_id, userId })));
  return members.every((member) => (member.admin_rights & AdminRight.anonymous) === 0);
}

/** What happens to the channels of an owner who has left. */
export interface ChannelHandOver {
  /**
   * Announces who becomes the owner unless the old one, who has just left, comes back in time, and orders it. Nothing is announced if the members may
   * not know these people. Does nothing if there is no other admin.
   */
  announce(channel: ChannelChange, ownerId: bigint): Promise<void>;
  readonly jobKind: JobKind;
}

/** Who left, and when, in unix seconds. */
interface Absence {
  channelId: bigint;
  leftDate: number;
}

/**
 * Creates the handing over of channels.
 * @param waitS how long an owner who has left may come back, in seconds
 */
export function createChannelHandOver(deps: ChannelChangeDeps, waitS: number): ChannelHandOver {
  const jobKind = defineJobKind<Absence>({
    kind: 'hand-over-channel',
    codec: jsonCodec(),
    clockNeed: 'steady',
    async run({ channelId, leftDate }, { ownerId, db, signal }) {
      for (;;) {
        signal.throwIfAborted();
        // The box of the next owner must be opened before the channel is locked. If the next owner is somebody else by then, the loop tries again.
        const heirId = await findChannelHeir(db, channelId, ownerId);
        if (heirId === undefined) return;
        const acting = { actorId: ownerId, origin: undefined };
        const isDone = await changeChannel(deps, { name: 'hand-over-channel', channelId, acting }, { opened: [heirId] }, async (channel) => {
          const old = channel.memberOf(ownerId);
          const cameBack = old?.status === 'member' || (old?.status === 'left' && old.date !== leftDate);
          if (channel.row.creator_id !== ownerId || channel.standing.closed || cameBack) return true;
          if ((await findChannelHeir(channel.tx, channelId, ownerId)) !== heirId) return false;
          channel.set({ creator_id: heirId });
          channel.setMember(asOwner(channel.memberOf(heirId)!));
          if (await maySayOwners(channel, [ownerId, heirId])) await channel.say({ _: 'messageActionChangeCreator', new_creator_id: heirId }, { isFree: true });
          channel.tellChannelChanged([heirId]);
          return true;
        });
        if (isDone) return;
      }
    },
  });
  return {
    jobKind,
    async announce(channel, ownerId) {
      const { tx, date, row } = channel;
      const heirId = await findChannelHeir(tx, row.channel_id, ownerId);
      if (heirId === undefined) return;
      if (waitS > 0 && (await maySayOwners(channel, [ownerId, heirId]))) await channel.sayIfRoom({ _: 'messageActionNewCreatorPending', new_creator_id: heirId });
      await tx.job(jobKind.order(ownerId, { channelId: row.channel_id, leftDate: date }, (date + waitS) * 1000));
    },
  };
}
