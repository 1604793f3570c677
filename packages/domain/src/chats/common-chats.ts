import { unmarkPeer } from '@aerogram/cluster';
import { defineStatement } from '@aerogram/storage';

import type { Reader } from './chat-store.ts';
import { AdminRight } from './right-bits.ts';

// What somebody is in follows from their own dialogs, so no index by user is needed. Both joins stay within one chat. Only admins learn that an
// anonymous admin is in a supergroup.
const listCommon = defineStatement<{ peer_id: bigint }>(
  'list_common_chats',
  `SELECT d.peer_id FROM dialogs d
     JOIN chats c ON c.chat_id = -d.peer_id AND NOT c.deactivated
     JOIN chat_members m ON m.chat_id = c.chat_id AND m.user_id = $1 AND m.status = 'member'
     JOIN chat_members o ON o.chat_id = c.chat_id AND o.user_id = $2 AND o.status = 'member'
    WHERE d.owner_id = $1 AND d.peer_id < 0 AND d.peer_id > -1000000000000
    UNION ALL
   SELECT d.peer_id FROM dialogs d
     JOIN channels c ON c.channel_id = -1000000000000 - d.peer_id AND c.kind <> 'broadcast'
     JOIN channel_members m ON m.channel_id = c.channel_id AND m.user_id = $1 AND m.status = 'member'
     JOIN channel_members o ON o.channel_id = c.channel_id AND o.user_id = $2 AND o.status = 'member'
          AND (o.role = 'member' OR o.admin_rights & ${AdminRight.anonymous} = 0 OR m.role <> 'member')
    WHERE d.owner_id = $1 AND d.peer_id < -1000000000000`,
);

/** A group, by its marked id and as TL has it. */
export interface CommonChat {
  markedId: bigint;
  id: bigint;
}

/** The groups and supergroups that two people are in, the highest id first. */
export async function listCommonChats(reader: Reader, viewerId: bigint, userId: bigint): Promise<CommonChat[]> {
  const { rows } = await reader.run(listCommon, [viewerId, userId]);
  const chats = rows.map(({ peer_id: markedId }) => ({ markedId, id: idOf(markedId) }));
  return chats.sort((a, b) => (a.id > b.id ? -1 : 1));
}

function idOf(markedId: bigint): bigint {
  const peer = unmarkPeer(markedId);
  if (peer._ === 'peerUser') throw new Error(`${markedId} is no group`);
  return peer._ === 'peerChat' ? peer.chat_id : peer.channel_id;
}
