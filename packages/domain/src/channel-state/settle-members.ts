import { endUnaccepted } from '../acceptance/index.ts';
import type { ChannelMemberRow } from '../chats/index.ts';
import type { OpenBoxes } from '../events/index.ts';
import { settleEntrances } from '../invites/index.ts';
import { orderUnseenAgain } from '../messages/index.ts';

/** The change of a channel whose members changed. */
interface MembersChange extends Pick<OpenBoxes, 'tx' | 'date'> {
  peerId: bigint;
  announceRequests(): void;
  revokeLinksOf(userIds: readonly bigint[]): Promise<void>;
}

/**
 * Updates what depends on who is a member after members have changed: a member who left frees a place of the link by which they came and has no place to accept
 * any more, a new or banned member has no pending request any more, and the links of a banned user are revoked. A new member is told of what came while they were away.
 * @param before the rows of members before the change
 */
export async function settleMembers(channel: MembersChange, before: ReadonlyMap<bigint, ChannelMemberRow>, saved: readonly ChannelMemberRow[]): Promise<void> {
  const { tx, peerId, date } = channel;
  const changed = saved.filter((member) => member.status !== (before.get(member.user_id)?.status ?? 'left'));
  if (changed.length === 0) return;
  const goneIds = changed.filter((member) => before.get(member.user_id)?.status === 'member').map((member) => member.user_id);
  const answeredIds = changed.filter((member) => member.status !== 'left').map((member) => member.user_id);
  endUnaccepted(tx, peerId, goneIds, date);
  const newIds = changed.filter((member) => member.status === 'member').map((member) => member.user_id);
  const [settled] = await Promise.all([settleEntrances(tx, peerId, { goneIds, answeredIds }), orderUnseenAgain(tx, peerId, newIds)]);
  if (settled > 0) channel.announceRequests();
  await channel.revokeLinksOf(changed.filter((member) => member.status === 'banned').map((member) => member.user_id));
}
