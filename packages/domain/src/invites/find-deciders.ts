import { unmarkPeer } from '@aerogram/cluster';
import type { Queries } from '@aerogram/storage';

import { type ChannelMemberRow, type ChatMemberRow, findChannelRows, findChatRows, listChannelAdmins, listMembers, mayDo, standingIn } from '../chats/index.ts';

/** Finds the members who may approve join requests of a group or channel now, bots included. @param peerId marked */
export async function findDeciders(reader: Pick<Queries, 'run'>, peerId: bigint, nowDate: number): Promise<(ChannelMemberRow | ChatMemberRow)[]> {
  const peer = unmarkPeer(peerId);
  if (peer._ === 'peerUser') return [];
  const [[row], members] = await (peer._ === 'peerChannel'
    ? Promise.all([findChannelRows(reader, [peer.channel_id]), listChannelAdmins(reader, peer.channel_id)])
    : Promise.all([findChatRows(reader, [peer.chat_id]), listMembers(reader, peer.chat_id)]));
  if (row === undefined) return [];
  return members.filter((member) => mayDo(standingIn(row, member, nowDate), 'manage_invites'));
}
