import { markPeer, unmarkPeer } from '@aerogram/cluster';
import type { Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** A basic group as stored. */
export type ChatRow = Selectable<Tables['chats']>;

/** Somebody who is or was in a basic group. Only those with `status` `member` are in it now. */
export type ChatMemberRow = Selectable<Tables['chat_members']>;

/** A supergroup, gigagroup or broadcast channel as stored, with the number of its members as of when it was read. */
export type ChannelRow = Selectable<Tables['channels']> & { members: number };

/** Somebody who is or was in a channel. Only those with `status` `member` are in it now. */
export type ChannelMemberRow = Selectable<Tables['channel_members']>;

/** Bits of `channels.flags`; stored, so a bit once given keeps its meaning for ever. */
export const ChannelFlag = {
  /** Posts of a broadcast show who wrote them. */
  signatures: 1,
  /** They also link to the profile of the author. */
  signatureProfiles: 1 << 1,
  joinToSend: 1 << 2,
  joinRequest: 1 << 3,
  noforwards: 1 << 4,
  /** New members do not see what was written before they came. */
  hiddenPrehistory: 1 << 5,
  participantsHidden: 1 << 6,
  /** The channel is gone; its row stays, so that its id keeps its meaning. */
  deleted: 1 << 7,
} as const;

/** What kind of group or channel it is. */
export type ChatKind = 'chat' | ChannelRow['kind'];

/** Whether a row is that of a basic group. */
export function isChatRow(row: ChatRow | ChannelRow): row is ChatRow {
  return 'chat_id' in row;
}

/** The kind of a group or channel. Pure. */
export function kindOf(row: ChatRow | ChannelRow): ChatKind {
  return isChatRow(row) ? 'chat' : row.kind;
}

/** The marked id of a group or channel. Pure. */
export function markedIdOf(row: ChatRow | ChannelRow): bigint {
  return markPeer(isChatRow(row) ? { _: 'peerChat', chat_id: row.chat_id } : { _: 'peerChannel', channel_id: row.channel_id });
}

/** The ids of basic groups and of channels among marked ids, as TL has them; users are left out. Pure. */
export function splitMarkedIds(markedIds: Iterable<bigint>): { chatIds: bigint[]; channelIds: bigint[] } {
  const chatIds: bigint[] = [];
  const channelIds: bigint[] = [];
  for (const marked of markedIds) {
    if (marked >= 0n) continue;
    const peer = unmarkPeer(marked);
    if (peer._ === 'peerChat') chatIds.push(peer.chat_id);
    if (peer._ === 'peerChannel') channelIds.push(peer.channel_id);
  }
  return { chatIds, channelIds };
}
