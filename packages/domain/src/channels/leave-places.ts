import type { JobKind, Tx } from '@aerogram/storage';

import { findLastGiven, listGiven } from '../acceptance/index.ts';
import type { Groups } from '../groups/index.ts';
import type { Channels } from './channels.ts';
import { createLeaveJob } from './leave-job.ts';

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
  const job = createLeaveJob('leave-places', {
    leaveChannel: (userId, channelId) => channels.at(channelId).members.doLeaveUnaccepted(userId),
    leaveGroup: (userId, chatId) => groups.doLeaveUnaccepted({ actorId: userId, chatId, origin: undefined }),
  });
  return {
    jobKind: job.jobKind,
    order: async (tx, ownerId, blamedIds) => job.order(tx, ownerId, { peerIds: await listBlamed(tx, ownerId, blamedIds), batch: BATCH }),
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
