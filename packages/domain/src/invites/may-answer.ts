import { unmarkPeer } from '@aerogram/cluster';
import type { Queries } from '@aerogram/storage';

import { findChannelMembers, findChannelRows, findChatMembers, findChatRows, mayDo, standingIn } from '../chats/index.ts';
import { listRecentRequestsOf } from './request-store.ts';

/** How long a bot may write to somebody who asks to be let in, in seconds (https://core.telegram.org/bots/api#chatjoinrequest). */
const ANSWERED_S = 300;

/**
 * Whether a bot may write to a person because the person has just asked to be let in to a group or channel where the bot may approve that, and nobody has decided yet.
 * @param nowDate in unix seconds
 */
export async function mayAnswerRequest(reader: Pick<Queries, 'run'>, { botId, userId, nowDate }: { botId: bigint; userId: bigint; nowDate: number }): Promise<boolean> {
  const peers = (await listRecentRequestsOf(reader, userId, nowDate - ANSWERED_S)).map((id) => unmarkPeer(id));
  if (peers.length === 0) return false;
  const channelIds = peers.flatMap((peer) => (peer._ === 'peerChannel' ? [peer.channel_id] : []));
  const chatIds = peers.flatMap((peer) => (peer._ === 'peerChat' ? [peer.chat_id] : []));
  const pairsOf = (ids: bigint[]): { id: bigint; userId: bigint }[] => ids.map((id) => ({ id, userId: botId }));
  const [channels, ofChannels, chats, ofChats] = await Promise.all([
    findChannelRows(reader, channelIds),
    findChannelMembers(reader, pairsOf(channelIds)),
    findChatRows(reader, chatIds),
    findChatMembers(reader, pairsOf(chatIds)),
  ]);
  return (
    channels.some((row) => mayDo(standingIn(row, ofChannels.find((member) => member.channel_id === row.channel_id), nowDate), 'manage_invites')) ||
    chats.some((row) => mayDo(standingIn(row, ofChats.find((member) => member.chat_id === row.chat_id), nowDate), 'manage_invites'))
  );
}
