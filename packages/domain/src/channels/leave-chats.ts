import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { defineJobKind, defineStatement, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';

import type { Groups } from '../groups/index.ts';
import type { Channels } from './channels.ts';

/** Maximum number of chats that one job leaves. */
const BATCH = 50;

// Memberships are found by the dialogs of the user. The list also has the chats that the user asks to join, and those for which the user has made invite
// links, even if the user has left them: there the job ends the requests and revokes the links.
const listMemberships = defineStatement<{ peer_id: bigint }>(
  'list_memberships',
  `SELECT d.peer_id FROM dialogs d JOIN chat_members m ON m.chat_id = -d.peer_id AND m.user_id = $1 AND m.status = 'member'
    WHERE d.owner_id = $1 AND d.peer_id < 0 AND d.peer_id > -1000000000000
    UNION ALL
   SELECT d.peer_id FROM dialogs d JOIN channel_members m ON m.channel_id = -1000000000000 - d.peer_id AND m.user_id = $1 AND m.status = 'member'
    WHERE d.owner_id = $1 AND d.peer_id < -1000000000000
    UNION ALL
   SELECT owner_id FROM join_requests WHERE user_id = $1
    UNION
   SELECT owner_id FROM invites WHERE admin_id = $1 AND NOT revoked
    ORDER BY 1`,
);

/** How accounts that end leave their groups and channels. */
export interface LeaveChats {
  /** Orders, in the transaction that ends an account, that the account leaves all groups and channels. What it wrote there stays. */
  order(tx: Tx, userId: bigint): Promise<void>;
  readonly jobKind: JobKind;
}

/** Creates the leaving of all chats. */
export function createLeaveChats({ groups, channels }: { groups: Pick<Groups, 'doEndMembership' | 'invitesOf'>; channels: Pick<Channels, 'at'> }): LeaveChats {
  const leave = async (userId: bigint, peerId: bigint): Promise<void> => {
    const peer = unmarkPeer(peerId);
    if (peer._ === 'peerChannel') {
      await channels.at(peer.channel_id).invites.doWithdraw(userId);
      return channels.at(peer.channel_id).members.doEndMembership(userId);
    }
    if (peer._ !== 'peerChat') return;
    await groups.invitesOf(peer.chat_id).doWithdraw(userId);
    const migratedTo = await groups.doEndMembership({ actorId: userId, chatId: peer.chat_id, origin: undefined });
    // The group may have become a supergroup after the chats were listed.
    if (migratedTo !== undefined) await leave(userId, markPeer({ _: 'peerChannel', channel_id: migratedTo }));
  };
  // Leaving again changes nothing, so a retry may begin from the start.
  const jobKind = defineJobKind<{ peerIds: bigint[] }>({
    kind: 'leave-chats',
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
    async order(tx, userId) {
      const { rows } = await tx.run(listMemberships, [userId]);
      const peerIds = rows.map((row) => row.peer_id);
      for (let from = 0; from < peerIds.length; from += BATCH) await tx.job(jobKind.order(userId, { peerIds: peerIds.slice(from, from + BATCH) }));
    },
  };
}
