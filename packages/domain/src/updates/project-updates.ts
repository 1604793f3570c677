import type { tl } from '@aerogram/tl';

import type { BoxEvent } from '../events/index.ts';
import { projectMessage } from '../messages/index.ts';
import type { PeerSet } from '../peers/index.ts';

/** What the projectors need of the users subject. */
export interface UserProjector {
  /** Each of `ids` once, as `viewerId` sees them. */
  projectUsers(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]>;
  /** The same at once; undefined when something must be read. */
  projectKnownUsers(viewerId: bigint, ids: readonly bigint[]): tl.User[] | undefined;
}

/** The event as its owner's devices get it. Pure. */
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
 * Says that messages to oneself are read, where some of these updates bring such messages: they are read when they arrive.
 * It is said with the message and stored nowhere, and takes no pts. Pure.
 * @returns the update to add behind them
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

/** Adds the peers that an event names. Plain messages name them in their columns, so nothing has to be walked. */
export function addEventPeers(peers: PeerSet, event: BoxEvent, update: tl.Update): void {
  if (event.kind === 'update') {
    peers.addObject(update);
    return;
  }
  peers.addMessage(event.message);
  if (event.message.extra !== null) peers.addObject(update);
}

/** An `updates` container around some updates, with every peer they name; at once, where nothing must be read. `seq` is always 0 (rule P14). */
export function projectContainer(
  users: UserProjector,
  viewerId: bigint,
  updates: tl.Update[],
  peers: PeerSet,
  date: number,
): tl.updates | Promise<tl.updates> {
  const ids = peers.users;
  const known = users.projectKnownUsers(viewerId, ids);
  const savedRead = projectSavedRead(viewerId, updates);
  const all = savedRead === undefined ? updates : [...updates, savedRead];
  const around = (found: tl.User[]): tl.updates => ({ _: 'updates', updates: all, users: found, chats: [], date, seq: 0 });
  return known ? around(known) : users.projectUsers(viewerId, ids).then(around);
}
