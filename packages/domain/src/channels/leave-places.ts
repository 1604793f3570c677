import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';

import { findLastGiven, listGiven } from '../acceptance/index.ts';
import type { Groups } from '../groups/index.ts';
import type { Channels } from './channels.ts';

/** Maximum number of places that one job leaves. */
const BATCH = 20;

/**
 * How people leave the groups and channels to which somebody has added them whom they block or report, and which they have not accepted there. Places of adders
 * who are not shown are left only if the places themselves are reported, because otherwise people would find out the adder by blocking one suspect after the other.
 */
export interface LeavePlaces {
  /**
   * Orders it in the transaction in which the owner blocks or reports somebody.
   * @param blamedIds people; or groups and channels, by marked id, which stand for those who have added the owner to them. Accepted ones stand for nobody
   */
  order(tx: Tx, ownerId: bigint, blamedIds: readonly bigint[]): Promise<void>;
  readonly jobKind: JobKind;
}

/** Creates the leaving of places. */
export function createLeavePlaces({ groups, channels }: { groups: Pick<Groups, 'doLeaveUnaccepted'>; channels: Pick<Channels, 'at'> }): LeavePlaces {
  const leave = async (userId: bigint, peerId: bigint): Promise<void> => {
    const peer = unmarkPeer(peerId);
    if (peer._ === 'peerChannel') return channels.at(peer.channel_id).members.doLeaveUnaccepted(userId);
    if (peer._ !== 'peerChat') return;
    const migratedTo = await groups.doLeaveUnaccepted({ actorId: userId, chatId: peer.chat_id, origin: undefined });
    // The group may have become a supergroup after the places were listed.
    if (migratedTo !== undefined) await leave(userId, markPeer({ _: 'peerChannel', channel_id: migratedTo }));
  };
  // Leaving again changes nothing, so a retry may begin from the start.
  const jobKind = defineJobKind<{ peerIds: bigint[] }>({
    kind: 'leave-places',
    codec: jsonCodec(),
    async run({ peerIds }, { ownerId, signal }) {
      for (const peerId of peerIds) {
        signal.throwIfAborted();
        await leave(ownerId, peerId);
      }
    },
  });
  return {
    jobKind,
    async order(tx, ownerId, blamedIds) {
      const peerIds = await listBlamed(tx, ownerId, blamedIds);
      for (let from = 0; from < peerIds.length; from += BATCH) await tx.job(jobKind.order(ownerId, { peerIds: peerIds.slice(from, from + BATCH) }));
    },
  };
}

/** Lists the places to leave, by marked id. */
async function listBlamed(tx: Tx, ownerId: bigint, blamedIds: readonly bigint[]): Promise<bigint[]> {
  const blamed = new Set(blamedIds);
  for (const peerId of blamedIds.filter((id) => id < 0n)) {
    // The owner may have left that one before reporting it.
    const place = await findLastGiven(tx, { ownerId, peerId });
    if (place?.adder_hidden === false) blamed.add(place.adder_id);
  }
  const places = await listGiven(tx, [ownerId]);
  return places.filter((place) => blamed.has(place.adder_hidden ? place.peer_id : place.adder_id)).map((place) => place.peer_id);
}
