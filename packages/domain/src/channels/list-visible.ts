import type { Database } from '@aerogram/storage';

import { type ChannelMemberRow, type ChannelRow, type Chats, hiddenUpTo, isChatRow } from '../chats/index.ts';
import { listFollowedChannels } from '../dialogs/index.ts';

/** Maximum number of channels that one search covers. */
const CHANNELS_MAX = 1000;

/** A channel whose messages a viewer may see. */
export interface VisibleChannel {
  /** Marked. */
  peerId: bigint;
  row: ChannelRow;
  /** The first id that the viewer may see. */
  startId: number;
}

/** The dependencies of {@link listVisibleChannels}. */
export interface VisibleChannelsDeps {
  db: Database;
  chats: Pick<Chats, 'findRows' | 'findMember'>;
}

/**
 * Lists the channels that a viewer is a member of.
 * @param folderId only those in this folder of the chat list; undefined for all
 */
export async function listVisibleChannels({ db, chats }: VisibleChannelsDeps, viewerId: bigint, folderId: number | undefined): Promise<VisibleChannel[]> {
  const followed = await listFollowedChannels(db, viewerId, CHANNELS_MAX, folderId);
  const peerIds = followed.map(({ peerId }) => peerId);
  const rows = await chats.findRows(peerIds);
  const members = await Promise.all(peerIds.map((peerId) => chats.findMember(peerId, viewerId)));
  return peerIds.flatMap((peerId, at): VisibleChannel[] => {
    const row = rows.get(peerId);
    // By the marked id of a channel only members of channels are found.
    const member = members[at] as ChannelMemberRow | undefined;
    return row === undefined || isChatRow(row) || member?.status !== 'member' ? [] : [{ peerId, row, startId: hiddenUpTo(row, member) + 1 }];
  });
}
