import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { type Database, defineJobKind, type JobKind, jsonCodec, type Queries, type Tx } from '@aerogram/storage';

import { findGiven, listGiven } from '../acceptance/index.ts';
import type { Groups } from '../groups/index.ts';
import type { Channels } from './channels.ts';

/** Maximum number of places that one job leaves. */
const BATCH = 20;

/**
 * How people leave the groups and channels to which somebody has added them whom they block or report, and which they have not accepted there. Places of adders
 * who are not shown are left only if the places themselves are reported, because otherwise people would find out the adder by blocking one suspect after the other.
 */
export interface LeavePlaces {
  /** Orders it in the transaction in which the owner blocks these people. */
  order(tx: Tx, ownerId: bigint, adderIds: readonly bigint[]): Promise<void>;
  /** Orders it for somebody whom the owner has reported. */
  doLeaveThoseOf(ownerId: bigint, adderId: bigint): Promise<void>;
  /** Orders it for the one who has added the owner to a group or channel that the owner has reported. Does nothing if the owner has accepted that place there. */
  doLeaveThoseLike(ownerId: bigint, peerId: bigint): Promise<void>;
  readonly jobKind: JobKind;
}

/** Creates the leaving of places. */
export function createLeavePlaces({ db, groups, channels }: { db: Database; groups: Pick<Groups, 'doLeaveUnaccepted'>; channels: Pick<Channels, 'at'> }): LeavePlaces {
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
  const listOf = async (reader: Pick<Queries, 'run'>, ownerId: bigint, adderIds: readonly bigint[]): Promise<bigint[]> => {
    const adders = new Set(adderIds);
    return (await listGiven(reader, [ownerId])).filter((place) => adders.has(place.adder_id) && !place.adder_hidden).map((place) => place.peer_id);
  };
  const order = async (tx: Tx, ownerId: bigint, adderIds: readonly bigint[]): Promise<void> => {
    const peerIds = await listOf(tx, ownerId, adderIds);
    for (let from = 0; from < peerIds.length; from += BATCH) await tx.job(jobKind.order(ownerId, { peerIds: peerIds.slice(from, from + BATCH) }));
  };
  const doLeaveThoseOf = (ownerId: bigint, adderId: bigint): Promise<void> => db.transact('order-leaving-places', (tx) => order(tx, ownerId, [adderId]));
  return {
    jobKind,
    order,
    doLeaveThoseOf,
    async doLeaveThoseLike(ownerId, peerId) {
      const place = await findGiven(db, { ownerId, peerId });
      // The other places of an adder who is not shown would tell who it is.
      if (place?.adder_hidden === true) await db.transact('order-leaving-place', (tx) => tx.job(jobKind.order(ownerId, { peerIds: [peerId] })));
      else if (place !== undefined) await doLeaveThoseOf(ownerId, place.adder_id);
    },
  };
}
