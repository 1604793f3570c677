import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { storedDecode } from '@aerogram/tl-compat';

import { findMessages } from '../messages/find-messages.ts';
import { projectMessage } from '../messages/project-message.ts';
import type { MessagingDeps } from '../messaging-deps.ts';
import { PeerSet } from '../updates/closure.ts';
import type { DialogRow } from './list-dialogs.ts';

/** Dialogs with their top messages and everyone they name. */
export interface DialogsWithPeers {
  dialogs: tl.dialog[];
  messages: tl.Message[];
  chats: tl.Chat[];
  users: tl.User[];
}

/** The dialog as its owner sees it. Pure. */
export function projectDialog(row: DialogRow, settings: tl.PeerNotifySettings): tl.dialog {
  return {
    _: 'dialog',
    pinned: row.pinned_order > 0 ? true : undefined,
    unread_mark: row.unread_mark ? true : undefined,
    peer: unmarkPeer(row.peer_id),
    top_message: row.top_msg_id,
    read_inbox_max_id: row.read_inbox_max_id,
    read_outbox_max_id: row.read_outbox_max_id,
    unread_count: row.unread_count,
    unread_mentions_count: 0,
    unread_reactions_count: 0,
    unread_poll_votes_count: 0,
    notify_settings: settings,
    draft: projectDraft(row),
    folder_id: row.folder_id === 0 ? undefined : row.folder_id,
  };
}

/** What was typed and not sent; undefined where nothing was. */
export function projectDraft(row: DialogRow): tl.draftMessage | undefined {
  // What draft-store writes is a draftMessage.
  return row.draft === null ? undefined : (storedDecode(row.draft) as tl.draftMessage);
}

/**
 * Dialogs as an answer: each has its top message with it (PROTOCOL-RULES 19).
 * @param keepEmpty also dialogs without a message, for clients that asked for just these peers
 */
export async function projectDialogs(
  deps: MessagingDeps,
  ownerId: bigint,
  rows: readonly DialogRow[],
  keepEmpty: boolean,
): Promise<DialogsWithPeers> {
  const [tops, settings] = await Promise.all([
    findMessages(deps.db.q, ownerId, rows.map((row) => row.top_msg_id).filter((id) => id > 0)),
    deps.notifications.findPeerSettings(ownerId, rows.map((row) => row.peer_id)),
  ]);
  const peers = new PeerSet();
  const dialogs: tl.dialog[] = [];
  const messages: tl.Message[] = [];
  for (const row of rows) {
    const top = tops.get(row.top_msg_id);
    // Deleted since the dialogs were read: the push of the deletion is on its way.
    if (top === undefined && !keepEmpty) continue;
    const dialog = projectDialog(top === undefined ? { ...row, top_msg_id: 0 } : row, settings.get(row.peer_id) ?? { _: 'peerNotifySettings' });
    dialogs.push(dialog);
    peers.add(row.peer_id);
    peers.addObject(dialog.draft);
    if (top === undefined) continue;
    const message = projectMessage(top);
    messages.push(message);
    peers.addMessage(top);
    if (top.extra !== null) peers.addObject(message);
  }
  return { dialogs, messages, chats: [], users: await deps.users.projectUsers(ownerId, peers.users) };
}
