import { markPeer } from '@aerogram/cluster';

import type { FindReadId } from '../channel-posts/index.ts';
import { type Chats, isChatRow } from '../chats/index.ts';
import type { Users } from '../users/index.ts';
import type { ChannelMembersDoor } from './channel-members-door.ts';

/** The dependencies of {@link createFindReadId}. */
interface ReadIdDeps {
  chats: Pick<Chats, 'findMember' | 'findRow'>;
  users: Pick<Users, 'findRow'>;
  /** Asks a channel, which may be kept in another data centre. */
  mayRead(channelId: bigint, userId: bigint): ReturnType<ChannelMembersDoor['mayRead']>;
}

/** Creates the question to the channel of a discussion group. For members of the group, and for groups without a channel, nothing is read but caches. */
export function createFindReadId({ chats, users, mayRead }: ReadIdDeps): FindReadId {
  return async (userId, groupId) => {
    const peerId = markPeer({ _: 'peerChannel', channel_id: groupId });
    const row = await chats.findRow(peerId);
    const channelId = row === undefined || isChatRow(row) || row.kind === 'broadcast' ? null : row.linked_chat_id;
    if (channelId === null || (await chats.findMember(peerId, userId))?.status === 'member') return undefined;
    if ((await users.findRow(userId))?.bot === true) return undefined;
    return (await mayRead(channelId, userId)) ? channelId : undefined;
  };
}
