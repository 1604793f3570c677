import type { Database } from '@aerogram/storage';

import { listMessagesAt } from '../events/index.ts';
import { PeerSet } from '../peers/index.ts';
import { inBatches } from '../shared/index.ts';
import { projectMessage } from './project-message.ts';

/** A peer that a message of a dialog may mention; all ids are marked. */
export interface Naming {
  viewerId: bigint;
  /** The dialog. */
  peerId: bigint;
  msgId: number;
  namedId: bigint;
}

/** Maximum number of messages that are read at once: projecting as many of the longest ones takes some milliseconds. */
const MOST_AT_ONCE = 32;

/**
 * Creates the check whether the viewer has this message in that dialog and the message mentions the peer. One request may contain hundreds of
 * such references, so all requests together share one statement at a time.
 */
export function createNamesPeer(db: Pick<Database, 'run'>): (naming: Naming) => Promise<boolean> {
  return inBatches(async (namings) => {
    const keyOf = (owner: bigint, msgId: number): string => `${owner}:${msgId}`;
    const places = new Map(namings.map(({ viewerId, msgId }) => [keyOf(viewerId, msgId), { owner: viewerId, msgId }]));
    const named = new Map<string, { peerId: bigint; peers: PeerSet }>();
    for (const row of await listMessagesAt(db, [...places.values()])) {
      const peers = new PeerSet();
      peers.addObject(projectMessage(row));
      named.set(keyOf(row.owner_id, row.msg_id), { peerId: row.peer_id, peers });
    }
    return namings.map(({ viewerId, peerId, msgId, namedId }) => {
      const found = named.get(keyOf(viewerId, msgId));
      return found !== undefined && found.peerId === peerId && found.peers.has(namedId);
    });
  }, MOST_AT_ONCE);
}
