import { isMarkedChat } from '@aerogram/cluster';
import type { Database } from '@aerogram/storage';

import { findChatRows } from '../chats/index.ts';
import { findDialogs } from '../dialogs/index.ts';
import { findMessages } from './find-messages.ts';
import { chatIdOf } from './places.ts';
import type { ForwardSource } from './prepare-forward.ts';

/** Finds messages of the owner's box that the owner wants to forward or to reply to in another chat. @param peerId marked peer of their dialog */
export async function findForwardSource(
  db: Pick<Database, 'q' | 'run'>,
  { ownerId, peerId }: { ownerId: bigint; peerId: bigint },
  msgIds: readonly number[],
): Promise<ForwardSource> {
  const [found, isProtected] = await Promise.all([findMessages(db.q, ownerId, msgIds), isContentProtected(db, ownerId, peerId)]);
  return { rows: new Map([...found].filter(([, row]) => row.peer_id === peerId)), isProtected };
}

/** Whether the messages of a dialog must not be forwarded. */
async function isContentProtected(db: Pick<Database, 'q' | 'run'>, ownerId: bigint, peerId: bigint): Promise<boolean> {
  if (isMarkedChat(peerId)) {
    const [chat] = await findChatRows(db, [chatIdOf(peerId)]);
    return chat?.noforwards === true;
  }
  const [dialog] = await findDialogs(db.q, ownerId, [peerId]);
  return dialog !== undefined && dialog.protected_by !== 0;
}
