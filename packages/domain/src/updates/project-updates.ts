import type { tl } from '@aerogram/tl';

import type { BoxEvent } from '../events/index.ts';
import { type MessagingDeps, projectMessage } from '../messages/index.ts';
import type { NamedPeers, PeerSet } from '../peers/index.ts';

/** The TL update that the owner's devices get for an event. Pure. */
export function projectEvent(event: BoxEvent): tl.Update {
  if (event.kind === 'update') return event.update;
  return {
    _: event.kind === 'new_message' ? 'updateNewMessage' : 'updateEditMessage',
    message: projectMessage(event.message),
    pts: event.pts,
    pts_count: event.ptsCount,
  };
}

/**
 * Messages to oneself count as read when they arrive. Returns the read update to append if some of `updates` bring such messages. It is
 * sent along with the message, is not stored, and takes no pts. Pure.
 */
export function projectSavedRead(owner: bigint, updates: readonly tl.Update[]): tl.updateReadHistoryOutbox | undefined {
  let read: tl.updateReadHistoryOutbox | undefined;
  for (const update of updates) {
    if (update._ !== 'updateNewMessage' || update.message._ === 'messageEmpty') continue;
    const { id, peer_id: peer } = update.message;
    if (peer._ !== 'peerUser' || peer.user_id !== owner || id <= (read?.max_id ?? 0)) continue;
    read = { _: 'updateReadHistoryOutbox', peer, max_id: id, pts: update.pts, pts_count: 0 };
  }
  return read;
}

/**
 * Adds the peers that an event mentions. A message without `extra` mentions peers only in its columns, so its TL object need not be
 * searched.
 */
export function addEventPeers(peers: PeerSet, event: BoxEvent, update: tl.Update): void {
  if (event.kind === 'update') {
    peers.addObject(update);
    return;
  }
  peers.addMessage(event.message);
  if (event.message.extra !== null) peers.addObject(update);
}

/**
 * Replaces the lists of members of groups that have ended for the viewer, or have become supergroups, by what the full view of the group says: that the list
 * is not available. A device that was away gets such a list late, together with the group as it is now, and would show members of a group that has none. Pure.
 */
export function hideEndedLists(updates: tl.Update[], chats: readonly tl.Chat[]): tl.Update[] {
  if (!updates.some(({ _ }) => _ === 'updateChatParticipants')) return updates;
  const ended = new Set(chats.filter((chat) => chat._ === 'chatForbidden' || (chat._ === 'chat' && (chat.deactivated === true || chat.left === true))).map(({ id }) => id));
  return updates.map((update) => {
    if (update._ !== 'updateChatParticipants' || !ended.has(update.participants.chat_id)) return update;
    return { _: 'updateChatParticipants', participants: { _: 'chatParticipantsForbidden', chat_id: update.participants.chat_id } };
  });
}

/**
 * Wraps updates into an `updates` container with every peer they mention. Synchronous if nothing has to be read for them. `seq` is always 0 (rule
 * P14).
 */
export function projectContainer(
  projector: Pick<MessagingDeps, 'projectKnownPeers' | 'projectPeers' | 'messageFiller'>,
  viewerId: bigint,
  { updates, peers }: { updates: tl.Update[]; peers: PeerSet },
  date: number,
): tl.updates | Promise<tl.updates> {
  const known = projector.projectKnownPeers(viewerId, peers);
  const savedRead = projectSavedRead(viewerId, updates);
  const all = savedRead === undefined ? updates : [...updates, savedRead];
  const around = ({ users, chats }: NamedPeers): tl.updates => ({ _: 'updates', updates: hideEndedLists(all, chats), users, chats, date, seq: 0 });
  const filling = projector.messageFiller.fillUpdates(updates, { viewerId, named: peers });
  // Filling may have added peers, so all of them are projected afterwards.
  if (filling !== undefined) return filling.then(async () => around(projector.projectKnownPeers(viewerId, peers) ?? (await projector.projectPeers(viewerId, peers))));
  return known ? around(known) : projector.projectPeers(viewerId, peers).then(around);
}
