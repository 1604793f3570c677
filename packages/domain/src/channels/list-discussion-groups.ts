import { type Chats, isChatRow, isForum, mayDo, standingIn } from '../chats/index.ts';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { listFollowedChats } from '../dialogs/index.ts';

/** Maximum number of chats among which one answer looks for groups. */
const CHATS_MAX = 1000;

/** The dependencies of {@link listDiscussionGroups}. */
export interface DiscussionGroupsDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  chats: Pick<Chats, 'findRows' | 'findMember'>;
}

/**
 * Lists the groups that a viewer can make discussion groups: supergroups without a channel and without topics in which the viewer has the right to it, also those with a hidden
 * history, which clients show first, and basic groups, of which clients make supergroups first.
 * @returns marked ids
 */
export async function listDiscussionGroups({ db, clock, chats }: DiscussionGroupsDeps, viewerId: bigint): Promise<bigint[]> {
  const rows = await chats.findRows(await listFollowedChats(db.q, viewerId, CHATS_MAX));
  const nowDate = clock.now();
  const found = await Promise.all(
    [...rows].map(async ([peerId, row]): Promise<bigint[]> => {
      if (!isChatRow(row) && (row.kind !== 'megagroup' || row.linked_chat_id !== null || isForum(row))) return [];
      const member = await chats.findMember(peerId, viewerId);
      return mayDo(standingIn(row, member, nowDate), isChatRow(row) ? 'migrate' : 'link_discussion') ? [peerId] : [];
    }),
  );
  return found.flat();
}
