import type { tl } from '@aerogram/tl';

import { projectMessage } from '../messages/project-message.ts';
import type { BoxEvent } from './box-event.ts';
import type { PeerSet } from './closure.ts';

/** What the projectors need of the users subject. */
export interface UserProjector {
  /** Each of `ids` once, as `viewerId` sees them. */
  projectUsers(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]>;
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

/** Adds the peers that an event names. Plain messages name them in their columns, so nothing has to be walked. */
export function addEventPeers(peers: PeerSet, event: BoxEvent, update: tl.Update): void {
  if (event.kind === 'update') {
    peers.addObject(update);
    return;
  }
  peers.addMessage(event.message);
  if (event.message.extra !== null) peers.addObject(update);
}

/** An `updates` container around some updates, with every peer they name. `seq` is always 0 (PROTOCOL-RULES 14). */
export async function projectContainer(
  users: UserProjector,
  viewerId: bigint,
  updates: tl.Update[],
  peers: PeerSet,
  date: number,
): Promise<tl.updates> {
  return { _: 'updates', updates, users: await users.projectUsers(viewerId, peers.users), chats: [], date, seq: 0 };
}
