import type { tl } from '@aerogram/tl';

import type { MessageRow } from '../events/index.ts';
import { PeerSet } from '../peers/index.ts';
import { inBatches } from '../shared/index.ts';

/** A peer that a message may name; all ids are marked. */
export interface Naming {
  /** In whose box the message is: a user, or the channel itself. */
  ownerId: bigint;
  /** The dialog. */
  peerId: bigint;
  msgId: number;
  namedId: bigint;
}

/** How messages are read and shown. */
export interface NamingMessages<Row extends MessageRow> {
  /** Lists those of these messages that exist. */
  list(places: readonly { owner: bigint; msgId: number }[]): Promise<readonly Row[]>;
  project(row: Row): tl.Message;
}

/** Maximum number of messages that are read at once: projecting as many of the longest ones takes some milliseconds. */
const MOST_AT_ONCE = 32;

/**
 * Creates the check whether a box has this message in that dialog and the message names the peer. One request may contain hundreds of such
 * references, so all requests together share one statement at a time. Whether the caller may see the message is checked before.
 */
export function createNamesPeer<Row extends MessageRow>({ list, project }: NamingMessages<Row>): (naming: Naming) => Promise<boolean> {
  return inBatches(async (namings) => {
    const keyOf = (owner: bigint, msgId: number): string => `${owner}:${msgId}`;
    const places = new Map(namings.map(({ ownerId, msgId }) => [keyOf(ownerId, msgId), { owner: ownerId, msgId }]));
    const named = new Map<string, { peerId: bigint; peers: PeerSet }>();
    for (const row of await list([...places.values()])) {
      const peers = new PeerSet();
      peers.addObject(project(row));
      named.set(keyOf(row.owner_id, row.msg_id), { peerId: row.peer_id, peers });
    }
    return namings.map(({ ownerId, peerId, msgId, namedId }) => {
      const found = named.get(keyOf(ownerId, msgId));
      return found !== undefined && found.peerId === peerId && found.peers.has(namedId);
    });
  }, MOST_AT_ONCE);
}
